import { workflows, type Workflow } from '@handoff/catalogue';
import { after, before, hours, minutes, type EpochMs, type GameDate } from '@handoff/contracts';
import { addDays, easternTime, type SlateGame } from '@handoff/slate';
import type { ExpectedDecision } from './decision-checks.ts';

/** Every game is over, and its box score there, this long after the last tip-off. */
const nightLength = hours(4);
/** The last of a night's windows: morning recovery at 06:00 ET and its half hour. */
const nightEndsAt = { hour: 6, minute: 30 } as const;

/**
 * What a slate calls for, known before its day begins: the morning's schedule, injuries and lines before its games, box
 * scores after them. Postponed games call for nothing; a date without games for its morning alone.
 */
export function expectedDecisions(date: GameDate, slate: readonly SlateGame[]): readonly ExpectedDecision[] {
  const named = (...kinds: readonly Workflow['rule']['kind'][]): readonly string[] => (workflows as readonly Workflow[]).filter(({ rule }) => kinds.includes(rule.kind)).map(({ name }) => name);
  const morning: ExpectedDecision = { what: `morning of ${date}`, workflows: named('daily'), from: easternTime(date, 6, 0), until: after(easternTime(date, 10, 0), minutes(5)) };
  const tips = slate.filter(({ status }) => status !== 'postponed').map(({ tipAt }) => tipAt);
  if (tips.length === 0) return [morning];
  const first = tips.reduce((least, at) => (at < least ? at : least));
  const last = tips.reduce((most, at) => (at > most ? at : most));
  const linesFrom = latest(before(first, hours(12)), easternTime(date, 8, 0));
  return [
    morning,
    { what: `injuries of ${date}`, workflows: ['injury_discovery'], from: easternTime(date, 6, 0), until: after(easternTime(date, 10, 0), minutes(5)) },
    ...(after(linesFrom, hours(3)) <= first ? [{ what: `lines of ${date}`, workflows: named('before-games'), from: linesFrom, until: first }] : []),
    { what: `box scores of ${date}`, workflows: named('postgame-window', 'early-window', 'catch-up'), from: first, until: latest(after(last, nightLength), easternTime(addDays(date, 1), nightEndsAt.hour, nightEndsAt.minute)) },
  ];
}

const latest = (left: EpochMs, right: EpochMs): EpochMs => (left > right ? left : right);
