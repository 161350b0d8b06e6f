import { gameTimes, windowTolerance as tolerance, workflows, type Workflow, type WorkflowRule } from '@handoff/catalogue';
import { after, days, elapsed, hours, minutes, type EpochMs, type GameDate } from '@handoff/contracts';
import { addDays, easternHour, easternTime, gameDateOf, isWithinWindow, nearestOccurrence, type SlateGame } from '@handoff/slate';
import type { AlertLevel, ControllerFacts } from './controller-facts.ts';

/** The part of a decision that a rule makes. */
export interface Ruling {
  readonly action: 'RUN' | 'SKIP' | 'ABORT';
  readonly reason: string;
  readonly from: GameDate;
  readonly until: GameDate;
  readonly games: readonly SlateGame[];
  readonly alertLevel: AlertLevel;
}

/** A box score is there half an hour after the game. */
const boxScoreLag = minutes(180);
/** A schedule tick may come a little early; an interval that is short by this much has passed. */
const tickSlack = minutes(5);

/** The reason of a discovery that goes on though the games have begun. */
export const notFoundInTime = 'not-found-by-tip-off';

type RuleOf<Kind extends WorkflowRule['kind']> = Extract<WorkflowRule, { kind: Kind }>;

/** Decides by a workflow's rule whether it runs now. Pure: the same facts, the same ruling. */
export function applyRule(workflow: Workflow, facts: ControllerFacts): Ruling {
  const { rule } = workflow;
  switch (rule.kind) {
    case 'daily':
      return daily(rule, workflow.name, facts);
    case 'postgame-window':
      return postgameWindow(rule, facts);
    case 'early-window':
      return earlyWindow(rule, facts);
    case 'catch-up':
      return catchUp(rule, facts);
    case 'before-games':
      return beforeGames(rule, workflow.name, facts);
    case 'discovery':
      return discovery(rule, workflow.name, facts);
    case 'schedule-freshness':
      return scheduleFreshness(rule, facts);
  }
}

const slateOn = (facts: ControllerFacts, date: GameDate): readonly SlateGame[] => (facts.slates.get(date) ?? []).filter((game) => game.status !== 'postponed');

/** Over by the clock, whatever the schedule that was loaded last says, and without a box score as far as that is known. */
function uncollected(facts: ControllerFacts, date: GameDate): readonly SlateGame[] {
  return slateOn(facts, date).filter((game) => facts.now >= after(game.tipAt, gameTimes.endsAfterMs) && facts.collected?.has(game.officialId) !== true);
}

/** The dates on which games are over and none of them lacks a box score. */
export const collectedDates = (facts: ControllerFacts): readonly GameDate[] =>
  [...facts.slates].filter(([date, games]) => games.some(({ officialId }) => facts.collected?.has(officialId)) && uncollected(facts, date).length === 0).map(([date]) => date);

const skip = (reason: string, date: GameDate): Ruling => ({ action: 'SKIP', reason, from: date, until: date, games: [], alertLevel: 'NONE' });
const run = (reason: string, date: GameDate, games: readonly SlateGame[], alertLevel: AlertLevel = 'NONE'): Ruling => ({ action: 'RUN', reason, from: date, until: date, games, alertLevel });

const runsOf = (facts: ControllerFacts, workflow: string, date: GameDate) => facts.runs.filter((known) => known.workflow === workflow && known.gameDate === date);

function lastRunAt(facts: ControllerFacts, workflow: string): EpochMs | undefined {
  return facts.runs.filter((known) => known.workflow === workflow).at(-1)?.triggeredAt;
}

function daily(rule: RuleOf<'daily'>, workflow: string, facts: ControllerFacts): Ruling {
  const today = gameDateOf(facts.now);
  const hour = easternHour(facts.now);
  if (hour < rule.fromHour) return skip('before-window', today);
  if (hour >= rule.untilHour) return skip('after-window', today);
  if (runsOf(facts, workflow, today).some(({ status }) => status === 'success')) return skip('done-today', today);
  return run('due-today', today, slateOn(facts, today));
}

/**
 * The windows of a night belong to one slate: 22:00 to the games of that evening, 01:00 to 06:00 to those of
 * the evening before. The earlier system asked for the day before at 22:00, and so collected nothing early.
 */
function postgameWindow(rule: RuleOf<'postgame-window'>, facts: ControllerFacts): Ruling {
  const occurrence = nearestOccurrence(rule.hour, 0, facts.now);
  const date = addDays(gameDateOf(occurrence), rule.slate === 'yesterday' ? -1 : 0);
  if (!isWithinWindow({ hour: rule.hour, minute: 0, tolerance }, facts.now)) return skip('outside-window', date);
  if (slateOn(facts, date).length === 0) return skip('no-games', date);
  const missing = uncollected(facts, date);
  if (missing.length === 0) return skip('nothing-to-collect', date);
  if (facts.collected === undefined) return run('collection-not-known', date, missing);
  const earlier = windowBefore(occurrence, date);
  const late = missing.filter((game) => earlier !== undefined && earlier >= after(game.tipAt, boxScoreLag));
  return run('final-games-not-collected', date, missing, alertFor(rule.missingAlert, late.length / slateOn(facts, date).length));
}

/** The night's window before this one: what it should have seen and is still missing is late; what ended since is not. */
function windowBefore(occurrence: EpochMs, slateDate: GameDate): EpochMs | undefined {
  const windows: readonly Workflow[] = workflows;
  return windows
    .flatMap(({ rule }) => (rule.kind === 'postgame-window' ? [easternTime(addDays(slateDate, rule.slate === 'yesterday' ? 1 : 0), rule.hour, 0)] : []))
    .filter((at) => at < occurrence)
    .sort()
    .at(-1);
}

