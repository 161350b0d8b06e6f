export { predictGame } from './predict-game.ts';
