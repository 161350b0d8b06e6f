import type { EpochMs } from '@handoff/contracts';
import type { Incident } from '@handoff/incidents';
import type { StateDocument, StateRef, StateStore } from '@handoff/ports';
import type { Changed, IncidentBook } from './incident-book.ts';

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
