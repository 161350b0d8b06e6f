import { gameDate } from '@handoff/contracts';
import { expect, it } from 'vitest';
import type { ScenarioRunsReport } from '../kept/scenario-lanes.ts';
import type { RandomRunsReport } from '../random/random-runs.ts';
import type { SimulationReport } from '../report/report.ts';
import { proofPage } from './proof-page.ts';

const report = {
  scenario: { name: 'a thing goes wrong', seed: 1, sport: 'nba', from: '2026-01-24', to: '2026-01-24' },
  faults: [{ target: 'bus', kind: 'drop', fired: 2 }, { target: 'state', kind: 'error', fired: 3 }],
  incidents: [{ cause: 'drop', target: 'bus', openedAt: '2026-01-24T08:00:00Z', detectedAt: null, resolvedAt: '2026-01-24T09:30:00Z', detectionMinutes: 4, healedBy: 'machine' }, { cause: 'error', target: 'state', openedAt: '', detectedAt: null, resolvedAt: null, detectionMinutes: null, healedBy: 'machine' }],
  invariants: [{ name: 'one', held: true, violations: [] }, { name: 'two', held: false, violations: ['x'] }],
} as unknown as SimulationReport;

it('has a line for each scenario: what goes wrong, how often it struck, who noticed and healed it and when, what held', () => {
  expect(proofPage({ scenarios: [{ file: 'tools/simulator/scenarios/bus-drop.json', report }], drawn: [] })).toContain('| a thing goes wrong | [bus-drop](../tools/simulator/scenarios/bus-drop.json) | 5 | 4, none | 90, none | machine | 1 of 2 |');
});

it('tells which seeds were drawn, which failed, and how to draw them again', () => {
  const faults = [{ target: 'bus', kind: 'drop', fired: 2 }];
  const runs = [{ seed: 5, from: '2026-01-12', to: '2026-01-18', ok: true, faults, violated: [] }, { seed: 6, from: '2026-01-12', to: '2026-01-18', ok: false, faults, violated: ['messages-bounded'] }];
  const page = proofPage({ scenarios: [], drawn: [{ schema: 'handoff.simulations/1', profile: 'default', days: 7, ok: false, runs, nextSeed: 7 }] });
  expect(page).toContain('2 runs of 7 days with the default profile, seeds 5 to 6: 4 strikes, every invariant held in 1 of 2; seed 6 violated messages-bounded.');
  expect(page).toContain('--seed 5 --days 7 --faults default --runs 2');
});

it('tells of seeds that were drawn in pieces as one range, and of a gap between them', () => {
  const piece = (seed: number, days = 7): RandomRunsReport => ({ schema: 'handoff.simulations/1', profile: 'default', days, ok: true, runs: [{ seed, from: gameDate('2026-01-12'), to: gameDate('2026-01-18'), ok: true, faults: [{ target: 'bus', kind: 'drop', fired: 2 }], violated: [] }], nextSeed: seed + 1 });
  const page = proofPage({ scenarios: [], drawn: [piece(9), piece(1, 90), piece(6), piece(5)] });
  expect(page).toContain('2 runs of 7 days with the default profile, seeds 5 to 6: 4 strikes, every invariant held.');
  expect(page).toContain('One run of 7 days with the default profile, seed 9: 2 strikes, every invariant held.');
  expect(page).toContain('One run of 90 days with the default profile, seed 1: 2 strikes, every invariant held.');
});

it('tells which commit was tried, and joins no range that another was', () => {
  const piece = (seed: number, commit: string): RandomRunsReport => ({ schema: 'handoff.simulations/1', profile: 'default', days: 7, ok: true, runs: [{ seed, from: gameDate('2026-01-12'), to: gameDate('2026-01-18'), ok: true, faults: [], violated: [] }], nextSeed: seed + 1, commit });
  const page = proofPage({ scenarios: [], drawn: [piece(1, 'aaaaaaa'), piece(2, 'aaaaaaa'), piece(3, 'bbbbbbb')] });
  expect(page).toContain('2 runs of 7 days with the default profile, seeds 1 to 2, on commit aaaaaaa: 0 strikes');
  expect(page).toContain('One run of 7 days with the default profile, seed 3, on commit bbbbbbb: 0 strikes');
});

it('tells of every fault by itself, and which of them were not survived', () => {
  const singleFaults = { schema: 'handoff.scenarios/1', ok: false, runs: [{ file: 'a', report: { ...report, ok: true } }, { file: 'b', report: { ...report, ok: false } }] } as const;
  expect(proofPage({ scenarios: [], drawn: [], singleFaults: singleFaults as unknown as ScenarioRunsReport })).toContain('2 days, each with one fault of the simulator\'s tables: 1 held every invariant while it struck; not so a thing goes wrong.');
  expect(proofPage({ scenarios: [], drawn: [] })).toContain('Not tried for this page.');
});
