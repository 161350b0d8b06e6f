import { breakerPolicies, type CircuitBreakerConfig } from '@handoff/catalogue';
import { admit, recordFailure, reset, type BreakerPolicy, type ResetReason } from '@handoff/circuit-breaker';
import { isoInstant, type EpochMs, type GameDate, type Row } from '@handoff/contracts';
import { publishWritten, type OutboxEntry } from '@handoff/outbox';
import type { Ports, StateFilter, StateQuery, VersionedDocument } from '@handoff/ports';
import { changeBreakers, changed, collection, type BreakerDocument, type Change, type Changed, type EntityName } from './breaker-documents.ts';
import { tellChanges } from './breaker-open.ts';
import { attemptEntry } from './reprocess-attempts.ts';

export type EntityPorts = Pick<Ports, 'state' | 'notifier' | 'clock' | 'log' | 'bus'>;

/** An entity as a processor found it. */
export interface FoundEntity {
  readonly entity: string;
  /** Percent of the games that its window asks for. */
  readonly completenessPct: number;
  /** Why it cannot be processed as it is; absent: it can. */
  readonly lacks?: string;
}

/** The processor and date that entities are processed for, and the run that does it. */
export interface EntityRun {
  readonly processor: string;
  readonly date: GameDate;
  readonly runId: string;
  readonly correlationId: string;
}

/** Why an entity is left out of a run. */
export interface LeftOut {
  readonly entity: string;
  /** What it lacks, or `locked-out` where it lacks nothing any more and its lockout is not over. */
  readonly reason: string;
}

/**
 * The breakers of entities: an attempt at an entity that lacks what it needs is a failure, and too many lock it out.
 * The attempts of a run are counted once, however often the run is repeated.
 */
export class EntityBreakers {
  readonly #ports: EntityPorts;
  readonly #config: CircuitBreakerConfig;
  readonly #policy: BreakerPolicy;

  constructor(ports: EntityPorts, config: CircuitBreakerConfig) {
    this.#ports = ports;
    this.#config = config;
    this.#policy = breakerPolicies(config).entity;
  }

