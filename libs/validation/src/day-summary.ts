import { daySummaryLimits, featureQuality, gradingCoverage, outputNamed, reconciliation, type OutputName } from '@handoff/catalogue';
import { gameDate, type DailyScorecardRow } from '@handoff/contracts';
import { dueTime } from '@handoff/slate';
import { checkDecisionGap, type DecisionFacts } from './decision-checks.ts';
import { worstHealthOf, type HealthSeverity } from './health-check.ts';

/** One part of the morning's message. */
export interface SummarySection {
  readonly name: string;
  readonly severity: HealthSeverity;
  readonly text: string;
}

export interface DaySummary {
  readonly status: 'HEALTHY' | 'WARNING' | 'CRITICAL';
  readonly sections: readonly SummarySection[];
}

/** What the morning's message is made of. */
export interface DayFacts {
  readonly today: string;
  readonly decisions: DecisionFacts;
  readonly slate: { readonly games: number; readonly postponed: number };
  /** Newest first; the first is of yesterday, where that has one. */
  readonly scorecards: readonly DailyScorecardRow[];
  readonly yesterday: string;
  /** Games of yesterday that were not postponed: without any, no scorecard is missed. */
  readonly gamesYesterday: number;
  readonly openGaps: readonly string[];
  readonly openBreakers: readonly string[];
  readonly deadLetters: number;
}

/**
 * One message of what the night has left: CRITICAL and WARNING by the worst of its parts. What was due before the game
 * is judged of yesterday; summaries and grades, which are not due when yesterday is looked at in the morning, are
 * judged by the newest scorecard that was made after they were.
 */
export function summariseDay(facts: DayFacts): DaySummary {
  const card = facts.scorecards.find(({ game_date: date }) => date === facts.yesterday);
  const sections = [orchestration(facts.decisions), slate(facts), ...ofYesterday(facts, card), ...afterGames(facts), open('open gaps', facts.openGaps), open('open breakers', facts.openBreakers), deadLetters(facts.deadLetters), trend(facts.scorecards)];
  const worst = worstHealthOf(sections.map(({ severity }) => severity));
  return { status: worst === 'critical' ? 'CRITICAL' : worst === 'ok' ? 'HEALTHY' : 'WARNING', sections };
}

/** The open gap, and the longest that has closed, by the same numbers: a standstill that is over was one. */
function orchestration(facts: DecisionFacts): SummarySection {
  const { warning, critical } = daySummaryLimits.decisionGap;
  const { evidence, severity: now } = checkDecisionGap(facts, { warning, critical });
  const closed = Number(evidence['longestClosedGapMinutes']) * 60_000;
  const past: HealthSeverity = closed >= critical ? 'critical' : closed >= warning ? 'warning' : 'ok';
  const count = facts.decided.reduce((sum, { decisions }) => sum + decisions.length, 0);
  const text = `${count} decisions in ${daySummaryLimits.lookBackHours} hours; open gap ${String(evidence['openGapMinutes'] ?? 'without end')} min, longest closed gap ${String(evidence['longestClosedGapMinutes'])} min`;
  return { name: 'orchestration', severity: count === 0 ? 'critical' : worstHealthOf([now, past]), text: facts.suspected === undefined ? text : `${text}; suspected: ${facts.suspected}` };
}

const slate = ({ today, slate: { games, postponed } }: DayFacts): SummarySection => ({ name: 'slate', severity: 'ok', text: `${games} games on ${today}${postponed === 0 ? '' : `, ${postponed} postponed`}` });

function ofYesterday({ yesterday, gamesYesterday }: DayFacts, card: DailyScorecardRow | undefined): readonly SummarySection[] {
  if (card === undefined) return [{ name: 'yesterday', severity: gamesYesterday === 0 ? 'ok' : 'warning', text: gamesYesterday === 0 ? `no games on ${yesterday}` : `${yesterday} has ${gamesYesterday} games and no scorecard` }];
  return [coverage(card), quality(card), predictions(card)];
}

