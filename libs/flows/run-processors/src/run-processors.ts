import { CircuitBreakers, EntityBreakers, type BreakerName } from '@handoff/breakers';
import { outputsOf, type CircuitBreakerConfig } from '@handoff/catalogue';
import { epochMs, PipelineError, type Completion, type EpochMs, type PhaseRun, type PhaseTriggered } from '@handoff/contracts';
import { announceOutputs, recordsOf, rowsOf, writeOutput } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, Ports } from '@handoff/ports';
import { checkWritten } from './check-written.ts';
import { makeFeatures } from './make-features.ts';
import { makeGameSummaries } from './make-game-summaries.ts';
import { makeUpcomingContext } from './make-upcoming-context.ts';
import { spanOf, type Made, type Maker } from './maker.ts';

/** What makes the outputs of a phase and flow. A phase that is not here is not run by processors. */
const makers: Readonly<Record<string, Maker>> = {
  'phase3/postgame': makeGameSummaries,
  'phase3/pregame': makeUpcomingContext,
  'phase4/pregame': makeFeatures,
};

/**
 * Runs the processors of a phase for the triggered runs: makes its outputs for their games, writes each in
 * one MERGE, and announces what they hold. Repeating a run writes nothing new and announces the same.
 *
 * @throws `phase-unknown` (reject); `breaker-open` (defer) while what makes the phase's outputs for these dates has
 *   failed too often.
 */
export async function runProcessors(trigger: PhaseTriggered, context: FlowContext, config: CircuitBreakerConfig): Promise<FlowReport> {
  const { phase, flow, runs } = trigger;
  const make = makers[`${phase}/${flow}`];
  if (make === undefined || phase === 'phase1') throw new PipelineError({ code: 'phase-unknown', disposition: 'reject', message: `no processors make ${phase} (${flow})`, facts: { phase, flow } });
  const { ports } = context;
  const startedAt = ports.clock.now();
  const breakers = new CircuitBreakers(ports, config);
  const makerContext = { ...context, entities: new EntityBreakers(ports, config) };
  const completions = await breakers.call(breakerOf(trigger), async () => writeMade(trigger, await make(trigger, makerContext), { ports, startedAt }));
  await announceOutputs({ ...trigger, phase, sourceVersionAt: newest(trigger) }, completions, context);
  await checkWritten(trigger, context);
  return { outcome: 'processed', facts: { phase, flow, dates: runs.length, rows: rowsOf(completions) }, ended: recordsOf({ phase, flow, runs, startedAt, completions }) };
}

async function writeMade({ phase, flow, runs }: PhaseTriggered, made: Made, { ports, startedAt }: { readonly ports: Ports; readonly startedAt: EpochMs }): Promise<readonly Completion[]> {
  const completions: Completion[] = [];
  for (const output of outputsOf(phase, flow)) {
    const { rows, asked, leavesAlone } = made.get(output.name) ?? { rows: [] };
    const replaced = withoutGames(runs, leavesAlone);
    if (replaced.length === 0) continue;
    const written = await writeOutput(ports, { outputRows: { output: output.name, rows, replaces: true, ...(asked === undefined ? {} : { asked }) }, runs: replaced, now: startedAt });
    // A final game without a summary is a hole, not an empty result; before a game there may rightly be nothing.
    completions.push(...written.filter(({ rowCount }) => flow === 'pregame' || rowCount > 0));
  }
  return completions;
}

/** The runs without some of their games; one that is about no other is left out. */
const withoutGames = (runs: readonly PhaseRun[], left: ReadonlySet<string> = new Set()): readonly PhaseRun[] =>
  runs.filter(({ games }) => games.length === 0 || games.some((game) => !left.has(game))).map((run) => ({ ...run, games: run.games.filter((game) => !left.has(game)) }));

/** A phase's makers for one date, or for the span of a history that is loaded at once. */
function breakerOf(trigger: PhaseTriggered): BreakerName {
  const { from, until } = spanOf(trigger);
  return { kind: 'processor', subject: `${trigger.phase}/${trigger.flow}|${from === until ? from : `${from}..${until}`}` };
}

/** The newest input of any of the runs. */
const newest = ({ runs }: PhaseTriggered): EpochMs => epochMs(Math.max(...runs.map(({ sourceVersionAt }) => sourceVersionAt)));
