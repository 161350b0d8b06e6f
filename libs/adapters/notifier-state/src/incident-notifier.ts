import { aftermathMax, type AlertChannelName } from '@handoff/catalogue';
import { before, PipelineError, type EpochMs } from '@handoff/contracts';
import { aged, archiveId, attach, canBeExplained, explanationOf, incidentId, isOpen, leftBehind, noticeDue, quieted, resolve, type Incident } from '@handoff/incidents';
import type { Alert, Bulletin, IncidentReview, Log, NoticeChannel, Notifier, ObjectStore, StandingIncident, StateStore } from '@handoff/ports';
import { isPassing, type IncidentBook } from './incident-book.ts';
import { ObjectBook, ProcessBook } from './interim-books.ts';
import { StateBook } from './state-book.ts';
import { takeOver } from './take-over.ts';
import { tellBulletin, tellDue, type Telling } from './tell.ts';

export interface IncidentNotifierOptions {
  readonly state: StateStore;
  /** Where incidents are written down while the state store is away, for all instances; absent: each process remembers its own. */
  readonly objects?: ObjectStore;
  /** Absent: incidents are kept, and people are told of them by the next review of an instance that has channels. */
  readonly channels?: readonly NoticeChannel[];
  readonly log?: Log;
}

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined, child: () => silent };

const channelFailed = 'notifier-failed';

/**
 * Keeps incidents, one per cause and family of subjects, where all instances agree on them, and tells people by channels.
 *
 * | incidents are kept in | while | seen by |
 * |---|---|---|
 * | the state store | it works | all instances |
 * | files of the object store | the state store refuses or is away | all instances, without transactions |
 * | this process | both are | nobody else |
 *
 * What was kept elsewhere is put together with the state store's as soon as that works: by whoever kept it, and by every
 * review. Callers never see a fault of store or channel.
 */
export class IncidentNotifier implements Notifier {
  readonly #state: StateBook;
  readonly #objects: ObjectBook | undefined;
  readonly #process = new ProcessBook();
  readonly #channels: readonly NoticeChannel[];
  readonly #log: Log;
  /** True when this process has written files that the state store does not know of. */
  #hasFiles = false;
  /** The moment of the last call that the state store failed. A store that takes a minute to fail would hold up a round of many calls. */
  #awayAt: EpochMs | undefined;

  constructor({ state, objects, channels = [], log = silent }: IncidentNotifierOptions) {
    this.#state = new StateBook(state);
    this.#objects = objects === undefined ? undefined : new ObjectBook(objects);
    this.#channels = channels;
    this.#log = log;
  }

