export { predictGames } from './predict-games.ts';
