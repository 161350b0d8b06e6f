import { outputOf, outputsOf, transitions, type Transition, type TransitionApp } from '@handoff/catalogue';
import { hasCode, PipelineError, type Completion, type EpochMs, type GateDue, type OutputsCompleted } from '@handoff/contracts';
import { completionId } from '@handoff/handoff';
import { loadStoredCompletions } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, StateStore, StateWrite } from '@handoff/ports';
import { decideHandoffs, withThreshold } from './decide-handoffs.ts';
import { completionsOf, type CompletionDocument } from '@handoff/handoff-state';

/**
 * Takes a run's completions: records each by `create()`, then decides every hand-off that they concern.
 * A repetition records nothing new, and decides again: that is how a crash between the two is made good.
 *
 * @throws `unknown-output` (reject) for a name that the catalogue does not know, or knows for another phase, after
 *   the others of the message have been taken: one name that is wrong holds up no other.
 */
export async function recordCompletions(app: TransitionApp, message: OutputsCompleted, context: FlowContext, coverageMin?: number): Promise<FlowReport> {
  const { known, unknown } = sorted(message);
  const concerned = transitions.filter((transition) => transition.app === app && transition.from === message.phase && transition.flow === message.flow);
  const reports: FlowReport[] = [];
  if (known.length > 0) for (const transition of concerned) reports.push(await handOff(withThreshold(transition, coverageMin), { message, known }, context));
  if (unknown.length > 0) throw unknownOutputs(unknown, message);
  return reports.find((report) => report.outcome !== 'unchanged') ?? reports[0] ?? { outcome: 'not-concerned' };
}

/** Names are written in many ways; each is brought to the catalogue's here, and nowhere else. */
function sorted(message: OutputsCompleted): { readonly known: Completion[]; readonly unknown: Completion[] } {
  const known: Completion[] = [];
  const unknown: Completion[] = [];
  for (const completion of message.completions) {
    const output = outputOf(completion.output);
    if (output?.phase === message.phase && output.flow === message.flow) known.push(output.name === completion.output ? completion : { ...completion, output: output.name });
    else unknown.push(completion);
  }
  return { known, unknown };
}

function unknownOutputs(unknown: readonly Completion[], { phase, flow, executionId }: OutputsCompleted): PipelineError {
  const names = [...new Set(unknown.map(({ output }) => output))];
  return new PipelineError({ code: 'unknown-output', disposition: 'reject', message: `${phase} (${flow}) completed outputs that the catalogue does not list there: ${names.join(', ')}`, facts: { outputs: names, executionId } });
}

/** A message, and those of its completions that are of its phase and flow, under the catalogue's names. */
interface Completed {
  readonly message: OutputsCompleted;
  readonly known: readonly Completion[];
}

async function handOff(transition: Transition, { message, known }: Completed, context: FlowContext): Promise<FlowReport> {
  if (!transition.purposes.includes(message.purpose)) return { outcome: `${message.purpose}-stops-here` };
  const now = context.ports.clock.now();
  await createAbsent(context.ports.state, known.map((completion) => creation(transition, message, { completion, now })));
  const dates = [...new Set(known.map(({ gameDate }) => gameDate))].sort();
  return decideHandoffs({ transition, sport: message.sport, purpose: message.purpose, dates }, context);
}

/** Records what the warehouse holds of a hand-off's inputs, as far as nobody has told of it. */
export async function recordStored({ flow, from, to }: Transition, { sport, purpose, gameDate, again }: GateDue, { ports }: FlowContext): Promise<void> {
  for (const output of outputsOf(from, flow)) {
    const stored = await loadStoredCompletions(ports.warehouse, output, { date: gameDate, games: again?.games ?? [] });
    if (stored === undefined) continue;
    const message: OutputsCompleted = { sport, purpose, phase: from, flow, executionId: 'stored', sourceVersionAt: stored.sourceVersionAt, completions: [...stored.completions] };
    const writes = stored.completions.map((completion) => creation({ flow, to }, message, { completion, now: ports.clock.now() }));
    for (const write of writes) await succeeds(ports.state, [write]);
  }
}

type Creation = Extract<StateWrite, { kind: 'create' }> & { readonly value: CompletionDocument };

function creation({ flow, to }: Pick<Transition, 'flow' | 'to'>, message: OutputsCompleted, { completion, now }: { readonly completion: Completion; readonly now: EpochMs }): Creation {
  const { sport, sourceVersionAt, executionId } = message;
  // What is added goes first: V8 gives every object that is spread and then added to a shape of its own, at 3 microseconds and more.
  const value: CompletionDocument = { sourceVersionAt, recordedAt: now, executionId, ...completion };
  const collection = completionsOf({ sport, gameDate: completion.gameDate, flow, phase: to });
  return { kind: 'create', ref: { collection, id: completionId(completion) }, value };
}

/** All at once as a rule; one by one when some are there already, which a redelivery or an unchanged output makes so. */
async function createAbsent(state: StateStore, writes: readonly Creation[]): Promise<void> {
  for (let start = 0; start < writes.length; start += 400) {
    const chunk = writes.slice(start, start + 400);
    if (await succeeds(state, chunk)) continue;
    // One that failed alone is there already.
    for (const write of chunk) if (chunk.length === 1 || !(await succeeds(state, [write]))) await renew(state, write);
  }
}

/** Content that came back after another is news again, at its newer version; a mere repetition changes nothing. */
async function renew(state: StateStore, { ref, value }: Creation): Promise<void> {
  await state.transact([ref], ([known]) => {
    const isNewer = known !== undefined && (known.value as CompletionDocument).sourceVersionAt < value.sourceVersionAt;
    return { writes: isNewer ? [{ kind: 'set', ref, value }] : [], result: undefined };
  });
}

async function succeeds(state: StateStore, writes: readonly StateWrite[]): Promise<boolean> {
  try {
    await state.batch(writes);
    return true;
  } catch (error) {
    if (hasCode(error, 'state-already-exists')) return false;
    throw error;
  }
}