  /**
   * Tells which entities a run leaves out: those that lack something, whose attempts it counts, and those that are
   * locked out. One that lacks nothing any more is cleared where data clears breakers, else waits for its lockout to end.
   * What counted on an earlier date is cleared once no lockout holds it: nobody would try that date again.
   */
  async judge(run: EntityRun, found: readonly FoundEntity[]): Promise<readonly LeftOut[]> {
    const lacking = found.flatMap(({ lacks, ...rest }) => (lacks === undefined ? [] : [{ ...rest, lacks }]));
    await this.#change(lacking.map(({ entity }) => nameOf(run, entity)), run.correlationId, (document, index, now) => {
      const entity = lacking[index];
      return entity === undefined ? { document } : this.#attempt(document, { run, entity, now });
    });
    const whole = new Set(found.filter(({ lacks }) => lacks === undefined).map(({ entity }) => entity));
    const counted = await this.#find({ processor: run.processor });
    await this.#clearUnlocked(counted.filter(({ date }) => date < run.date), 'its date has passed', run.correlationId);
    const locked = await this.#clearOrWait(counted.filter(({ entity, date }) => date === run.date && whole.has(entity)), run);
    return [...lacking.map(({ entity, lacks }) => ({ entity, reason: lacks })), ...locked];
  }

  /**
   * Clears what counts against entities whose rows have arrived, of every processor and date, and tells how many
   * breakers that were. Does nothing where the configuration says that data clears none.
   */
  async resetForData(entities: ReadonlySet<string>, note: string, correlationId: string): Promise<number> {
    if (!this.#config.auto_reset_on_data) return 0;
    const names = (await this.#find({})).filter(({ entity }) => entities.has(entity));
    return this.reset(names, { reason: 'data-arrived', note, correlationId });
  }

  /** Closes breakers of entities, and tells how many were not clear. */
  async reset(names: readonly EntityName[], { reason, note, correlationId }: { readonly reason: ResetReason; readonly note: string; readonly correlationId: string }): Promise<number> {
    const changes = await this.#change(names, correlationId, (document, _index, now) => {
      const state = reset(document.state, now);
      if (state === document.state) return { document };
      const after = changed(document, state, note, now);
      return { document: after, entries: told(after, { isOverridden: reason === 'manual', correlationId, now }) };
    });
    return changes.filter(({ before, after }) => before !== after).length;
  }

  /** Inside a lockout nothing is attempted; a repeated run has had its attempt. */
  #attempt(document: BreakerDocument, { run, entity, now }: { readonly run: EntityRun; readonly entity: { readonly completenessPct: number; readonly lacks: string }; readonly now: EpochMs }): Change {
    if (document.lastAttempt?.runId === run.runId) return { document };
    const { admission, state } = admit(document.state, this.#policy, now);
    if (admission.verdict === 'refuse') return { document };
    const failed = recordFailure(state, this.#policy, now);
    const note = failed.mode === 'open' ? `${entity.lacks}: locked out until ${isoInstant(failed.until)}` : entity.lacks;
    const lastAttempt = { number: (document.lastAttempt?.number ?? 0) + 1, runId: run.runId, at: now, completenessPct: entity.completenessPct, skipReason: entity.lacks };
    const after: BreakerDocument = { ...changed(document, failed, note, now), lastAttempt };
    return { document: after, entries: told(after, { isOverridden: false, correlationId: run.correlationId, now }) };
  }

  async #clearOrWait(names: readonly EntityName[], { correlationId }: EntityRun): Promise<readonly LeftOut[]> {
    if (this.#config.auto_reset_on_data) {
      await this.reset(names, { reason: 'data-arrived', note: 'nothing is lacking any more', correlationId });
      return [];
    }
    const changes = await this.#clearUnlocked(names, 'nothing is lacking any more', correlationId);
    return changes.flatMap(({ before: { name }, after }) => (name.kind === 'entity' && after.isOpen ? [{ entity: name.entity, reason: 'locked-out' }] : []));
  }

  /** Clears those whose lockout, if there is one, is over. */
  #clearUnlocked(names: readonly EntityName[], note: string, correlationId: string): Promise<readonly Changed[]> {
    return this.#change(names, correlationId, (document, _index, now) => {
      if (admit(document.state, this.#policy, now).admission.verdict === 'refuse') return { document };
      const after = changed(document, reset(document.state, now), note, now);
      return { document: after, entries: told(after, { isOverridden: false, correlationId, now }) };
    });
  }

  /** Entities against which something counts. */
  async #find(fields: Readonly<Record<string, string>>): Promise<readonly EntityName[]> {
    const where = Object.entries({ kind: 'entity', isClear: false, ...fields }).map(([field, value]): StateFilter => ({ field, operator: '==', value }));
    const query: StateQuery = { collection, where };
    const found: readonly VersionedDocument<BreakerDocument>[] = await this.#ports.state.query<BreakerDocument>(query);
    return found.flatMap(({ value: { name } }) => (name.kind === 'entity' ? [name] : []));
  }

  async #change(names: readonly EntityName[], correlationId: string, decide: (document: BreakerDocument, index: number, now: EpochMs) => Change): Promise<readonly Changed[]> {
    const { state, clock } = this.#ports;
    const now = clock.now();
    const changes = await changeBreakers(state, names, now, (document, index) => decide(document, index, now));
    await tellChanges(this.#ports, changes, now);
    await this.#publish(changes.flatMap(({ entries }) => entries), correlationId);
    return changes;
  }

  /** The rows wait in the outbox of the history for the sweeper where they cannot be published: a log holds up no work. */
  async #publish(entries: readonly OutboxEntry[], correlationId: string): Promise<void> {
    try {
      await publishWritten(this.#ports, entries);
    } catch (error) {
      this.#ports.log.warn({ error, attempts: entries.length, correlationId }, 'attempts not published yet');
    }
  }
}

const nameOf = ({ processor, date }: EntityRun, entity: string): EntityName => ({ kind: 'entity', entity, processor, date });

const told = (document: BreakerDocument, telling: { readonly isOverridden: boolean; readonly correlationId: string; readonly now: EpochMs }): readonly OutboxEntry[] => {
  const { name, lastAttempt } = document;
  return name.kind !== 'entity' || lastAttempt === null ? [] : [attemptEntry(name, lastAttempt, { document, ...telling })];
};

/** The players and teams of box-score rows: those whose data has arrived. */
export const entitiesOfBoxScores = (rows: readonly Row[]): ReadonlySet<string> => new Set(rows.flatMap((row) => [String(row['player_lookup']), String(row['team_abbr'])]));
