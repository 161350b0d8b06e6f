import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { madeUpSeason } from '@handoff/sources-recorded';
import { afterAll, expect, it } from 'vitest';
import type { SimulationReport } from '../report/report.ts';
import { Scenario } from '../scenario/scenario.ts';
import type { Simulator } from '../simulate.ts';
import { runRandomly } from './random-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'handoff-random-runs-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
const season = madeUpSeason({ from: '2025-11-03', days: 60, players: 2 });

/** Lives through nothing, and says of every scenario that an invariant was violated. */
class Failing {
  runs = 0;
  run({ faults }: Scenario): Promise<SimulationReport> {
    this.runs += 1;
    return Promise.resolve({ faults: faults.map(({ target, kind }) => ({ target, kind, fired: 1 })), invariants: [{ name: 'messages-bounded', held: false, violations: ['x'] }] } as unknown as SimulationReport);
  }
}
const live = (simulator: Failing, over: Partial<Parameters<typeof runRandomly>[0]> = {}) => runRandomly({ simulator: simulator as unknown as Simulator, season, seed: 1, runs: 5, days: 3, profile: 'default', folder, ...over });

it('a failure is made smaller and written to a file that replays it; after three the rest is left', async () => {
  const report = await live(new Failing());
  expect(report).toMatchObject({ ok: false, nextSeed: 4, runs: [{ seed: 1, violated: ['messages-bounded'] }, { seed: 2 }, { seed: 3 }] });
  const kept = Scenario.parse(JSON.parse(readFileSync(report.runs[0]?.scenarioFile ?? '', 'utf8')));
  expect(kept).toMatchObject({ seed: 1, faults: [{ times: 1 }] });
  expect(kept.from).toBe(kept.to);
});

it('when the time is up no run is begun, and a failure is written as it was', async () => {
  const simulator = new Failing();
  const report = await live(simulator, { isTimeUp: () => simulator.runs > 0 });
  expect([simulator.runs, report.runs.length, report.nextSeed]).toEqual([1, 1, 2]);
  expect(Scenario.parse(JSON.parse(readFileSync(report.runs[0]?.scenarioFile ?? '', 'utf8'))).faults).toHaveLength(report.runs[0]?.faults.length ?? 0);
});
