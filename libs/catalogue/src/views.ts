import type { Column, ViewDefinition } from '@handoff/contracts';
import gameIdMappings from './views/game-id-mappings.sql';

const text = (name: string): Column => ({ name, type: 'STRING', mode: 'NULLABLE' });
const integer = (name: string): Column => ({ name, type: 'INT64', mode: 'NULLABLE' });

/** Every view of the product. */
export const views: readonly ViewDefinition[] = [
  {
    name: 'nba_raw.v_game_id_mappings',
    description: 'The three ids of a game, one row per game on the date on which it is played, from season 2024 on.',
    text: gameIdMappings,
    columns: [
      text('nba_game_id'), text('bdl_game_id'), { name: 'game_date', type: 'DATE', mode: 'NULLABLE' }, text('game_code'),
      text('home_team_tricode'), text('away_team_tricode'), integer('game_status'), integer('season_year'),
    ],
  },
];
