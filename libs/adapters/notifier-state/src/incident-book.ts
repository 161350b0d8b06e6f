import { hashOf, hasCode, PipelineError, type EpochMs } from '@handoff/contracts';
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
  /** Notes an end that only the state store can apply; absent in that one. */
  noteEnd?(end: SeenEnd): Promise<void>;
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
const endsFolder = `${folder}ends/`;
const pathOf = (id: string): string => `${folder}${id.replaceAll('|', '-')}.json`;

const isEnd = (path: string): boolean => path.startsWith(endsFolder);

/** An incident that was noted while there was no state store. */
export interface NotedIncident {
  /** Under which its book keeps it. */
  readonly key: string;
  readonly incident: Incident;
  /** False for one that had ended when its signature opened another. */
  readonly isNewest: boolean;
}

/** A subject that was seen to be right again while only the state store could know what it was an incident of. */
export interface SeenEnd {
  readonly cause: string;
  readonly subject: string;
  readonly at: EpochMs;
}

/** All that a book has noted. */
export interface Noted {
  readonly incidents: readonly NotedIncident[];
  readonly ends: readonly (SeenEnd & { readonly key: string })[];
}

/** A book for the time in which there is no state store, whose incidents and ends go to that one afterwards. */
export interface InterimBook extends IncidentBook {
  noted(): Promise<Noted>;
  /** Notes an end; of one subject the last. */
  noteEnd(end: SeenEnd): Promise<void>;
  forget(key: string): Promise<void>;
}

const endKey = ({ cause, subject }: SeenEnd): string => hashOf(`${cause}|${subject}`).slice(0, 32);

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
    for (const [id, incident] of writes) await this.#put(pathOf(id), incident);
    return result;
  }

  async read(id: string): Promise<Incident | undefined> {
    return this.#file<Incident>(pathOf(id));
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

  async noted(): Promise<Noted> {
    const paths = await this.#paths();
    return { incidents: await this.#incidents(paths), ends: await this.#read<SeenEnd, Noted['ends'][number]>(paths.filter(isEnd), (key, end) => ({ ...end, key })) };
  }

  async noteEnd(end: SeenEnd): Promise<void> {
    await this.#put(`${endsFolder}${endKey(end)}.json`, end);
  }

  async forget(key: string): Promise<void> {
    await this.#objects.delete(key);
  }

  async #newest(): Promise<readonly Incident[]> {
    return (await this.#incidents(await this.#paths())).filter(({ isNewest }) => isNewest).map(({ incident }) => incident);
  }

  #incidents(paths: readonly string[]): Promise<readonly NotedIncident[]> {
    return this.#read<Incident, NotedIncident>(paths.filter((path) => !isEnd(path)), (key, incident) => ({ key, incident, isNewest: key === pathOf(incident.id) }));
  }

  async #paths(): Promise<readonly string[]> {
    return (await this.#objects.list(folder)).map(({ path }) => path);
  }

  async #read<Content, Found>(paths: readonly string[], found: (path: string, content: Content) => Found): Promise<readonly Found[]> {
    const files = await Promise.all(paths.map(async (path) => ({ path, content: await this.#file<Content>(path) })));
    return files.flatMap(({ path, content }) => (content === undefined ? [] : [found(path, content)]));
  }

  async #put(path: string, content: Incident | SeenEnd): Promise<void> {
    await this.#objects.put(path, Buffer.from(JSON.stringify(content)), { contentType: 'application/json' });
  }

  async #file<Content>(path: string): Promise<Content | undefined> {
    try {
      return JSON.parse(Buffer.from(await this.#objects.get(path)).toString('utf8')) as Content;
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
  readonly #ends = new Map<string, SeenEnd>();

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

  noted(): Promise<Noted> {
    const incidents = [...this.#incidents].map(([key, incident]) => ({ key, incident, isNewest: key === incident.id }));
    return Promise.resolve({ incidents, ends: [...this.#ends].map(([key, end]) => ({ ...end, key })) });
  }

  noteEnd(end: SeenEnd): Promise<void> {
    this.#ends.set(`end ${endKey(end)}`, end);
    return Promise.resolve();
  }

  forget(key: string): Promise<void> {
    this.#incidents.delete(key);
    this.#ends.delete(key);
    return Promise.resolve();
  }

  #newest(): readonly Incident[] {
    return [...this.#incidents].filter(([key, { id }]) => key === id).map(([, incident]) => incident);
  }

  get isEmpty(): boolean {
    return this.#incidents.size === 0 && this.#ends.size === 0;
  }
}

/** True for what another try in the same breath may not meet again. */
export const isPassing = (error: unknown): boolean => error instanceof PipelineError && error.disposition === 'retry';
