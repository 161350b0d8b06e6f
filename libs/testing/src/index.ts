export { sharedData, type Skippable } from './shared-data.ts';
