import { everydayFunctions, isScraperEnabled, scraperNamed } from '@handoff/catalogue';
import { days as daysSpan, gameDate, hours, isoInstant, PipelineError, type GameDate } from '@handoff/contracts';
import { crashPoints } from '@handoff/faults';
import { spanOfRun } from '@handoff/local';
import type { Random } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import { addDays, daysBetween, seasonStart, seasonYearOf } from '@handoff/slate';
import type { RecordedSeason } from '@handoff/sources-recorded';
import { healingMsMax } from '../invariants/healing-time.ts';
import { faultTable } from '../scenario/fault-table.ts';
import { allowedTargets, Scenario } from '../scenario/scenario.ts';
import { profileNames, profiles, type FaultTemplate } from './profiles.ts';

export interface RandomScenarioOptions {
  readonly seed: number;
  readonly days: number;
  readonly profile: string;
  readonly season: RecordedSeason;
}

/** Faults of a run: a few, since many at once hide what each does. */
const faultsMin = 2;
const faultsMax = 7;
/** Runs begin this many days after the season did, when rolling windows are full, and a week apart, so that they share baselines. */
const warmUpDays = 28;
const daysApart = 7;
/** Nothing that is drawn lasts longer than a week, or begins less than an hour before all of it is over. */
const lastsMaxMs = daysSpan(daysApart);
const shortestMs = hours(1);

/**
 * A scenario that follows from a seed: its dates, its faults, and what they draw.
 *
 * @throws `scenario-invalid` (reject) for a profile that there is not, or more days than were recorded.
 */
export function randomScenario({ seed, days, profile, season }: RandomScenarioOptions): Scenario {
  const templates = profiles[profile];
  if (templates === undefined) throw invalid(`there is no profile ${profile}: choose one of ${profileNames.join(', ')}`);
  const random = new SeededRandom(seed);
  const starts = startsOf(season, days);
  const from = pick(random, starts);
  if (from === undefined) throw invalid(`${days} days are more than were recorded after the first ${warmUpDays} days of a season`);
  const to = addDays(from, days - 1);
  // As many in each week of a longer run as in a week.
  const count = (faultsMin + Math.floor(random.next() * (faultsMax - faultsMin + 1))) * Math.ceil(days / daysApart);
  const faults = Array.from({ length: count }, () => randomFault(pick(random, templates), { from, to }, random)).filter((fault) => fault !== undefined);
  return Scenario.parse({ name: `seed ${seed}, ${days} days, ${profile}`, seed, from, to, faults });
}

function startsOf({ dates }: RecordedSeason, days: number): readonly GameDate[] {
  if (dates === undefined) return [];
  const first = addDays(seasonStart(seasonYearOf(dates.to)), warmUpDays);
  const begin = first < dates.from ? addDays(dates.from, Math.min(warmUpDays, Math.max(0, daysBetween(dates.from, dates.to) - days))) : first;
  const room = daysBetween(begin, dates.to) - days + 1;
  return room < 0 ? [] : Array.from({ length: Math.floor(room / daysApart) + 1 }, (_, index) => gameDate(addDays(begin, index * daysApart)));
}

function randomFault(template: FaultTemplate | undefined, range: { readonly from: GameDate; readonly to: GameDate }, random: Random): object | undefined {
  // A kind has a row for the whole of a family and one for its parts, where they are noticed in other ways.
  const rows = faultTable.filter(({ kind, family }) => kind === template?.kind && family === template.family);
  const target = pick(random, [...new Set(rows.flatMap(allowedTargets))].filter((allowed) => isAtWork(allowed, range.from)));
  if (template === undefined || target === undefined) return undefined;
  const { startAt, endAt } = spanOfRun(range.from, range.to);
  const { rateMax, lastsMinutesMax, timesMax, kind } = template;
  const stopAt = endAt - healingMsMax;
  const at = startAt + Math.floor(random.next() * (stopAt - startAt - shortestMs) / 60_000) * 60_000;
  const lasts = lastsMinutesMax === undefined ? lastsMaxMs : (1 + Math.floor(random.next() * lastsMinutesMax)) * 60_000;
  return {
    target, kind,
    at: isoInstant(at as Parameters<typeof isoInstant>[0]),
    until: isoInstant(Math.min(at + lasts, stopAt) as Parameters<typeof isoInstant>[0]),
    ...(rateMax === undefined ? {} : { rate: Math.max(0.001, Math.round(random.next() * rateMax * 1_000) / 1_000) }),
    ...(timesMax === undefined ? {} : { times: 1 + Math.floor(random.next() * timesMax) }),
    ...(kind === 'crash' ? { point: pick(random, crashPoints) } : {}),
  };
}

/** A fault of what nobody asks proves nothing: sources that are switched off, functions that only trouble calls. */
function isAtWork(target: string, date: GameDate): boolean {
  const [family, name = ''] = target.split(':');
  if (family === 'source') return isScraperEnabled(scraperNamed(name), date);
  return family !== 'function' || everydayFunctions.some((app) => app === name);
}

const pick = <Item>(random: Random, items: readonly Item[]): Item | undefined => items[Math.floor(random.next() * items.length)];

const invalid = (message: string): PipelineError => new PipelineError({ code: 'scenario-invalid', disposition: 'reject', message });
