import { hasCode, PipelineError } from '@handoff/contracts';
import { isOpen, type Incident } from '@handoff/incidents';
import type { ObjectStore, StateDocument, StateRef, StateStore } from '@handoff/ports';

/** What a change does: incidents by the names under which they are kept. */
export interface Changed<Result> {
  readonly writes: readonly (readonly [id: string, incident: Incident])[];
  readonly result: Result;
}

/** Where incidents are kept. */
export interface IncidentBook {
  readonly name: 'state' | 'objects' | 'process';
  /** Reads, decides and writes, again where somebody was faster. */
  change<Result>(ids: readonly string[], decide: (known: readonly (Incident | undefined)[]) => Changed<Result>): Promise<Result>;
  read(id: string): Promise<Incident | undefined>;
  open(): Promise<readonly Incident[]>;
  /** Open ones, and ended ones of which something is still to be told. */
  pending(): Promise<readonly Incident[]>;
}

type IncidentDocument = Incident & StateDocument;

const collection = 'incidents';
const refOf = (id: string): StateRef => ({ collection, id });
/** One attempt more than the alerts that a burst attaches to one incident at once, of which one wins each round, and their confirmations. */
const attemptsMax = 50;

/** Incidents in the state store, where every instance of every function sees them. */
export class StateBook implements IncidentBook {
  readonly name = 'state';
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  change<Result>(ids: readonly string[], decide: (known: readonly (Incident | undefined)[]) => Changed<Result>): Promise<Result> {
    return this.#state.transact(ids.map(refOf), (documents) => {
      const { writes, result } = decide(documents.map((document) => document?.value as IncidentDocument | undefined));
      return { writes: writes.map(([id, incident]) => ({ kind: 'set', ref: refOf(id), value: incident as IncidentDocument })), result };
    }, { attemptsMax });
  }

  async read(id: string): Promise<Incident | undefined> {
    return (await this.#state.get<IncidentDocument>(refOf(id)))?.value;
  }

  async open(): Promise<readonly Incident[]> {
    return this.#where('resolvedAt', '==', null);
  }

  async pending(): Promise<readonly Incident[]> {
    const found = new Map((await this.open()).map((incident) => [incident.id, incident]));
    for (const incident of await this.#where('tellFrom', '>', 0)) found.set(incident.id, incident);
    return [...found.values()];
  }

  /** Every incident, ended ones too, in order of opening. */
  async all(): Promise<readonly Incident[]> {
    const found = await this.#state.query<IncidentDocument>({ collection, orderBy: { field: 'openedAt', direction: 'asc' } });
    return found.map(({ value }) => value);
  }

  async #where(field: string, operator: '==' | '>', value: number | null): Promise<readonly Incident[]> {
    const found = await this.#state.query<IncidentDocument>({ collection, where: [{ field, operator, value }] });
    return found.map(({ value: incident }) => incident);
  }
}

const folder = 'incidents/';
const pathOf = (id: string): string => `${folder}${id.replaceAll('|', '-')}.json`;

/**
 * Incidents as files, for the time in which there is no state store. Files know no transaction: two instances that alert in
 * the same moment may both be the first, which costs a notice and loses none.
 */
export class ObjectBook implements IncidentBook {
  readonly name = 'objects';
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  async change<Result>(ids: readonly string[], decide: (known: readonly (Incident | undefined)[]) => Changed<Result>): Promise<Result> {
    const known = await Promise.all(ids.map((id) => this.read(id)));
    const { writes, result } = decide(known);
    for (const [id, incident] of writes) await this.#objects.put(pathOf(id), Buffer.from(JSON.stringify(incident)), { contentType: 'application/json' });
    return result;
  }

  async read(id: string): Promise<Incident | undefined> {
    return this.#file(pathOf(id));
  }

  async open(): Promise<readonly Incident[]> {
    return (await this.all()).filter(isOpen);
  }

  async pending(): Promise<readonly Incident[]> {
    return (await this.all()).filter((incident) => incident.tellFrom !== null || isOpen(incident));
  }

  async all(): Promise<readonly Incident[]> {
    const files = await this.#objects.list(folder);
    const found = await Promise.all(files.map(({ path }) => this.#file(path)));
    return found.filter((incident) => incident !== undefined);
  }

  async forget(id: string): Promise<void> {
    await this.#objects.delete(pathOf(id));
  }

  async #file(path: string): Promise<Incident | undefined> {
    try {
      return JSON.parse(Buffer.from(await this.#objects.get(path)).toString('utf8')) as Incident;
    } catch (error) {
      // A file that was cut off is as good as none: its alert is told once more.
      if (hasCode(error, 'object-not-found') || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

/** Incidents of this process alone, for the time in which there is neither state store nor object store. */
export class ProcessBook implements IncidentBook {
  readonly name = 'process';
  readonly #incidents = new Map<string, Incident>();

  change<Result>(ids: readonly string[], decide: (known: readonly (Incident | undefined)[]) => Changed<Result>): Promise<Result> {
    const { writes, result } = decide(ids.map((id) => this.#incidents.get(id)));
    for (const [id, incident] of writes) this.#incidents.set(id, incident);
    return Promise.resolve(result);
  }

  read(id: string): Promise<Incident | undefined> {
    return Promise.resolve(this.#incidents.get(id));
  }

  open(): Promise<readonly Incident[]> {
    return Promise.resolve([...this.#incidents.values()].filter(isOpen));
  }

  pending(): Promise<readonly Incident[]> {
    return Promise.resolve([...this.#incidents.values()]);
  }

  forget(id: string): void {
    this.#incidents.delete(id);
  }

  get isEmpty(): boolean {
    return this.#incidents.size === 0;
  }
}

/** True for what another try in the same breath may not meet again. */
export const isPassing = (error: unknown): boolean => error instanceof PipelineError && error.disposition === 'retry';
