import { hashOf, type EpochMs, type ReprocessAttemptRow } from '@handoff/contracts';
import { historyEntry, type OutboxEntry } from '@handoff/outbox';
import { subjectOf, type BreakerDocument, type EntityName, type LastAttempt } from './breaker-documents.ts';

interface Telling {
  readonly document: BreakerDocument;
  readonly isOverridden: boolean;
  readonly correlationId: string;
  readonly now: EpochMs;
}

/** What now stands of an entity's last attempt, as a row of reprocess_attempt_log. */
export function attemptEntry(name: EntityName, attempt: LastAttempt, { document: { state, note }, isOverridden, correlationId, now }: Telling): OutboxEntry {
  const row: ReprocessAttemptRow = {
    event_id: hashOf([subjectOf(name), attempt.number, state.mode, now].join('|')).slice(0, 32),
    processor_name: name.processor,
    entity_id: name.entity,
    analysis_date: name.date,
    attempt_number: attempt.number,
    attempted_at: attempt.at,
    completeness_pct: attempt.completenessPct,
    skip_reason: attempt.skipReason,
    circuit_breaker_tripped: state.mode !== 'closed',
    circuit_breaker_until: state.mode === 'open' ? state.until : null,
    manual_override_applied: isOverridden,
    notes: note,
    created_at: now,
  };
  return historyEntry('nba_orchestration.reprocess_attempt_log', row, correlationId);
}
