import { hashOf, hasCode, type EpochMs } from '@handoff/contracts';
import { isOpen, type Incident } from '@handoff/incidents';
import type { ObjectStore } from '@handoff/ports';
import type { Changed, InterimBook, Noted, NotedIncident, SeenEnd } from './incident-book.ts';

const folder = 'incidents/';
const endsFolder = `${folder}ends/`;
const pathOf = (id: string): string => `${folder}${id.replaceAll('|', '-')}.json`;

const isEnd = (path: string): boolean => path.startsWith(endsFolder);

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
