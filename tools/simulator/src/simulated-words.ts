import type { MadeUpSeason } from '@handoff/sources-recorded';
import { Scenario } from './scenario/scenario.ts';

/** The season that specs of the simulator live through, and a scenario in it with faults of every nature. */
export const simulatedWords: { readonly season: MadeUpSeason; readonly scenario: Scenario } = {
  season: { from: '2025-11-03', days: 12, players: 5 },
  scenario: Scenario.parse({
    name: 'a day on which much goes wrong', seed: 11, from: '2025-11-12', to: '2025-11-13',
    faults: [
      { target: 'bus', kind: 'duplicate', rate: 0.2 },
      { target: 'bus', kind: 'reorder', rate: 0.2 },
      { target: 'state', kind: 'unavailable', rate: 0.02 },
      { target: 'source:bdl_player_box_scores', kind: 'partial', rate: 0.3, at: '2025-11-13T02:00:00Z', until: '2025-11-13T07:00:00Z' },
      { target: 'function:phase3-analytics', kind: 'out-of-memory' },
      { target: 'function:phase2-to-phase3', kind: 'crash', point: 'after-commit' },
    ],
  }),
};
