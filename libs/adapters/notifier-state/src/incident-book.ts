import { hasCode, PipelineError, type EpochMs } from '@handoff/contracts';
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
  /** Open ones, and those that have ended since an instant. */
  recent(since: EpochMs): Promise<readonly Incident[]>;
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

  async recent(since: EpochMs): Promise<readonly Incident[]> {
    return [...(await this.open()), ...(await this.#where('resolvedAt', '>', since))];
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

  /** Without those that are kept under another name, since their signature has a newer one. */
  async #where(field: string, operator: '==' | '>', value: number | null): Promise<readonly Incident[]> {
    const found = await this.#state.query<IncidentDocument>({ collection, where: [{ field, operator, value }] });
    return found.filter(({ ref, value: { id } }) => ref.id === id).map(({ value: incident }) => incident);
  }
}

const folder = 'incidents/';
const pathOf = (id: string): string => `${folder}${id.replaceAll('|', '-')}.json`;

/** An incident that was noted while there was no state store. */
export interface NotedIncident {
  /** Under which its book keeps it. */
  readonly key: string;
  readonly incident: Incident;
  /** False for one that had ended when its signature opened another. */
  readonly isNewest: boolean;
}

/** A book for the time in which there is no state store, whose incidents go to that one afterwards. */
export interface InterimBook extends IncidentBook {
  noted(): Promise<readonly NotedIncident[]>;
  forget(key: string): Promise<void>;
}

/**
 * Incidents as files, for the time in which there is no state store. Files know no transaction: two instances that alert in
 * the same moment may both be the first, which costs a notice and loses none.
 */
export class ObjectBook implements InterimBook {
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
    return (await this.#newest()).filter(isOpen);
  }

  async recent(since: EpochMs): Promise<readonly Incident[]> {
    return (await this.#newest()).filter((incident) => incident.resolvedAt === null || incident.resolvedAt > since);
  }

  async pending(): Promise<readonly Incident[]> {
    return (await this.#newest()).filter((incident) => incident.tellFrom !== null || isOpen(incident));
  }

  async noted(): Promise<readonly NotedIncident[]> {
    const listed = await this.#objects.list(folder);
    const found = await Promise.all(listed.map(async ({ path }) => ({ path, incident: await this.#file(path) })));
    return found.flatMap(({ path, incident }) => (incident === undefined ? [] : [{ key: path, incident, isNewest: path === pathOf(incident.id) }]));
  }

  async forget(key: string): Promise<void> {
    await this.#objects.delete(key);
  }

  async #newest(): Promise<readonly Incident[]> {
    return (await this.noted()).filter(({ isNewest }) => isNewest).map(({ incident }) => incident);
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
export class ProcessBook implements InterimBook {
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
    return Promise.resolve(this.#newest().filter(isOpen));
  }

  recent(since: EpochMs): Promise<readonly Incident[]> {
    return Promise.resolve(this.#newest().filter((incident) => incident.resolvedAt === null || incident.resolvedAt > since));
  }

  pending(): Promise<readonly Incident[]> {
    return Promise.resolve(this.#newest());
  }

  noted(): Promise<readonly NotedIncident[]> {
    return Promise.resolve([...this.#incidents].map(([key, incident]) => ({ key, incident, isNewest: key === incident.id })));
  }

  forget(key: string): Promise<void> {
    this.#incidents.delete(key);
    return Promise.resolve();
  }

  #newest(): readonly Incident[] {
    return [...this.#incidents].filter(([key, { id }]) => key === id).map(([, incident]) => incident);
  }

  get isEmpty(): boolean {
    return this.#incidents.size === 0;
  }
}

/** True for what another try in the same breath may not meet again. */
export const isPassing = (error: unknown): boolean => error instanceof PipelineError && error.disposition === 'retry';