function coverage(card: DailyScorecardRow): SummarySection {
  const steps = { 'box scores': card.box_score_coverage_pct, features: card.features_coverage_pct, predictions: card.predictions_coverage_pct };
  const known = Object.entries(steps).flatMap(([name, pct]) => (pct === null ? [] : [{ name, pct }]));
  const severity = severityOf(known.reduce((most, { pct }) => Math.min(most, pct), 100));
  return { name: 'coverage', severity, text: known.length === 0 ? 'nothing was due' : known.map(({ name, pct }) => `${name} ${pct} %`).join(', ') };
}

const severityOf = (pct: number): HealthSeverity => (pct < reconciliation.errorPct ? 'error' : pct < reconciliation.warningPct ? 'warning' : 'ok');

const duePostgame = (['nba_analytics.player_game_summary', 'nba_predictions.prediction_accuracy'] satisfies OutputName[]).map((name) => outputNamed(name)?.due).filter((due) => due !== undefined);

/** A look before something is due counts only what is there, so that whatever lacks it reads as whole (incident 136). */
const wasDue = ({ game_date: date, observed_at: at }: DailyScorecardRow): boolean => duePostgame.every((due) => dueTime(gameDate(date), due) <= at);

/** What is made of finished games, by the newest scorecard that can tell; where it is not the newest that should, that is a finding. */
function afterGames({ scorecards, yesterday }: DayFacts): readonly SummarySection[] {
  const card = scorecards.find(wasDue);
  const over = scorecards.find(({ game_date: date }) => date < yesterday);
  const unseen = over !== undefined && (card === undefined || card.game_date < over.game_date) ? [over.game_date] : [];
  return [
    ...unseen.map((date): SummarySection => ({ name: 'not looked at', severity: 'warning', text: `${date} has no scorecard from after its grades were due` })),
    ...(card === undefined ? [] : [analytics(card), grading(card)]),
  ];
}

function analytics({ game_date: date, analytics_coverage_pct: pct }: DailyScorecardRow): SummarySection {
  return { name: 'analytics', severity: severityOf(pct ?? 100), text: `${date}: ${pct === null ? 'nothing was due' : `${pct} % of the players with a box score`}` };
}

function quality({ feature_quality_avg: average }: DailyScorecardRow): SummarySection {
  const severity: HealthSeverity = average === null ? 'ok' : average < featureQuality.criticalBelow ? 'critical' : average < featureQuality.errorBelow ? 'error' : 'ok';
  return { name: 'quality', severity, text: average === null ? 'no features were made' : `features ${average} of 100` };
}

function predictions({ players_predicted: players, predictions_count: count, games_expected: games }: DailyScorecardRow): SummarySection {
  const least = Math.min(daySummaryLimits.playersMin, daySummaryLimits.playersPerGameMin * games);
  return { name: 'predictions', severity: players < least ? 'warning' : 'ok', text: `${count} for ${players} players of ${games} games` };
}

function grading({ game_date: date, grading_coverage_pct: pct, graded_count: graded, voided_count: voided }: DailyScorecardRow): SummarySection {
  const { warningPct, errorPct, criticalPct } = gradingCoverage;
  const severity: HealthSeverity = pct === null || pct >= warningPct ? 'ok' : pct < criticalPct ? 'critical' : pct < errorPct ? 'error' : 'warning';
  return { name: 'grading', severity, text: `${date}: ${pct === null ? 'nothing was due' : `${graded} graded, ${pct} % of what can be, ${voided} void`}` };
}

const shownMax = 5;

const open = (name: string, what: readonly string[]): SummarySection => ({
  name, severity: what.length === 0 ? 'ok' : 'warning', text: what.length === 0 ? 'none' : `${what.length}: ${what.slice(0, shownMax).join('; ')}${what.length > shownMax ? ' …' : ''}`,
});

const deadLetters = (waiting: number): SummarySection => ({ name: 'dead letters', severity: waiting === 0 ? 'ok' : 'warning', text: waiting === 0 ? 'none' : `${waiting} wait for people or for their cause` });

const trend = (cards: readonly DailyScorecardRow[]): SummarySection => ({
  name: 'trend', severity: 'ok', text: cards.length === 0 ? 'no scores yet' : cards.toReversed().map(({ game_date: date, score }) => `${date.slice(5)} ${score === null ? '-' : score.toFixed(0)}`).join(', '),
});
