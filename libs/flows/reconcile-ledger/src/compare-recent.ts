import { outputs, transitions, type Transition } from '@handoff/catalogue';
import { gameDate, isoInstant, OfficialGameId, PipelineError, type EpochMs, type ExpectedOutputRow, type GameDate, type Sport } from '@handoff/contracts';
import { compareFlags, wasLivedThrough, type Disagreement } from '@handoff/ledger';
import { announceOutputs, loadStoredCompletions } from '@handoff/phase-outputs';
import type { FlowContext } from '@handoff/ports';
import { openConflicts } from '@handoff/streaming-conflicts';
import { toldTo } from './told-rows.ts';

interface Compared {
  /** Of the recent dates. */
  readonly rows: readonly ExpectedOutputRow[];
  readonly now: EpochMs;
}

/** What a hand-off and the ledger disagree about for one date. */
interface Found {
  readonly transition: Transition;
  readonly disagreements: readonly Disagreement[];
}

/**
 * Compares what the hand-offs of the recent dates were told with the ledger's `rows` of them, tells of what disagrees,
 * and announces raw data once more that is there without a flag: its message was lost, and nobody else would send it again.
 *
 * @returns how many pairs disagree.
 */
export async function compareRecent(sport: Sport, { rows, now }: Compared, context: FlowContext): Promise<number> {
  const { notifier } = context.ports;
  let count = 0;
  for (const date of [...new Set(rows.map((row) => row.game_date))].map(gameDate)) {
    const ofDate = rows.filter((row) => row.game_date === date);
    // A history has no flags where it stops.
    if (!wasLivedThrough(ofDate)) continue;
    const found = await disagreementsOf(ofDate, { sport, date, now }, context);
    const pairs = [...new Set(found.flatMap(({ disagreements }) => disagreements).map(({ finding, output, scope }) => `${finding}: ${output}|${scope}`))];
    if (pairs.length === 0) await notifier.resolve('flags-and-outcomes-disagree', date, now);
    else await notifier.alert({ cause: 'flags-and-outcomes-disagree', subject: date, severity: 'error', title: `${pairs.length} outputs of ${date} are not what the hand-offs say`, facts: { gameDate: date, pairs }, at: now });
    for (const one of found) await announceUnflagged(one, { sport, date, now }, context);
    count += pairs.length;
  }
  return count;
}

interface OfDate {
  readonly sport: Sport;
  readonly date: GameDate;
  readonly now: EpochMs;
}

async function disagreementsOf(rows: readonly ExpectedOutputRow[], { sport, date, now }: OfDate, { ports }: FlowContext): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const transition of transitions) {
    const own = rows.filter((row) => row.phase === transition.from && row.flow === transition.flow);
    found.push({ transition, disagreements: compareFlags({ rows: own, flags: await toldTo(ports, transition, { sport, date }), flagged: new Set(own.map(({ output }) => output)), now }) });
  }
  return found;
}

/**
 * Announces the raw data of a date once more of which a hand-off was never told. Each look does it under a key of its
 * own, so that a message that is lost again is sent again; one that was only late tells of nothing new. What phases have
 * made is not announced from here: a table does not say what a run lacked, and what waits for it is a gap, whose repair
 * starts the phase again. A game with streamed rows is announced when they can be replaced.
 */
async function announceUnflagged({ transition: { from, flow }, disagreements }: Found, { sport, date, now }: OfDate, context: FlowContext): Promise<void> {
  if (from !== 'phase2') return;
  const unflagged = disagreements.filter(({ finding }) => finding === 'outcome-without-flag');
  if (unflagged.length === 0) return;
  const { ports, log } = context;
  try {
    const conflicts = await openConflicts(ports.state);
    const isHeldUp = ({ output, scope }: Disagreement): boolean => conflicts.some(({ table, game }) => table === output && game === scope);
    const lost = unflagged.filter((one) => !isHeldUp(one));
    for (const output of outputs.filter(({ name }) => lost.some((one) => one.output === name))) {
      const games = lost.filter((one) => one.output === output.name && one.scope !== 'slate').map(({ scope }) => OfficialGameId.parse(scope));
      const stored = await loadStoredCompletions(ports.warehouse, output, { date, games });
      if (stored === undefined) continue;
      const triggerId = `unflagged_${sport}_${date}_${output.name}_${isoInstant(now)}`;
      await announceOutputs({ sport, purpose: 'live', phase: from, flow, triggerId, sourceVersionAt: stored.sourceVersionAt }, stored.completions, context);
    }
  } catch (error) {
    // It is told of, and the next look announces it: nothing else of this one is held up.
    if (!(error instanceof PipelineError)) throw error;
    log.warn({ code: error.code, error, gameDate: date }, 'what no hand-off was told of could not be announced');
  }
}
