import { after, minutes, type DurationMs, type EpochMs } from '@handoff/contracts';
import type { Fault, FaultPlan } from '@handoff/faults';
import { playerLookup } from '@handoff/slate';
import { finalAt, type RecordedGame, type RecordedLine, type RecordedSeason, type RecordedStat } from '@handoff/sources-recorded';

/** What a source knows while a fault is active, at a moment: a season that is not quite what happened. */
export type Alteration = (season: RecordedSeason, fault: Fault, moment: Moment) => RecordedSeason;

export interface Moment {
  readonly plan: FaultPlan;
  readonly scraper: string;
  readonly now: EpochMs;
}

type Keep = (officialId: string) => boolean;

const isSchedule = ({ scraper }: Moment): boolean => scraper === 'nbac_schedule_api';

/** Games that the fault is about: those that it names, else its share of all. */
const isStruck = (fault: Fault, { plan }: Moment): Keep => (officialId) => (fault.games === undefined ? plan.draws(fault, officialId, fault.rate ?? 1) : fault.games.includes(officialId));

function keepingGames(season: RecordedSeason, keep: Keep, moment: Moment): RecordedSeason {
  return {
    ...season,
    // The schedule lists games by themselves; every other answer is about games that there are.
    games: isSchedule(moment) ? season.games.filter(({ officialId }) => keep(officialId)) : season.games,
    statsByGame: new Map([...season.statsByGame].filter(([officialId]) => keep(officialId))),
    events: season.events.filter(({ officialId }) => keep(officialId)),
    lines: season.lines.filter(({ officialId }) => keep(officialId)),
  };
}

export const withoutGames: Alteration = (season, fault, moment) => {
  const struck = isStruck(fault, moment);
  return keepingGames(season, (officialId) => !struck(officialId), moment);
};

export const withNothing: Alteration = (season, _fault, moment) => ({ ...keepingGames(season, () => false, moment), injuries: [] });

/** Whether the fault is about this player: one that it names, else its share of all. */
function isPlayerStruck(fault: Fault, { plan }: Moment, { officialId, player, fallback }: { readonly officialId: string; readonly player: string; readonly fallback: number }): boolean {
  if (fault.games !== undefined && !fault.games.includes(officialId)) return false;
  if (fault.players === undefined) return plan.draws(fault, `${officialId}/${player}`, fault.rate ?? fallback);
  return fault.players.some((name) => name === player || name === playerLookup(player));
}

export const withPartOfTheRows: Alteration = (season, fault, moment) => {
  const isMissing = (officialId: string, player: string): boolean => isPlayerStruck(fault, moment, { officialId, player, fallback: 0.5 });
  return {
    ...season,
    games: isSchedule(moment) ? season.games.filter(({ officialId }) => !isMissing(officialId, '')) : season.games,
    statsByGame: mapStats(season, (stats) => stats.filter(({ officialId, playerName }) => !isMissing(officialId, playerName))),
    lines: season.lines.filter(({ officialId, player }) => !isMissing(officialId, player)),
    injuries: season.injuries.filter(({ player }) => !isMissing('', player)),
  };
};

const mapStats = (season: RecordedSeason, change: (stats: readonly RecordedStat[]) => readonly RecordedStat[]): RecordedSeason['statsByGame'] =>
  new Map([...season.statsByGame].map(([officialId, stats]) => [officialId, change(stats)]));

const correctedAfter: DurationMs = minutes(720);
/** Free throws that were not made: points, makes and attempts stay consistent. */
const wrongBy = 2;

const wrongStat = (stat: RecordedStat): RecordedStat => {
  const { counts } = stat;
  return { ...stat, counts: { ...counts, FTM: counts.FTM + wrongBy, FTA: counts.FTA + wrongBy, PTS: counts.PTS + wrongBy } };
};

export const withErrors: Alteration = (season, fault, moment) => {
  const span = fault.span ?? correctedAfter;
  const isWrong = (officialId: string, player: string): boolean => isPlayerStruck(fault, moment, { officialId, player, fallback: 0.2 });
  const isNew = (game: RecordedGame | undefined): boolean => game !== undefined && moment.now < after(finalAt(game), span);
  const wrongLine = (line: RecordedLine): RecordedLine => (moment.now < after(line.snapshotAt, span) && isWrong(line.officialId, line.player) ? { ...line, points: line.points + wrongBy } : line);
  return {
    ...season,
    statsByGame: new Map([...season.statsByGame].map(([officialId, stats]) => [
      officialId, isNew(season.gamesById.get(officialId)) ? stats.map((stat) => (isWrong(officialId, stat.playerName) ? wrongStat(stat) : stat)) : stats,
    ])),
    lines: season.lines.map(wrongLine),
  };
};

export const withSidesReversed: Alteration = (season, fault, moment) => {
  const struck = isStruck(fault, moment);
  const games = season.games.map((game) => (struck(game.officialId) ? { ...game, home: game.away, away: game.home, homeScore: game.awayScore, awayScore: game.homeScore } : game));
  return { ...season, games, gamesById: new Map(games.map((game) => [game.officialId, game])) };
};