  async alert(alert: Alert): Promise<void> {
    await this.#kept(alert.at, async (book) => {
      const id = incidentId(alert.cause, alert.subject);
      const explaining = await this.#explaining(book, id, alert);
      const ids = explaining === undefined ? [id] : [id, explaining];
      const due = await book.change(ids, ([known, cause]) => {
        const attached = attach(known, cause, alert);
        const writes: (readonly [string, Incident])[] = [[id, attached.incident]];
        if (attached.ended !== undefined) writes.push([archiveId(attached.ended), attached.ended]);
        if (attached.explaining !== undefined) writes.push([attached.explaining.id, attached.explaining]);
        return { writes, result: writes.map(([, incident]) => incident).filter((incident) => noticeDue(incident, alert.at) !== undefined) };
      });
      for (const incident of due) await this.#tell(book, incident, alert.at);
    });
  }

  async resolve(cause: string, subject: string, at: EpochMs): Promise<void> {
    const id = incidentId(cause, subject);
    await this.#kept(at, async (book) => {
      // As a rule there is nothing to resolve, which one read tells.
      const known = await book.read(id);
      if (!isOpen(known) || !known.subjects.includes(subject)) {
        // What was alerted about before the state store went away is known there alone.
        await book.noteEnd?.({ cause, subject, at });
        return;
      }
      const ended = await book.change([id], ([found]) => {
        const incident = found === undefined ? undefined : resolve(found, subject, at);
        return incident === undefined || incident === found ? { writes: [], result: undefined } : { writes: [[id, incident]], result: incident };
      });
      if (ended !== undefined) await this.#tell(book, ended, at);
    });
  }

  async review(at: EpochMs): Promise<IncidentReview> {
    let review: IncidentReview = { standing: [], escalated: 0, ended: 0, told: 0 };
    await this.#kept(at, async (book) => {
      // A look that was cut off is made again from its beginning.
      const standing: StandingIncident[] = [];
      const counts = { escalated: 0, ended: 0, told: 0 };
      if (book.name === 'state') await this.#takeOver();
      for (const incident of await book.pending()) {
        const reviewed = await book.change([incident.id, ...(incident.explainedBy === null ? [] : [incident.explainedBy])], ([known, cause]) => {
          const next = known === undefined ? undefined : quieted(aged(leftBehind(known, cause, at), at), at);
          return next === undefined || next === known ? { writes: [], result: next } : { writes: [[incident.id, next]], result: next };
        });
        if (reviewed === undefined) continue;
        if (isOpen(reviewed)) standing.push(reviewed);
        counts.escalated += reviewed.escalations > incident.escalations ? 1 : 0;
        counts.ended += isOpen(incident) && !isOpen(reviewed) ? 1 : 0;
        counts.told += (await this.#tell(book, reviewed, at)) ? 1 : 0;
      }
      review = { standing, ...counts };
    });
    return review;
  }

  async post(bulletin: Bulletin): Promise<boolean> {
    const telling = await tellBulletin(bulletin, this.#channels, this.#log);
    for (const { channel, error } of telling.failed) await this.#reportChannel(channel, { error, telling, at: bulletin.at });
    return telling.isTold;
  }

  /** Every incident, ended ones too, in order of opening. */
  async incidents(): Promise<readonly Incident[]> {
    await this.#kept(undefined, async (book) => { if (book.name === 'state') await this.#takeOver(); });
    return this.#state.all();
  }

  /** The incident that an alert is to be told with: the one that it was attached to before, or the one that explains it. */
  async #explaining(book: IncidentBook, id: string, alert: Alert): Promise<string | undefined> {
    if (!canBeExplained(alert)) return undefined;
    const known = await book.read(id);
    if (isOpen(known)) return known.explainedBy ?? undefined;
    return explanationOf(alert, (await book.recent(before(alert.at, aftermathMax))).filter((incident) => incident.id !== id))?.id;
  }

  /**
   * Works on the best book that there is. What is no fault of a store is a bug, and is not hidden.
   *
   * @param at - what the call is about: a state store that has failed one is not asked again by others about that moment.
   */
  async #kept(at: EpochMs | undefined, work: (book: IncidentBook) => Promise<void>): Promise<void> {
    if ((at === undefined || at !== this.#awayAt) && (await this.#keptInState(at, work))) return;
    try {
      if (this.#objects !== undefined) {
        this.#hasFiles = true;
        await work(this.#objects);
        return;
      }
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      this.#log.error({ error, code: error.code }, 'incidents not kept in the object store');
    }
    await work(this.#process);
  }

  async #keptInState(at: EpochMs | undefined, work: (book: IncidentBook) => Promise<void>): Promise<boolean> {
    try {
      if (this.#hasFiles || !this.#process.isEmpty) await this.#takeOver();
      await this.#twice(() => work(this.#state));
      return true;
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      this.#log.warn({ error, code: error.code }, 'incidents not kept in the state store');
      this.#awayAt = at;
      return false;
    }
  }

  /**
   * A fault that passes by itself may have passed with the next call. Where the first call was made although its answer was
   * lost, the second counts an alert twice; it tells nobody twice.
   */
  async #twice(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.#log.warn({ error }, 'incidents are looked at once more');
      await work();
    }
  }

  /** Puts what was kept elsewhere into the state store. */
  async #takeOver(): Promise<void> {
    await takeOver(this.#state, this.#process, this.#log);
    if (this.#objects !== undefined) await takeOver(this.#state, this.#objects, this.#log);
    this.#hasFiles = false;
  }

  async #tell(book: IncidentBook, { id, cause }: Incident, at: EpochMs): Promise<boolean> {
    if (this.#channels.length === 0) return false;
    const telling = await tellDue(book, this.#channels, { id, at, log: this.#log });
    for (const { channel, error } of telling.failed) if (cause !== channelFailed) await this.#reportChannel(channel, { error, telling, at });
    // Also of a reminder that it takes none: that it took it is the end of that.
    for (const channel of telling.took) await this.resolve(channelFailed, channel, at);
    return telling.isTold;
  }

  #reportChannel(channel: AlertChannelName, { error, telling, at }: { readonly error: PipelineError; readonly telling: Telling; readonly at: EpochMs }): Promise<void> {
    const facts = { channel, code: error.code, message: error.message, toldBy: telling.took };
    return this.alert({ cause: 'notifier-failed', subject: channel, severity: 'error', title: `${channel} takes no notices: ${error.code}`, facts, at });
  }
}
