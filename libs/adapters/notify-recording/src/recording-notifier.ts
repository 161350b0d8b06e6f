import { PipelineError, type EpochMs, type ErrorFacts } from '@handoff/contracts';
import { documentId, type Alert, type Notifier, type Severity, type StateDocument, type StateRef, type StateStore, type StateWrite } from '@handoff/ports';

/** One cause and subject, from its first alert to its end. */
export interface Incident extends StateDocument {
  readonly cause: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly title: string;
  readonly facts: ErrorFacts;
  readonly openedAt: EpochMs;
  readonly lastSeenAt: EpochMs;
  readonly resolvedAt: EpochMs | null;
  /** How many alerts were attached to it. */
  readonly count: number;
}

type Notice = { readonly kind: 'alert'; readonly alert: Alert } | { readonly kind: 'resolve'; readonly cause: string; readonly subject: string; readonly at: EpochMs };

const collection = 'incidents';
const rank: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2, critical: 3 };
/** One attempt more than the alerts that a burst attaches to one incident at once, of which one wins each round. */
const attemptsMax = 25;

/**
 * Keeps incidents in the state store, so that instances agree on what is open: one per cause and subject.
 * It sends nothing: the local runner shows what it recorded. What the state store does not take is kept in this
 * process and recorded with the next notice, in order: the caller, who has a fault already, never sees another.
 */
export class RecordingNotifier implements Notifier {
  readonly #state: StateStore;
  #waiting: readonly Notice[] = [];

  constructor(state: StateStore) {
    this.#state = state;
  }

  alert(alert: Alert): Promise<void> {
    return this.#record([{ kind: 'alert', alert }]);
  }

  resolve(cause: string, subject: string, at: EpochMs): Promise<void> {
    return this.#record([{ kind: 'resolve', cause, subject, at }]);
  }

  /** Every incident, ended ones too, in order of opening. */
  async incidents(): Promise<readonly Incident[]> {
    await this.#record([]);
    const found = await this.#state.query<Incident>({ collection, orderBy: { field: 'openedAt', direction: 'asc' } });
    return found.map(({ value }) => value);
  }

  async #record(notices: readonly Notice[]): Promise<void> {
    const all = this.#waiting.length === 0 ? notices : [...this.#waiting, ...notices];
    this.#waiting = [];
    let recorded = 0;
    try {
      for (const notice of all) {
        await this.#apply(notice);
        recorded += 1;
      }
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      this.#waiting = [...all.slice(recorded), ...this.#waiting];
    }
  }

  async #apply(notice: Notice): Promise<void> {
    const { cause, subject } = notice.kind === 'alert' ? notice.alert : notice;
    const ref = refOf(cause, subject);
    // As a rule there is nothing to resolve, which one read tells.
    if (notice.kind === 'resolve' && (await this.#state.get<Incident>(ref))?.value.resolvedAt !== null) return;
    await this.#state.transact([ref], ([found]) => {
      const known = found?.value as Incident | undefined;
      return { writes: notice.kind === 'alert' ? alerted(ref, known, notice.alert) : resolved(ref, known, notice.at), result: undefined };
    }, { attemptsMax });
  }
}

const refOf = (cause: string, subject: string): StateRef => ({ collection, id: documentId(`${cause}|${subject}`) });

/** A resolved incident whose cause returns makes room for a new one: it goes under its own time. */
function alerted(ref: StateRef, known: Incident | undefined, alert: Alert): readonly StateWrite[] {
  const { cause, subject, severity, title, facts, at } = alert;
  if (known !== undefined && known.resolvedAt === null) {
    const worse = rank[severity] > rank[known.severity] ? severity : known.severity;
    const lastSeenAt = at > known.lastSeenAt ? at : known.lastSeenAt;
    return [{ kind: 'set', ref, value: { ...known, severity: worse, facts, lastSeenAt, count: known.count + 1 } satisfies Incident }];
  }
  const opened: Incident = { cause, subject, severity, title, facts, openedAt: at, lastSeenAt: at, resolvedAt: null, count: 1 };
  const ended: StateWrite[] = known === undefined ? [] : [{ kind: 'set', ref: { collection, id: `${ref.id}|${known.openedAt}` }, value: known }];
  return [...ended, { kind: 'set', ref, value: opened }];
}

function resolved(ref: StateRef, known: Incident | undefined, at: EpochMs): readonly StateWrite[] {
  return known === undefined || known.resolvedAt !== null ? [] : [{ kind: 'set', ref, value: { ...known, resolvedAt: at } satisfies Incident }];
}
