export { loadSlate, loadSlates, type Slates } from './slates.ts';
