import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadRecordings } from '@handoff/sources-recorded';
import { silentLog } from '@handoff/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { parseScenario } from './scenario/scenario.ts';
import { Simulator } from './simulate.ts';

const scenarios = fileURLToPath(new URL('../scenarios/', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'handoff-scenarios-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

const season = loadRecordings(fileURLToPath(new URL('../../local/recordings/nba', import.meta.url)));
const simulator = new Simulator({ season, folder: root, codeVersion: 'spec', log: () => silentLog });

/** What the system claims to survive: one file for each way in which it did not, once. */
describe('the kept scenarios', () => {
  it.each(readdirSync(scenarios).filter((name) => name.endsWith('.json')))('%s holds every invariant, and every fault of it strikes', async (name) => {
    const report = await simulator.run(parseScenario(readFileSync(join(scenarios, name), 'utf8'), name));
    expect({ violated: report.invariants.filter(({ held }) => !held), silent: report.faults.filter(({ fired }) => fired === 0) }).toEqual({ violated: [], silent: [] });
  }, 300_000);
});
