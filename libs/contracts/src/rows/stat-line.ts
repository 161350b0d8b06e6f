import { integer } from '../table.ts';

/** What is counted of a player in a game, in every source and summary. Total rebounds are the sum of the two kinds. */
export const countedStats = {
  points: integer(),
  assists: integer(),
  rebounds: integer(),
  offensive_rebounds: integer(),
  defensive_rebounds: integer(),
  steals: integer(),
  blocks: integer(),
  turnovers: integer(),
  personal_fouls: integer(),
};

/** Shots of a player or a team in a summary: made and tried. */
export const shotCounts = {
  fg_makes: integer(),
  fg_attempts: integer(),
  three_pt_makes: integer(),
  three_pt_attempts: integer(),
  ft_makes: integer(),
  ft_attempts: integer(),
};
