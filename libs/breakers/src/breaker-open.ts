import { failureCountOf } from '@handoff/circuit-breaker';
import { isoInstant, PipelineError, type EpochMs, type ErrorFacts } from '@handoff/contracts';
import type { Alert, Ports } from '@handoff/ports';
import { collection, subjectOf, type BreakerDocument, type BreakerName, type Changed } from './breaker-documents.ts';

/**
 * What a caller throws whose breaker does not let it through: the work is kept until the breaker may let it. Of a
 * source, whose requests differ in what they ask for alone, one tries for all; elsewhere the one may be what is broken.
 * The alert was raised by the failure that opened the breaker.
 */
export const breakerOpen = (name: BreakerName, until: EpochMs): PipelineError => new PipelineError({
  code: 'breaker-open', disposition: 'defer', until,
  message: `the breaker of ${name.kind} ${subjectOf(name)} is open until ${isoInstant(until)}: see what it last noted with handoff breakers list`,
  facts: { kind: name.kind, subject: subjectOf(name), until, ...(name.kind === 'service' ? { resource: `service ${name.subject}` } : {}) },
});

/** Entities of one processor and date are one incident: what they lack has one cause. */
const incidentOf = (name: BreakerName): string => (name.kind === 'entity' ? `entities of ${name.processor} on ${name.date}` : `${name.kind} ${name.subject}`);

/** Alerts about the breakers that have opened, and resolves the incidents of those that have closed. */
export async function tellChanges({ notifier, state }: Pick<Ports, 'notifier' | 'state'>, changes: readonly Changed[], at: EpochMs): Promise<void> {
  const opened = new Map<string, BreakerDocument[]>();
  for (const { before, after } of changes) {
    if (after.state.mode !== 'open' || before.state.mode === 'open') continue;
    const incident = incidentOf(after.name);
    opened.set(incident, [...(opened.get(incident) ?? []), after]);
  }
  for (const [incident, documents] of opened) await notifier.alert(alertOf(incident, documents, at));
  const closed = changes.filter(({ before, after }) => before.isOpen && !after.isOpen).map(({ after }) => after.name);
  for (const name of new Map(closed.map((one) => [incidentOf(one), one])).values()) {
    if (!(await hasOthersOpen(state, name))) await notifier.resolve('breaker-open', incidentOf(name), at);
  }
}

async function hasOthersOpen(state: Ports['state'], name: BreakerName): Promise<boolean> {
  if (name.kind !== 'entity') return false;
  const fields = { kind: 'entity', processor: name.processor, date: name.date, isOpen: true };
  const open = await state.query({ collection, where: Object.entries(fields).map(([field, value]) => ({ field, operator: '==' as const, value })), limit: 1 });
  return open.length > 0;
}

function alertOf(incident: string, documents: readonly BreakerDocument[], at: EpochMs): Alert {
  const [first] = documents;
  const until = Math.max(...documents.map(({ state }) => (state.mode === 'open' ? state.until : 0)));
  const facts: ErrorFacts = {
    kind: first?.kind ?? null, subjects: documents.map(({ name }) => subjectOf(name)), failures: Math.max(...documents.map(({ state }) => failureCountOf(state))), until, note: first?.note ?? null,
  };
  return { cause: 'breaker-open', subject: incident, severity: first?.kind === 'entity' ? 'warning' : 'error', title: `breaker open: ${incident}`, facts, at };
}
