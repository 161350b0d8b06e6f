import { injuryStatusOn, type Injury } from '@handoff/analytics';
import { hashRows, type Completion, type EpochMs, type PhaseRun, type PhaseTriggered } from '@handoff/contracts';
import { announceOutputs, recordsOf, rowsOf, writeOutput } from '@handoff/phase-outputs';
import type { FlowContext, FlowReport, Ports } from '@handoff/ports';
import { loadPlayerGames, loadSeasonSchedule } from '@handoff/read-models';
import { gradeSlate, summariseSystems, type GradedSlate, type Prediction, type PredictionAccuracy } from '@handoff/scoring';
import { addDays } from '@handoff/slate';
import gradedOfDate from './graded-of-date.sql';
import injuriesOfDate from './injuries-of-date.sql';
import predictionsOfDates from './predictions-of-dates.sql';

/**
 * Grades the predictions of the runs' games against what was played, then sums up the whole date. It reads
 * nothing that it wrote but the rows of games graded earlier, so grading again is the same.
 */
export async function gradePredictions(trigger: PhaseTriggered, context: FlowContext): Promise<FlowReport> {
  const { ports } = context;
  const startedAt = ports.clock.now();
  const completions: Completion[] = [];
  let ungradable = 0;
  for (const run of trigger.runs) {
    const graded = await gradeRun(run, ports);
    ungradable += graded.ungradable.length;
    completions.push(...(await writeRun(run, graded, { ports, startedAt })));
  }
  const metadata = { ungradable };
  const [first] = trigger.runs;
  if (first !== undefined) await announceOutputs({ ...trigger, phase: 'phase6-grade', sourceVersionAt: first.sourceVersionAt }, completions, context);
  return { outcome: 'graded', facts: { dates: trigger.runs.length, rows: rowsOf(completions), ungradable }, ended: recordsOf({ phase: 'phase6-grade', flow: trigger.flow, runs: trigger.runs, startedAt, completions, metadata }) };
}

async function gradeRun(run: PhaseRun, { warehouse }: Ports): Promise<GradedSlate> {
  const { gameDate } = run;
  const date = { type: 'DATE', value: gameDate } as const;
  const schedule = await loadSeasonSchedule(warehouse, gameDate);
  const predictions = await warehouse.query<Prediction>({ name: 'grade-predictions/predictions-of-dates', text: predictionsOfDates }, { game_date: date });
  const injuries = await warehouse.query<Injury>({ name: 'grade-predictions/injuries-of-date', text: injuriesOfDate }, { game_date: date, day_before: { type: 'DATE', value: addDays(gameDate, -1) } });
  const isConcerned = (game: string): boolean => run.games.some((concerned) => concerned === game);
  return gradeSlate({
    predictions: predictions.filter((row) => isConcerned(row.nba_game_id)),
    summaries: await loadPlayerGames(warehouse, gameDate, addDays(gameDate, 1)),
    games: schedule.filter((game) => game.game_date === gameDate),
    injuryStatus: injuryStatusOn(gameDate, injuries),
  });
}

async function writeRun(run: PhaseRun, graded: GradedSlate, { ports, startedAt: now }: { readonly ports: Ports; readonly startedAt: EpochMs }): Promise<readonly Completion[]> {
  const accuracy = await writeOutput(ports, { outputRows: { output: 'nba_predictions.prediction_accuracy', rows: graded.rows, replaces: true }, runs: [run], now });
  return [...accuracy, ...(await writePerformance(run, { ports, now }))];
}

type GradedRow = PredictionAccuracy & { readonly data_hash: string; readonly revision: number };

/**
 * Sums up what is graded of the whole date. Runs of a date may end in any order, and beside each other: whoever ends
 * last has read all of it, and counts as the newest revision that it has read of. What was graded while it was written
 * is summed up again, so that two which wrote at once leave no sum without the other's games.
 */
async function writePerformance(run: PhaseRun, { ports, now }: { readonly ports: Ports; readonly now: EpochMs }): Promise<readonly Completion[]> {
  let graded = await gradedOf(run, ports);
  for (;;) {
    const revision = Math.max(run.revision, ...graded.map((row) => row.revision));
    const rows = summariseSystems(graded);
    const written = await writeOutput(ports, { outputRows: { output: 'nba_predictions.system_daily_performance', rows, replaces: true }, runs: [{ ...run, revision }], now });
    const after = await gradedOf(run, ports);
    if (hashRows(after) === hashRows(graded)) return written;
    graded = after;
  }
}

const gradedOf = ({ gameDate }: PhaseRun, { warehouse }: Ports): Promise<readonly GradedRow[]> =>
  warehouse.query<GradedRow>({ name: 'grade-predictions/graded-of-date', text: gradedOfDate }, { game_date: { type: 'DATE', value: gameDate } });
