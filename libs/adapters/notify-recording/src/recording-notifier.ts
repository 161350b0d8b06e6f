import { hasCode, type EpochMs, type ErrorFacts } from '@handoff/contracts';
import type { Alert, Notifier, Severity, StateDocument, StateRef, StateStore } from '@handoff/ports';
import { hashOf } from '@handoff/contracts';

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

const collection = 'incidents';
const rank: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2, critical: 3 };

/**
 * Keeps incidents in the state store, so that instances agree on what is open: one per cause and subject.
 * It sends nothing: the local runner shows what it recorded.
 */
export class RecordingNotifier implements Notifier {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  async alert(alert: Alert): Promise<void> {
    const ref = refOf(alert.cause, alert.subject);
    await this.#state.transact([ref], ([known]) => ({ writes: [{ kind: 'set', ref, value: opened(known?.value as Incident | undefined, alert) }], result: undefined }));
  }

  async resolve(cause: string, subject: string, at: EpochMs): Promise<void> {
    const ref = refOf(cause, subject);
    const known = await this.#state.get<Incident>(ref);
    if (known === undefined || known.value.resolvedAt !== null) return;
    try {
      await this.#state.update(ref, { ...known.value, resolvedAt: at }, known.version);
    } catch (error) {
      // Another instance attached an alert or resolved it meanwhile: its word is newer than ours.
      if (!hasCode(error, 'state-version-conflict')) throw error;
    }
  }

  /** Every incident, in order of opening. */
  async incidents(): Promise<readonly Incident[]> {
    const found = await this.#state.query<Incident>({ collection, orderBy: { field: 'openedAt', direction: 'asc' } });
    return found.map(({ value }) => value);
  }
}

const refOf = (cause: string, subject: string): StateRef => ({ collection, id: `${cause}_${hashOf(subject).slice(0, 24)}` });

/** A resolved incident whose cause returns is a new one under the same id. */
function opened(known: Incident | undefined, alert: Alert): Incident {
  const { cause, subject, severity, title, facts, at } = alert;
  if (known === undefined || known.resolvedAt !== null) return { cause, subject, severity, title, facts, openedAt: at, lastSeenAt: at, resolvedAt: null, count: 1 };
  return { ...known, severity: rank[severity] > rank[known.severity] ? severity : known.severity, facts, lastSeenAt: at, count: known.count + 1 };
}
