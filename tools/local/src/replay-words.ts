import type { MadeUpSeason } from '@handoff/sources-recorded';

/** The season that specs of the whole system live through, and the dates of it that they replay. */
export const replayWords: { readonly season: MadeUpSeason; readonly from: string; readonly to: string } = {
  season: { from: '2025-11-03', days: 12, players: 5 },
  from: '2025-11-13',
  to: '2025-11-13',
};
