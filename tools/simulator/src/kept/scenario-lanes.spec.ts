import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gameDate } from '@handoff/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SimulationReport } from '../report/report.ts';
import { parseScenario } from '../scenario/scenario.ts';
import { dealScenarios, joinRuns, refuseUncovered, type ScenarioFile, type ScenarioRunsReport } from './scenario-lanes.ts';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const kept: readonly ScenarioFile[] = readdirSync(folder).map((file) => ({ file, scenario: parseScenario(readFileSync(`${folder}/${file}`, 'utf8'), file) }));
const days = (from: string, to: string): string => JSON.stringify({ name: `${from} to ${to}`, from, to });
const fileOf = (file: string, from: string, to: string): ScenarioFile => ({ file, scenario: parseScenario(days(from, to), file) });
const namesOf = (lanes: readonly (readonly ScenarioFile[])[]): readonly (readonly string[])[] => lanes.map((lane) => lane.map(({ file }) => file));

describe('dealing scenarios to lanes', () => {
  it('gives each of the kept scenarios to exactly one lane, and no lane nothing', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 12 }), fc.subarray([...kept], { minLength: 1 }), (lanesMax, files) => {
      const lanes = dealScenarios(files, lanesMax);
      expect(lanes.flat().map(({ file }) => file).toSorted()).toEqual(files.map(({ file }) => file).toSorted());
      expect(lanes.length <= lanesMax && lanes.every((lane) => lane.length > 0)).toBe(true);
    }));
  });

  it('keeps those together that are compared with one clean run', () => {
    expect(namesOf(dealScenarios([fileOf('a', '2026-01-24', '2026-01-24'), fileOf('b', '2026-01-23', '2026-01-23'), fileOf('c', '2026-01-24', '2026-01-24')], 2))).toEqual([['a', 'c'], ['b']]);
  });

  it('begins with the longest, and gives the rest to the lane with least to do', () => {
    const lanes = dealScenarios([fileOf('day', '2026-01-24', '2026-01-24'), fileOf('week', '2026-01-12', '2026-01-18'), fileOf('two days', '2026-01-23', '2026-01-24')], 2);
    expect(namesOf(lanes)).toEqual([['week'], ['two days', 'day']]);
  });
});

it('names the file whose dates nobody has recorded, before any of them is lived through', () => {
  const season = { dates: { from: gameDate('2025-10-21'), to: gameDate('2026-01-26') } };
  const within = fileOf('within.json', '2026-01-24', '2026-01-24');
  expect(() => { refuseUncovered([within], season); }).not.toThrow();
  expect(() => { refuseUncovered([within, fileOf('march.json', '2026-03-01', '2026-03-01')], season); }).toThrow(expect.objectContaining({ code: 'range-outside-data', message: expect.stringMatching(/^march\.json: 2026-03-01 to 2026-03-01 is outside the data/) as string }) as Error);
});

it('reports runs in order of files, and is not ok as soon as one of them is not', () => {
  const run = (file: string, ok: boolean): ScenarioRunsReport['runs'][number] => ({ file, report: { ok } as SimulationReport });
  expect(joinRuns([run('b', true), run('a', false)])).toMatchObject({ schema: 'handoff.scenarios/1', ok: false, runs: [{ file: 'a' }, { file: 'b' }] });
  expect(joinRuns([run('b', true), run('a', true)]).ok).toBe(true);
});
