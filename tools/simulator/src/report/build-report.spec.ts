import { parseInstant } from '@handoff/contracts';
import { expect, it } from 'vitest';
import { unitKey } from '../outcome/read-contents.ts';
import type { FaultedOutcome, Outcome, ToldAlert } from '../outcome/outcome.ts';
import { planFault, Scenario } from '../scenario/scenario.ts';
import { buildReport } from './build-report.ts';
import { SimulationReport } from './report.ts';

const date = '2026-01-24';
const game = '0022500645';
const boxScores = 'nba_raw.bdl_player_boxscores';
const struckAt = parseInstant('2026-01-24T12:00:00Z');

const scenario = Scenario.parse({ name: 'spec', from: date, to: date, faults: [{ target: 'state', kind: 'permission-denied', until: '2026-01-24T12:30:00Z' }] });
const alert: ToldAlert = { at: struckAt, channel: 'slack', openedAt: struckAt, notices: 2, severity: 'critical', cause: 'platform-fault', subject: 'state', title: 'the state store refuses us', count: 3, resolvedAt: parseInstant('2026-01-24T12:35:00Z'), isOpen: false, worst: 'critical' };
const clean: Outcome = {
  ledger: [{ gameDate: date, output: boxScores, scope: game, state: 'COMPLETE', reason: 'rows-seen', expectedBy: parseInstant('2026-01-25T11:30:00Z') }],
  contents: { tables: [{ table: boxScores, rows: 20, digest: 'd', duplicates: 0 }], units: { [unitKey(date, boxScores, game)]: 'b' } },
  releases: [], toldRuns: [], alerts: [], gaps: [], doneTwice: [],
  counts: { messages: 100, deliveries: 100, redeliveries: 0, duplicatesDropped: 0, retries: 0, rejected: 0, deferred: 0, deadLetters: 0, warehouseStatements: 10, loadJobs: 5 },
  unfinished: { outbox: 0, deferred: 0, queued: 0, gaps: 0, breakers: [] },
  endedAt: parseInstant('2026-01-25T17:00:00Z'),
};
const [fault] = scenario.faults.map(planFault);
const run = (over: Partial<FaultedOutcome> = {}): FaultedOutcome => ({ ...clean, alerts: [alert], faults: fault === undefined ? [] : [{ fault, fired: 4, firstAt: struckAt, lastAt: parseInstant('2026-01-24T12:29:00Z') }], ...over });
const report = (over: Partial<FaultedOutcome> = {}) => buildReport(scenario, run(over), clean, 33);
const heldOf = ({ invariants }: SimulationReport) => invariants.filter(({ held }) => !held).map(({ name }) => name);

it('a run that ended as the clean one did is ok, in the shape that is documented', () => {
  const made = report();
  expect(SimulationReport.parse(JSON.parse(JSON.stringify(made)))).toEqual(made);
  expect(made).toMatchObject({ ok: true, faults: [{ target: 'state', kind: 'permission-denied', fired: 4 }] });
  expect(made.incidents).toEqual([{ cause: 'platform-fault', target: 'state', openedAt: '2026-01-24T12:00:00.000Z', detectedAt: '2026-01-24T12:00:00.000Z', resolvedAt: '2026-01-24T12:35:00.000Z', detectionMinutes: 0, healedBy: 'machine' }]);
});

it('what was violated is reported in sentences, and the run is not ok', () => {
  const made = report({ contents: { ...clean.contents, tables: [{ table: boxScores, rows: 21, digest: 'e', duplicates: 1 }] } });
  expect([made.ok, heldOf(made)]).toEqual([false, ['no-natural-key-twice']]);
  expect(made.invariants.find(({ held }) => !held)?.violations).toEqual([expect.stringContaining(boxScores) as string]);
});

it('a fault that never fired makes a run not ok, though everything held', () => {
  const made = report({ alerts: [], faults: fault === undefined ? [] : [{ fault, fired: 0 }] });
  expect([made.ok, heldOf(made), made.incidents]).toEqual([false, [], []]);
});

it('what cannot be judged says why, and what people are still reminded of is healed by nobody', () => {
  const late = report({ faults: fault === undefined ? [] : [{ fault, fired: 4, firstAt: struckAt, lastAt: parseInstant('2026-01-25T16:45:00Z') }] });
  expect(late.invariants.find(({ name }) => name === 'nothing-left-unfinished')).toMatchObject({ held: true, notJudged: expect.stringContaining('within the last hour') as string });
  const open = report({ alerts: [{ ...alert, resolvedAt: null, isOpen: true }] });
  expect([heldOf(open), open.incidents[0]]).toMatchObject([['incidents-end-with-their-causes'], { resolvedAt: null, healedBy: 'nobody' }]);
});
