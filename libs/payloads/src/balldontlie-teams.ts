import { Tricode } from '@handoff/contracts';

// balldontlie numbers the teams 1 to 30 in this order; its stat objects name both sides of a game by number only.
const inOrder = [
  'ATL', 'BOS', 'BKN', 'CHA', 'CHI', 'CLE', 'DAL', 'DEN', 'DET', 'GSW', 'HOU', 'IND', 'LAC', 'LAL', 'MEM',
  'MIA', 'MIL', 'MIN', 'NOP', 'NYK', 'OKC', 'ORL', 'PHI', 'PHX', 'POR', 'SAC', 'SAS', 'TOR', 'UTA', 'WAS',
].map((code) => Tricode.parse(code));

/** The team with balldontlie's number; undefined for a number that is no present team's. */
export const balldontlieTeam = (id: number): Tricode | undefined => inOrder[id - 1];

/** balldontlie's number of a team. @throws RangeError for a code that is not one of the thirty. */
export function balldontlieTeamId(tricode: string): number {
  const index = inOrder.findIndex((code) => code === tricode);
  if (index < 0) throw new RangeError(`no team ${tricode}`);
  return index + 1;
}
