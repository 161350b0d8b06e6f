import { functionNames } from '@handoff/catalogue';
import { faultKinds } from '@handoff/faults';
import { minutes, parseInstant, PipelineError } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { faultTable, rowOf } from './fault-table.ts';
import { allowedTargets, parseScenario, planFault, Scenario } from './scenario.ts';
import { targetFamilies, targetsOf } from './targets.ts';

const scenario = (over: object = {}): string => JSON.stringify({ name: 'spec', from: '2026-01-24', to: '2026-01-24', ...over });
const withFault = (fault: object): string => scenario({ faults: [fault] });
function problemOf(text: string): string {
  try {
    parseScenario(text, 'spec.json');
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'scenario-invalid') return error.message;
    throw error;
  }
  return '';
}

describe('a scenario', () => {
  it('needs a name and dates alone', () => {
    expect(parseScenario(scenario(), 'spec.json')).toEqual({ name: 'spec', seed: 1, sport: 'nba', from: '2026-01-24', to: '2026-01-24', config: {}, faults: [] });
  });

  it.each<readonly [what: string, text: string, says: readonly string[]]>([
    ['is not JSON', '{', ['spec.json is not JSON']],
    ['has a field that nobody reads', scenario({ fault: [] }), ['Unrecognized key', 'fault']],
    ['has a date that is none', scenario({ to: '2026-02-30' }), ['to:']],
    ['ends before it begins', scenario({ from: '2026-01-25' }), ['from 2026-01-25 is after to 2026-01-24']],
    ['names a sport that there is not', scenario({ sport: 'curling' }), ['sport', 'nba']],
    ['names no part of the world', withFault({ target: 'database', kind: 'error' }), ['no target database', '`state`', '`function:<app>`']],
    ['names a function that there is not', withFault({ target: 'function:phase9', kind: 'crash' }), ['no target function:phase9', 'function:phase2-raw']],
    ['names a source as a whole', withFault({ target: 'source', kind: 'empty' }), ['no target source:', 'source:bdl_injuries']],
    ['names a kind that there is not', withFault({ target: 'state', kind: 'explode' }), ['no kind explode', 'permission-denied']],
    ['has a kind that does not fit', withFault({ target: 'clock', kind: 'duplicate' }), ['duplicate does not fit clock', 'on clock there are skew', '`bus`']],
    ['has a kind that fits another target of the family', withFault({ target: 'function:phase2-raw', kind: 'defaults-replace-features' }), ['fits function:phase4-features']],
    ['has a rate of nothing', withFault({ target: 'bus', kind: 'drop', rate: 0 }), ['faults.0.rate']],
    ['has a fault that ends before it begins', withFault({ target: 'bus', kind: 'drop', at: '2026-01-24T12:00:00Z', until: '2026-01-24T12:00:00Z' }), ['faults.0: it ends before it begins']],
    ['has an instant without a zone', withFault({ target: 'bus', kind: 'drop', at: '2026-01-24T12:00:00' }), ['faults.0.at']],
    ['has a span that runs backwards', withFault({ target: 'state', kind: 'latency', delayMinutes: -1 }), ['faults.0.delayMinutes']],
    ['has a point that is no crash', withFault({ target: 'bus', kind: 'drop', point: 'after-work' }), ['faults.0.point', 'only a crash has a point']],
  ])('that %s is refused with what is possible', (_what, text, says) => {
    const problem = problemOf(text);
    for (const word of says) expect(problem).toContain(word);
  });

  it('may have a clock that is behind, and parts of a minute', () => {
    const spans = [-5, 0.333].map((delayMinutes) => planFault(Scenario.parse(JSON.parse(withFault({ target: 'clock', kind: 'skew', delayMinutes }))).faults[0]!).span);
    expect(spans).toEqual([-300_000, 19_980]);
  });

  it('becomes a plan: instants, a span, a crash that strikes once', () => {
    const [late, crash] = parseScenario(scenario({ faults: [
      { target: 'bus:grading-trigger', kind: 'delay', at: '2026-01-24T07:00:00-05:00', delayMinutes: 45, games: ['0022500644'] }, { target: 'function:phase2-raw', kind: 'crash' },
    ] }), 'spec.json').faults.map(planFault);
    expect(late).toEqual({ target: 'bus:grading-trigger', kind: 'delay', at: parseInstant('2026-01-24T12:00:00Z'), span: minutes(45), games: ['0022500644'] });
    expect(crash).toEqual({ target: 'function:phase2-raw', kind: 'crash', point: 'before-work', times: 1 });
  });
});

describe('the table of faults', () => {
  it('has every kind, and every family of targets', () => {
    expect(new Set(faultTable.map(({ kind }) => kind))).toEqual(new Set(faultKinds));
    expect(new Set(faultTable.map(({ family }) => family))).toEqual(new Set(targetFamilies));
  });

  it('has one row for a kind on a target', () => {
    const pairs = faultTable.flatMap((row) => allowedTargets(row).map((target) => `${row.kind} ${target}`));
    expect(pairs.filter((pair, place) => pairs.indexOf(pair) !== place)).toEqual([]);
    for (const row of faultTable) for (const target of allowedTargets(row)) expect(rowOf(row.kind, target)).toBe(row);
  });

  it('narrows only to targets of its family', () => {
    for (const row of faultTable) expect(targetsOf(row.family)).toEqual(expect.arrayContaining([...allowedTargets(row)]));
  });

  it('has a target for every function of the catalogue', () => {
    expect(targetsOf('function')).toEqual(functionNames.map((name) => `function:${name}`));
  });
});
