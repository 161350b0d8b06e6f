import { outputs, transitions, type Transition } from '@handoff/catalogue';
import { gameDate, isoInstant, OfficialGameId, type EpochMs, type ExpectedOutputRow, type GameDate, type Sport } from '@handoff/contracts';
import { compareFlags, wasLivedThrough, type Disagreement } from '@handoff/ledger';
import { announceOutputs, loadStoredCompletions } from '@handoff/phase-outputs';
import type { FlowContext } from '@handoff/ports';
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
 * and announces once more what is there without a flag: its message was lost, and nobody else would send it again.
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
 * Each look announces under a key of its own, so that a message that is lost again is sent again. One that was not lost
 * after all, and is only late, tells nobody anything new: the content is the same.
 */
async function announceUnflagged({ transition: { from, flow }, disagreements }: Found, { sport, date, now }: OfDate, context: FlowContext): Promise<void> {
  if (from === 'phase1') return;
  const unflagged = disagreements.filter(({ finding }) => finding === 'outcome-without-flag');
  for (const output of outputs.filter(({ name }) => unflagged.some((one) => one.output === name))) {
    const games = unflagged.filter((one) => one.output === output.name && one.scope !== 'slate').map(({ scope }) => OfficialGameId.parse(scope));
    const stored = await loadStoredCompletions(context.ports.warehouse, output, { date, games });
    if (stored === undefined) continue;
    const triggerId = `unflagged_${sport}_${date}_${output.name}_${isoInstant(now)}`;
    await announceOutputs({ sport, purpose: 'live', phase: from, flow, triggerId, sourceVersionAt: stored.sourceVersionAt }, stored.completions, context);
  }
}