/** One late game in the last windows is critical; earlier ones warn above a fifth of the slate: reference section 5.3. */
function alertFor(level: 'INFO' | 'WARNING' | 'CRITICAL', lateShare: number): AlertLevel {
  if (lateShare === 0) return 'INFO';
  return level === 'WARNING' && lateShare <= 0.2 ? 'INFO' : level;
}

function earlyWindow(rule: RuleOf<'early-window'>, facts: ControllerFacts): Ruling {
  const today = gameDateOf(facts.now);
  if (!isWithinWindow({ hour: rule.hour, minute: 0, tolerance }, facts.now)) return skip('outside-window', today);
  const early = slateOn(facts, today).filter((game) => easternHour(game.tipAt) < rule.tipBeforeHour);
  if (early.length === 0) return skip('no-early-games', today);
  const missing = uncollected(facts, today).filter((game) => early.includes(game) && facts.now >= after(game.tipAt, hours(rule.hoursAfterTip)));
  if (missing.length === 0) return skip('nothing-to-collect', today);
  if (facts.collected === undefined) return run('collection-not-known', today, missing);
  // A game that ended within the hour is not late: only what earlier windows should have seen is alerted.
  const late = missing.filter((game) => facts.now >= after(game.tipAt, hours(6)));
  return run('early-games-not-collected', today, missing, late.length > 0 ? rule.missingAlert : 'NONE');
}

function catchUp(rule: RuleOf<'catch-up'>, facts: ControllerFacts): Ruling {
  const today = gameDateOf(facts.now);
  if (!isWithinWindow({ hour: rule.hour, minute: 0, tolerance }, facts.now)) return skip('outside-window', today);
  const missing = Array.from({ length: rule.lookbackDays }, (_, back) => addDays(today, -1 - back)).flatMap((date) => uncollected(facts, date));
  if (missing.length === 0) return skip('nothing-to-collect', today);
  // It is there for what is missing alone: where that is not known, it would ask for three days of games three times a day.
  if (facts.collected === undefined) return { ...skip('collection-not-known', today), action: 'ABORT', alertLevel: 'CRITICAL' };
  const dates = missing.map(({ gameDate }) => gameDate).sort();
  const alertLevel = missing.length >= 5 ? 'WARNING' : 'INFO';
  return { action: 'RUN', reason: 'final-games-not-collected', from: dates[0] ?? today, until: dates.at(-1) ?? today, games: missing, alertLevel };
}

function beforeGames(rule: RuleOf<'before-games'>, workflow: string, facts: ControllerFacts): Ruling {
  const today = gameDateOf(facts.now);
  const slate = slateOn(facts, today);
  const [first] = slate;
  if (first === undefined) return skip('no-games', today);
  const open = slate.filter((game) => facts.now < game.tipAt);
  if (open.length === 0) return skip('all-games-started', today);
  if (elapsed(facts.now, first.tipAt) > hours(rule.hoursBeforeTip)) return skip('too-early', today);
  const hour = easternHour(facts.now);
  if (hour < rule.fromHour || hour > rule.untilHour) return skip('outside-business-hours', today);
  const last = lastRunAt(facts, workflow);
  if (last !== undefined && elapsed(last, facts.now) < hours(rule.everyHours) - tickSlack) return skip('ran-recently', today);
  return run('games-ahead', today, open);
}

/**
 * From `fromHour` on a day has room for fewer attempts than `attemptsMax`, so that the day can be over before they are
 * used up: whatever ends the search first is told of, and at the first tip-off at the latest, since what is found after
 * that comes too late for a prediction. A source that answers well and has had nothing for two days is no news: it was
 * told of on the first of them.
 */
function discovery(rule: RuleOf<'discovery'>, workflow: string, facts: ControllerFacts): Ruling {
  const today = gameDateOf(facts.now);
  const slate = slateOn(facts, today);
  const [first] = slate;
  if (first === undefined) return skip('no-games', today);
  if (easternHour(facts.now) < rule.fromHour) return skip('before-window', today);
  const attempts = runsOf(facts, workflow, today);
  if (attempts.some(({ status }) => status === 'success')) return skip('found', today);
  if (attempts.length >= rule.attemptsMax) return { ...skip('attempts-used-up', today), alertLevel: 'WARNING' };
  const last = attempts.at(-1)?.triggeredAt;
  if (last === undefined) return run('not-found-yet', today, slate);
  const isNews = attempts.some(({ status }) => status === 'failed') || facts.runs.some((known) => known.workflow === workflow && known.status === 'success');
  const isLate = isNews && facts.now >= first.tipAt;
  if (elapsed(last, facts.now) >= hours(rule.everyHours) - tickSlack) return isLate ? run(notFoundInTime, today, slate, 'WARNING') : run('not-found-yet', today, slate);
  const isLastOfDay = gameDateOf(after(last, hours(rule.everyHours))) > today;
  if (isLastOfDay) return { ...skip('attempts-used-up', today), alertLevel: isNews ? 'WARNING' : 'INFO' };
  return { ...skip('ran-recently', today), alertLevel: isLate ? 'WARNING' : 'NONE' };
}

/** Two days without a run is stale too: the log is read no further back. */
function scheduleFreshness(rule: RuleOf<'schedule-freshness'>, facts: ControllerFacts): Ruling {
  const today = gameDateOf(facts.now);
  const last = facts.runs.filter(({ scraper, status }) => scraper === 'nbac_schedule_api' && status === 'success').at(-1)?.triggeredAt;
  const age = last === undefined ? days(2) : elapsed(last, facts.now);
  return age >= hours(rule.staleHours) ? run('schedule-stale', today, []) : skip('schedule-fresh', today);
}
