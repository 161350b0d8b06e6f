import { balldontlieInjuries } from './balldontlie-injuries.ts';
import { balldontlieStats } from './balldontlie-stats.ts';
import { espnBoxScore } from './espn.ts';
import { nbaGameLog } from './nba-game-log.ts';
import { nbaSchedule } from './nba-schedule.ts';
import { oddsApiEventOdds } from './odds-api.ts';
import type { PayloadTransform } from './payload.ts';
import { prizePicksBoard } from './prizepicks.ts';

/** One transform per scraper whose answers are loaded. */
export const transforms: readonly PayloadTransform[] = [
  nbaSchedule, balldontlieStats, nbaGameLog, espnBoxScore, oddsApiEventOdds, prizePicksBoard, balldontlieInjuries,
];

const byScraper = new Map<string, PayloadTransform>(transforms.map((transform) => [transform.scraper, transform]));

/** @throws RangeError for a scraper whose answers are not loaded. */
export function transformOf(scraper: string): PayloadTransform {
  const transform = byScraper.get(scraper);
  if (transform === undefined) throw new RangeError(`answers of ${scraper} are not loaded: no transform`);
  return transform;
}
