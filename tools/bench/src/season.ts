import { CircuitBreakerConfig } from '@handoff/catalogue';
import { gameDate, type GameDate, type PhaseRun, type PhaseTriggered } from '@handoff/contracts';
import { runProcessors } from '@handoff/flow-run-processors';
import { releaseId } from '@handoff/handoff';
import { loadSlates } from '@handoff/read-models';
import type { RecordedSeason } from '@handoff/sources-recorded';
import { filesOf, statsBetween } from './box-score-files.ts';
import { loadFile, loadSchedule } from './load-files.ts';
import { floorSeconds, timed, type Measurement } from './measurements.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

const first = gameDate('2024-10-22');
const last = gameDate('2025-04-13');

/** A whole season through phases 2, 3 and 4: box scores, summaries, then every slate's context and features. */
export async function benchmarkSeason(season: RecordedSeason): Promise<Measurement> {
  const bench = await openWorkbench(season, '2025-04-20T16:00:00Z');
  await loadSchedule(bench, last);
  const stats = await statsBetween(bench.source, first, last);
  const files = filesOf(stats, 6);
  const phase2 = await timed(async () => { for (const file of files) await loadFile(bench, file); });
  const runs = await runsOf(bench);
  const phase3 = await timed(() => run(bench, 'phase3', 'postgame', runs));
  const context = await timed(() => inMonths(runs, (part) => run(bench, 'phase3', 'pregame', part)));
  const phase4 = await timed(() => inMonths(runs, (part) => run(bench, 'phase4', 'pregame', part)));
  await bench.close();
  const parts = [phase2, phase3, context, phase4].map((seconds) => seconds.toFixed(2));
  return {
    name: 'a season through phases 2 to 4', rows: stats.length, seconds: phase2 + phase3 + context + phase4, floorSeconds: await floorSeconds(files.map(({ text }) => text)),
    remark: `phase 2 ${parts[0]} s, summaries ${parts[1]} s, context of ${runs.length} slates ${parts[2]} s, features ${parts[3]} s`,
  };
}

async function runsOf({ system }: Workbench): Promise<readonly PhaseRun[]> {
  const slates = await loadSlates(system.ports, first, last);
  const sourceVersionAt = system.ports.clock.now();
  return [...slates].flatMap(([date, games]) => {
    const played = games.filter(({ status }) => status === 'final').map(({ officialId }) => officialId);
    if (played.length === 0) return [];
    return [{ gameDate: date, revision: 1, releaseId: releaseId({ sport: 'nba', gameDate: date, flow: 'postgame', phase: 'phase3' }, 1), games: played, isDegraded: false, missing: [], upgrades: false, sourceVersionAt }];
  });
}

async function run(bench: Workbench, phase: 'phase3' | 'phase4', flow: 'pregame' | 'postgame', runs: readonly PhaseRun[]): Promise<void> {
  const trigger: PhaseTriggered = { sport: 'nba', purpose: 'history', triggerId: `bench_${phase}_${flow}_${runs[0]?.gameDate ?? ''}`, phase, flow, runs: [...runs] };
  await runProcessors(trigger, bench.context, CircuitBreakerConfig.parse({}));
}

async function inMonths(runs: readonly PhaseRun[], work: (part: readonly PhaseRun[]) => Promise<void>): Promise<void> {
  const months = new Set<string>(runs.map(({ gameDate: date }) => (date satisfies GameDate).slice(0, 7)));
  for (const month of months) await work(runs.filter(({ gameDate: date }) => date.startsWith(month)));
}
