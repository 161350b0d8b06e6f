import { CircuitBreakerConfig, type BreakerKind } from '@handoff/catalogue';
import { failureCountOf, type BreakerState } from '@handoff/circuit-breaker';
import { PipelineError, type EpochMs } from '@handoff/contracts';
import type { StateStore } from '@handoff/ports';
import { collection, subjectOf, type BreakerDocument, type BreakerName } from './breaker-documents.ts';
import { CircuitBreakers } from './circuit-breakers.ts';
import { EntityBreakers, type EntityPorts } from './entity-breakers.ts';

/** A breaker that something counts against, or did. */
export interface ListedBreaker {
  readonly kind: BreakerKind;
  readonly subject: string;
  readonly state: BreakerState['mode'];
  readonly failures: number;
  readonly openedAt: EpochMs | null;
  /** When it may be tried, or the trials that are under way are given up; null while it is closed. */
  readonly until: EpochMs | null;
  readonly note: string;
  readonly notedAt: EpochMs;
}

/** What an operator names: one breaker, or with no subject all of a kind. */
export interface BreakerSelection {
  readonly kind: BreakerKind;
  readonly subject?: string;
}

/** Every breaker that was ever needed: open ones first, then by kind and subject. */
export async function listBreakers(state: StateStore, kind?: BreakerKind): Promise<readonly ListedBreaker[]> {
  const found = await state.query<BreakerDocument>({ collection, ...(kind === undefined ? {} : { where: [{ field: 'kind', operator: '==' as const, value: kind }] }) });
  const text = (breaker: ListedBreaker): string => `${breaker.state === 'closed' ? 1 : 0}|${breaker.kind}|${breaker.subject}`;
  return found.map(({ value }) => listed(value)).toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}

/**
 * The breakers of a selection that are not clear: what a reset would close.
 *
 * @throws `breaker-unknown` (reject) for a subject that nothing was ever counted of.
 */
export async function selectBreakers(state: StateStore, { kind, subject }: BreakerSelection): Promise<readonly BreakerName[]> {
  const found = await state.query<BreakerDocument>({ collection, where: [{ field: 'kind', operator: '==', value: kind }] });
  const own = found.filter(({ value }) => subject === undefined || subjectOf(value.name) === subject);
  if (subject !== undefined && own.length === 0) throw new PipelineError({ code: 'breaker-unknown', disposition: 'reject', message: `there is no breaker of ${kind} ${subject}: handoff breakers list shows those that there are`, facts: { kind, subject } });
  return own.filter(({ value }) => !value.isClear).map(({ value }) => value.name);
}

/** Closes breakers by hand; of entities the attempts say so too. Closing what is closed changes nothing. */
export async function resetBreakers(ports: EntityPorts, names: readonly BreakerName[], reason: string): Promise<void> {
  const config = CircuitBreakerConfig.parse({});
  const note = `reset by an operator: ${reason}`;
  const entities = names.flatMap((name) => (name.kind === 'entity' ? [name] : []));
  await new EntityBreakers(ports, config).reset(entities, { reason: 'manual', note, correlationId: 'handoff-breakers-reset' });
  const breakers = new CircuitBreakers(ports, config);
  for (const name of names) if (name.kind !== 'entity') await breakers.reset(name, note);
}

function listed({ name, kind, state, note, notedAt }: BreakerDocument): ListedBreaker {
  const until = state.mode === 'open' ? state.until : state.mode === 'half-open' ? state.roundEndsAt : null;
  return { kind, subject: subjectOf(name), state: state.mode, failures: failureCountOf(state), openedAt: state.mode === 'closed' ? null : state.openedAt, until, note, notedAt };
}
