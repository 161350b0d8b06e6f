import { gameDate, OfficialGameId } from '@handoff/contracts';
import { easternTime, tricodeOf } from '@handoff/slate';
import type { BoxFileRow } from './box-file.ts';
import type { RecordedGame } from './recorded-season.ts';
import { recordingCorrupt, remedies } from './recording-errors.ts';

/** Home, away and whether the site is neutral, out of the matchups of one game: `BOS vs. NYK` or `NYK @ BOS`. */
function sidesOf(officialId: string, matchups: readonly string[]): Pick<RecordedGame, 'home' | 'away' | 'isNeutralSite'> {
  const straight = matchups.find((matchup) => matchup.includes(' vs. '));
  // At a neutral site both rows read `X @ Y`: which of them is the home side is then a convention, here the first by name.
  const neutral = matchups.toSorted().map((matchup) => matchup.split(' @ ').toReversed().join(' vs. '))[0];
  const [home, away] = (straight ?? neutral ?? '').split(' vs. ').map((name) => tricodeOf(name));
  if (home === undefined || away === undefined) throw recordingCorrupt(officialId, `MATCHUP names no two teams: ${JSON.stringify(matchups[0])}`, remedies.brought);
  return { home, away, isNeutralSite: straight === undefined && matchups.length > 1 };
}

function gameOf(officialId: string, rows: readonly BoxFileRow[]): RecordedGame {
  const sides = sidesOf(officialId, [...new Set(rows.map(({ matchup }) => matchup))]);
  const date = gameDate(rows[0]?.gameDate ?? '');
  const tipAt = easternTime(date, 19, 0);
  const points = (team: string): number => rows.filter(({ stat }) => stat.team === team).reduce((sum, { stat }) => sum + stat.counts.PTS, 0);
  return {
    officialId: OfficialGameId.parse(officialId), ...sides,
    plannedDate: date, plannedTipAt: tipAt, actualDate: date, actualTipAt: tipAt, isTipAssumed: true,
    homeScore: points(sides.home), awayScore: points(sides.away),
  };
}

/** Games as only their box scores tell of them: tip-off assumed at 19:00 Eastern, scores summed from the players. */
export function gamesFromBoxRows(rows: readonly BoxFileRow[]): RecordedGame[] {
  const byGame = new Map<string, BoxFileRow[]>();
  for (const row of rows) byGame.set(row.stat.officialId, [...(byGame.get(row.stat.officialId) ?? []), row]);
  return Array.from(byGame, ([officialId, rowsOfGame]) => gameOf(officialId, rowsOfGame));
}
