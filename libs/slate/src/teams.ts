import { PipelineError, Tricode } from '@handoff/contracts';

/** A team of the league: its canonical code, the league's numeric id, and its name in two parts. */
export interface Team {
  readonly tricode: Tricode;
  readonly teamId: number;
  readonly city: string;
  readonly nickname: string;
}

// Ids as in the league's box scores; aliases as other sources write the code.
const table: readonly (readonly [code: string, teamId: number, city: string, nickname: string, ...aliases: string[]])[] = [
  ['ATL', 1610612737, 'Atlanta', 'Hawks'],
  ['BOS', 1610612738, 'Boston', 'Celtics'],
  ['BKN', 1610612751, 'Brooklyn', 'Nets', 'BRK', 'BK', 'NJN'],
  ['CHA', 1610612766, 'Charlotte', 'Hornets', 'CHO', 'CHH', 'CHR'],
  ['CHI', 1610612741, 'Chicago', 'Bulls'],
  ['CLE', 1610612739, 'Cleveland', 'Cavaliers'],
  ['DAL', 1610612742, 'Dallas', 'Mavericks'],
  ['DEN', 1610612743, 'Denver', 'Nuggets'],
  ['DET', 1610612765, 'Detroit', 'Pistons'],
  ['GSW', 1610612744, 'Golden State', 'Warriors', 'GS'],
  ['HOU', 1610612745, 'Houston', 'Rockets'],
  ['IND', 1610612754, 'Indiana', 'Pacers'],
  ['LAC', 1610612746, 'LA', 'Clippers', 'LA Clippers', 'Los Angeles Clippers', 'L.A. Clippers'],
  ['LAL', 1610612747, 'Los Angeles', 'Lakers', 'LA Lakers', 'L.A. Lakers'],
  ['MEM', 1610612763, 'Memphis', 'Grizzlies'],
  ['MIA', 1610612748, 'Miami', 'Heat'],
  ['MIL', 1610612749, 'Milwaukee', 'Bucks'],
  ['MIN', 1610612750, 'Minnesota', 'Timberwolves'],
  ['NOP', 1610612740, 'New Orleans', 'Pelicans', 'NO', 'NOH', 'NOR'],
  ['NYK', 1610612752, 'New York', 'Knicks', 'NY'],
  ['OKC', 1610612760, 'Oklahoma City', 'Thunder'],
  ['ORL', 1610612753, 'Orlando', 'Magic'],
  ['PHI', 1610612755, 'Philadelphia', '76ers', 'PHL', 'Sixers'],
  ['PHX', 1610612756, 'Phoenix', 'Suns', 'PHO'],
  ['POR', 1610612757, 'Portland', 'Trail Blazers', 'Blazers'],
  ['SAC', 1610612758, 'Sacramento', 'Kings'],
  ['SAS', 1610612759, 'San Antonio', 'Spurs', 'SA'],
  ['TOR', 1610612761, 'Toronto', 'Raptors'],
  ['UTA', 1610612762, 'Utah', 'Jazz', 'UTAH'],
  ['WAS', 1610612764, 'Washington', 'Wizards', 'WSH'],
];

const normalised = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

// Two teams play in Los Angeles: the city alone names neither.
const ambiguousCities: ReadonlySet<string> = new Set(['losangeles', 'la']);

/** The thirty teams, in order of city. */
export const teams: readonly Team[] = table.map(([code, teamId, city, nickname]) => ({ tricode: Tricode.parse(code), teamId, city, nickname }));

const byName = new Map(
  teams.flatMap((team, index) => {
    const aliases = (table[index] ?? []).slice(4).map(String);
    const cities = ambiguousCities.has(normalised(team.city)) ? [] : [team.city];
    return [team.tricode, `${team.city} ${team.nickname}`, team.nickname, ...cities, ...aliases].map((name) => [normalised(name), team] as const);
  }),
);
// Canonical codes, the usual case, need no normalising.
const byCode = new Map<string, Team>(teams.map((team) => [team.tricode, team]));
const byId = new Map(teams.map((team) => [team.teamId, team]));

/**
 * The team that a source means by a code, a full name, a nickname or an unambiguous city, in any case and
 * punctuation; undefined when it means none.
 */
export const teamOf = (sourceValue: string): Team | undefined => byCode.get(sourceValue) ?? byName.get(normalised(sourceValue));

/** The canonical code of what a source calls a team; undefined when it is none of the league's thirty. */
export const tricodeOf = (sourceValue: string): Tricode | undefined => teamOf(sourceValue)?.tricode;

/**
 * The canonical code of what a source calls a team.
 *
 * @throws PipelineError `team-unknown` (reject) naming the source's value.
 */
export function requireTricode(sourceValue: string, source: string): Tricode {
  const tricode = tricodeOf(sourceValue);
  if (tricode === undefined) {
    throw new PipelineError({
      code: 'team-unknown',
      disposition: 'reject',
      message: `${source} names a team that the league does not have: ${JSON.stringify(sourceValue)}; add the alias to libs/slate if it is one`,
      facts: { source, value: sourceValue },
    });
  }
  return tricode;
}

/** The team with the league's numeric id, or undefined. */
export const teamWithId = (teamId: number): Team | undefined => byId.get(teamId);

/** The name that the league's box scores write: `Golden State Warriors`, `LA Clippers`. Undefined for an unknown code. */
export function teamNameOf(tricode: string): string | undefined {
  const team = byName.get(normalised(tricode));
  return team === undefined ? undefined : `${team.city} ${team.nickname}`;
}
