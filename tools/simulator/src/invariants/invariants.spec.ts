import { gameDate, minutes, parseInstant, before, after } from '@handoff/contracts';
import type { Gap } from '@handoff/ledger';
import { describe, expect, it } from 'vitest';
import type { FaultedOutcome, Outcome } from '../outcome/outcome.ts';
import type { KeptRelease } from '../outcome/read-handoffs.ts';
import { unitKey } from '../outcome/read-contents.ts';
import type { LedgerEntry } from '../outcome/read-ledger.ts';
import { rowOf } from '../scenario/fault-table.ts';
import type { ToldAlert } from '../outcome/outcome.ts';
import { invariants } from './invariants.ts';
import { judge, type Evidence, type JudgedFault } from './invariant.ts';

const date = '2026-01-24';
const game = '0022500645';
const endedAt = parseInstant('2026-01-25T17:00:00Z');
const struckAt = parseInstant('2026-01-24T12:00:00Z');
const boxScores = 'nba_raw.bdl_player_boxscores';
const predictions = 'nba_predictions.player_prop_predictions';

const entry = (output: string, over: Partial<LedgerEntry> = {}): LedgerEntry => ({ gameDate: date, output, scope: game, state: 'COMPLETE', reason: 'rows-seen', expectedBy: parseInstant('2026-01-25T11:30:00Z'), ...over });
const release: KeptRelease = {
  gameDate: date, flow: 'postgame', from: 'phase2', to: 'phase3', releaseId: 'r1', revision: 1, verdict: 'release', coverage: 1, missing: [], releasedAt: parseInstant('2026-01-25T06:00:00Z'), isPublished: true,
};
const alert = (over: Partial<ToldAlert> = {}): ToldAlert => ({ at: struckAt, channel: 'slack', openedAt: struckAt, notices: 1, severity: 'critical', cause: 'platform-fault', subject: 'state-permission-denied', title: 't', count: 1, resolvedAt: null, isOpen: false, worst: 'critical', ...over });

const clean: Outcome = {
  ledger: [entry(boxScores), entry(predictions)],
  contents: { tables: [{ table: boxScores, rows: 20, digest: 'd', duplicates: 0 }], units: { [unitKey(date, boxScores, game)]: 'b', [unitKey(date, predictions, game)]: 'p' } },
  releases: [release],
  toldRuns: [{ eventId: 'e1', runId: 'r1', phase: 'phase3', status: 'complete', gameDate: date }],
  alerts: [],
  counts: { messages: 100, deliveries: 100, redeliveries: 0, duplicatesDropped: 0, retries: 0, rejected: 0, deferred: 0, deadLetters: 0, warehouseStatements: 10, loadJobs: 5 },
  unfinished: { outbox: 0, deferred: 0, queued: 0, gaps: 0, breakers: [] },
  doneTwice: [], gaps: [],
  endedAt,
};

function fault(kind: 'permission-denied' | 'unavailable' | 'timeout' | 'drop' | 'partial', target = 'state'): JudgedFault {
  const row = rowOf(kind, target);
  if (row === undefined) throw new RangeError(`${kind} does not fit ${target}`);
  return { fault: { target, kind }, row, fired: 1, firstAt: struckAt, lastAt: struckAt };
}

const gap: Gap = {
  gameDate: gameDate(date), flow: 'postgame', phase: 'phase2', subject: boxScores, occurrence: 1, status: 'closed', missing: [`${boxScores}|${game}`], purpose: 'live',
  openedAt: struckAt, attempts: [], attemptCount: 0, round: 1, attemptsInRound: 0, nextActionAt: null, endedAt: struckAt, resolution: 'rows-seen', version: 2, updatedAt: struckAt,
};

/** What holds: a fault that was noticed at once and has done no harm. */
const evidence = (run: Partial<Outcome> = {}, faults: readonly JudgedFault[] = [fault('permission-denied')]): Evidence => {
  const told = faults.some(({ row }) => row.alertWhen === 'first') ? [alert()] : [];
  return { run: { ...clean, alerts: told, ...run, faults: [] } satisfies FaultedOutcome, clean, faults, coverageMin: undefined, told: undefined };
};
const violated = (given: Evidence): readonly string[] => invariants.map((invariant) => judge(invariant, given)).filter(({ held }) => !held).map(({ name }) => name);

it('all hold of a run that ended as the clean one did', () => {
  expect(violated(evidence())).toEqual([]);
  expect(violated({ ...evidence({}, []), run: { ...clean, faults: [] } })).toEqual([]);
});

const without = (output: string): Outcome['contents'] => ({ ...clean.contents, units: Object.fromEntries(Object.entries(clean.contents.units).filter(([key]) => key !== unitKey(date, output, game))) });
const changed = (output: string): Outcome['contents'] => ({ ...clean.contents, units: { ...clean.contents.units, [unitKey(date, output, game)]: 'other' } });
const late = minutes(90);

describe.each<readonly [name: string, what: string, given: Evidence]>([
  ['outputs-present-or-reported', 'an output is missing and nobody was told', evidence({ ledger: [entry(boxScores, { state: 'MISSED' }), entry(predictions)], contents: without(boxScores) }, [fault('drop', 'bus')])],
  ['outputs-present-or-reported', 'the ledger says that an output is there, and its table is empty', evidence({ contents: without(predictions) })],
  ['no-natural-key-twice', 'a table holds a row twice', evidence({ contents: { ...clean.contents, tables: [{ table: boxScores, rows: 21, digest: 'd', duplicates: 1 }] } })],
  ['revision-takes-effect-once', 'a phase run ended twice', evidence({ toldRuns: [...clean.toldRuns, { eventId: 'e2', runId: 'r1', phase: 'phase3', status: 'complete', gameDate: date }] })],
  ['revision-takes-effect-once', 'a message was worked on twice', evidence({ doneTwice: ['phase2-raw files: 2 times'] })],
  ['revision-takes-effect-once', 'one release is there twice', evidence({ releases: [release, release] })],
  ['nothing-through-closed-gate', 'a whole slate was released with something missing', evidence({ releases: [{ ...release, coverage: 0.9 }] })],
  ['nothing-through-closed-gate', 'a degraded slate was released below the threshold', evidence({ releases: [{ ...release, verdict: 'release-degraded', coverage: 0.79, releasedAt: endedAt }] })],
  ['nothing-through-closed-gate', 'a degraded slate was released within its grace', evidence({ releases: [{ ...release, verdict: 'release-degraded', coverage: 0.9, releasedAt: parseInstant('2026-01-25T15:29:00Z') }] })],
  ['nothing-through-closed-gate', 'a phase ran that nothing had released', evidence({ toldRuns: [{ eventId: 'e1', runId: 'r2', phase: 'phase3', status: 'complete', gameDate: date }] })],
  ['alerts-within-budget', 'nobody was told of a permission', evidence({ alerts: [] })],
  ['alerts-within-budget', 'nobody was told of a store that refuses every call, said as a rate', evidence({ alerts: [] }, [{ ...fault('permission-denied'), fault: { target: 'state', kind: 'permission-denied', rate: 1 } }])],
  ['alerts-within-budget', 'what people were told of had ended when it struck', evidence({ alerts: [alert({ at: before(struckAt, minutes(2)), resolvedAt: before(struckAt, minutes(1)) })] })],
  ['alerts-within-budget', 'people were told too late', evidence({ alerts: [alert({ at: after(struckAt, minutes(16)) })] })],
  ['alerts-within-budget', 'harm was done and nobody was told', evidence({ ledger: [entry(boxScores, { state: 'FAILED' }), entry(predictions)], contents: without(boxScores) }, [fault('unavailable')])],
  ['no-alert-without-cause', 'people were told of something that has nothing to do with the fault', evidence({ alerts: [alert(), alert({ cause: 'unknown-output', subject: 'x' })] })],
  ['no-alert-without-cause', 'people were told before anything had happened', evidence({ alerts: [alert(), alert({ at: before(struckAt, minutes(1)), subject: 'x' })] })],
  ['told-as-said', 'people heard of what the scenario does not name', { ...evidence({ alerts: [alert(), alert({ cause: 'gate-blocked', subject: 'phase3' })] }), told: ['platform-fault state-permission-denied'] }],
  ['told-as-said', 'nobody heard of what the scenario names', { ...evidence({}, []), told: ['platform-fault state-permission-denied'] }],
  ['incidents-end-with-their-causes', 'people are reminded still of what was over long ago', evidence({ alerts: [alert({ isOpen: true })] })],
  ['nothing-left-unfinished', 'a message waits in the outbox', evidence({ unfinished: { outbox: 1, deferred: 0, queued: 0, gaps: 0, breakers: [] } })],
  ['nothing-left-unfinished', 'deferred work was not taken up', evidence({ unfinished: { outbox: 0, deferred: 1, queued: 0, gaps: 0, breakers: [] } })],
  ['nothing-left-unfinished', 'a gap is open', evidence({ unfinished: { outbox: 0, deferred: 0, queued: 0, gaps: 1, breakers: [] } })],
  ['nothing-left-unfinished', 'a breaker is open', evidence({ unfinished: { outbox: 0, deferred: 0, queued: 0, gaps: 0, breakers: ['service espn'] } })],
  ['gaps-closed-with-rows', 'a gap is closed, and its rows are not there', evidence({ gaps: [gap], contents: without(boxScores), alerts: [alert()] })],
  ['gaps-closed-with-rows', 'a gap is closed whose output is still overdue', evidence({ gaps: [gap], ledger: [entry(boxScores, { state: 'FAILED' }), entry(predictions)], alerts: [alert()] })],
  ['repairs-within-budget', '21 repairs were begun at once', evidence({ gaps: [{ ...gap, attempts: Array.from({ length: 21 }, () => ({ at: struckAt, repair: 'scrape', missing: [], messages: 1, by: 'self-heal', correlationId: 'spec' })) }] })],
  ['messages-bounded', 'messages grew beyond the work', evidence({ counts: { ...clean.counts, messages: 311 } })],
  ['convergent-outputs-equal-clean', 'box scores differ', evidence({ contents: changed(boxScores) })],
  ['time-bound-outputs-equal-clean', 'predictions differ though nothing before them does, and nobody was told of anything', evidence({ contents: changed(predictions) }, [fault('unavailable')])],
  ['time-bound-outputs-equal-clean', 'predictions differ, and a function was only away', evidence({ contents: changed(predictions) }, [fault('unavailable', 'function:phase3-analytics')])],
  ['time-bound-outputs-equal-clean', 'predictions differ, and people were told of nothing but a channel', evidence({ contents: changed(predictions), alerts: [alert({ cause: 'notifier-failed' })] }, [fault('unavailable')])],
  ['alerts-within-budget', 'nobody was told of a store that refuses some calls and does harm', evidence({ alerts: [], ledger: [entry(boxScores, { state: 'FAILED' }), entry(predictions)], contents: without(boxScores) }, [{ ...fault('permission-denied'), fault: { target: 'state', kind: 'permission-denied', rate: 0.1 } }])],
])('%s', (name, what, given) => {
  it(`is violated where ${what}`, () => {
    expect(violated(given)).toContain(name);
  });
});

const missedBefore = entry(boxScores, { gameDate: '2026-01-23', state: 'MISSED' });

describe('what is forgiven', () => {
  it.each<readonly [what: string, given: Evidence]>([
    ['310 messages after one strike: three times the clean run’s and ten', evidence({ counts: { ...clean.counts, messages: 310 } })],
    ['predictions that differ because the box scores of the date before are missing, which is reported', { ...evidence({ ledger: [missedBefore, entry(predictions)], contents: { ...clean.contents, units: { [unitKey(date, predictions, game)]: 'other' } }, alerts: [alert({ cause: 'gate-blocked', subject: 'x' })] }, [fault('partial', 'source:bdl_player_box_scores')]), clean: { ...clean, ledger: [{ ...missedBefore, state: 'COMPLETE' }, entry(predictions)], contents: { ...clean.contents, units: { [unitKey('2026-01-23', boxScores, game)]: 'b', [unitKey(date, predictions, game)]: 'p' } } } }],
    ['what is still under way when the last strike was half an hour ago', evidence({ contents: changed(boxScores), unfinished: { outbox: 3, deferred: 3, queued: 3, gaps: 3, breakers: ['service espn'] }, alerts: [alert({ at: struckAt })] }, [{ ...fault('permission-denied'), lastAt: before(endedAt, minutes(30)) }])],
    ['an alert that is a minute older than the strike, since the look that raised it had begun before', evidence({ alerts: [alert({ at: before(struckAt, minutes(1)) })] }, [{ ...fault('unavailable'), row: { ...fault('unavailable').row, cause: 'platform-unreachable', otherCauses: [], alertWhen: 'never' }, firstAt: before(struckAt, minutes(2)) }, fault('permission-denied')])],
    ['a degraded slate after its grace at the threshold', evidence({ releases: [{ ...release, verdict: 'release-degraded', coverage: 0.8, releasedAt: parseInstant('2026-01-25T15:30:00Z') }] })],
    ['one incident that several channels told, where the scenario names it', { ...evidence({ alerts: [alert(), alert({ channel: 'email' })] }), told: ['platform-fault state-permission-denied'] }],
    ['a refusal of one call in ten that the next try got through', evidence({ alerts: [] }, [{ ...fault('permission-denied'), fault: { target: 'state', kind: 'permission-denied', rate: 0.1 } }])],
    ['a publication that was made too late, while people knew that work was held up', evidence({ contents: changed(predictions), alerts: [alert({ cause: 'platform-unreachable' })] }, [fault('unavailable')])],
    ['predictions that were made of what a slow store held up', evidence({ contents: changed(predictions) }, [fault('timeout', 'state')])],
    ['predictions that were made of what a slow function brought later', evidence({ contents: changed(predictions) }, [fault('timeout', 'function:expectation-planner')])],
    ['an alert that is due only after the end', evidence({ alerts: [] }, [{ ...fault('permission-denied'), firstAt: before(endedAt, minutes(5)), lastAt: before(endedAt, minutes(5)) }])],
    ['a gap that was closed too early, and is open again', evidence({ gaps: [gap, { ...gap, occurrence: 2, status: 'open', endedAt: null }], contents: without(boxScores), ledger: [entry(boxScores, { state: 'FAILED' }), entry(predictions)] }, [{ ...fault('permission-denied'), lastAt: before(endedAt, minutes(30)) }])],
    ['a warning that stands, since it is told once', evidence({ alerts: [alert(), alert({ cause: 'no-rows-for-final-games', subject: 'x', worst: 'warning', isOpen: true })] })],
    ['an error that is not seen to be over, but only not seen again', evidence({ alerts: [alert(), alert({ cause: 'function-failed', subject: 'x', worst: 'error', isOpen: true })] }, [fault('permission-denied'), { ...fault('unavailable'), row: { ...fault('unavailable').row, cause: 'function-failed' } }])],
    ['what people are reminded of while the machine still has time to heal', evidence({ alerts: [alert({ isOpen: true })] }, [{ ...fault('permission-denied'), lastAt: before(endedAt, minutes(30)) }])],
    ['an alert of the clean run', { ...evidence({ alerts: [alert(), alert({ cause: 'games-not-collected', subject: 'g' })] }), clean: { ...clean, alerts: [alert({ cause: 'games-not-collected', subject: 'g', at: before(struckAt, late) })] } }],
  ])('%s', (_what, given) => {
    expect(violated(given)).toEqual([]);
  });
});

it('predictions may differ where a source told otherwise before tip-off, though its table is the same in the end', () => {
  const row = rowOf('stale', 'source:oddsa_player_props');
  if (row === undefined) throw new RangeError('stale does not fit lines');
  const stale: JudgedFault = { ...fault('unavailable'), fault: { target: 'source:oddsa_player_props', kind: 'stale' }, row };
  expect(violated(evidence({ contents: changed(predictions) }, [stale]))).toEqual([]);
});

describe('what is excused by no fault', () => {
  const dueLater = parseInstant('2026-01-25T16:00:00Z');
  const early: JudgedFault = { ...fault('drop', 'bus'), firstAt: parseInstant('2026-01-23T10:00:00Z'), lastAt: parseInstant('2026-01-23T10:10:00Z') };
  const toldOf = (over: Partial<ToldAlert> = {}): ToldAlert => alert({ cause: 'platform-unreachable', at: early.firstAt as ToldAlert['at'], ...over });
  const missed = { ledger: [entry(boxScores), entry(predictions, { state: 'MISSED', expectedBy: dueLater })], contents: without(predictions) };

  it.each<readonly [what: string, given: Evidence]>([
    ['what was due a day after everything was healed', evidence({ ...missed, alerts: [toldOf()] }, [early])],
    ['what is missing though the ledger only waits for it', evidence({ ...missed, ledger: [entry(boxScores), entry(predictions, { state: 'EXPECTED' })], alerts: [alert()] }, [fault('drop', 'bus')])],
    ['what is missing when the only incident was long over', evidence({ ...missed, alerts: [alert({ resolvedAt: parseInstant('2026-01-24T13:00:00Z') })] }, [fault('drop', 'bus')])],
  ])('%s', (_what, given) => {
    expect(violated(given)).toContain('outputs-present-or-reported');
  });
});

it('what a fault did to the very end of a run is not judged, and the report says so', () => {
  const [result] = invariants.filter(({ name }) => name === 'convergent-outputs-equal-clean').map((invariant) => judge(invariant, evidence({ contents: changed(boxScores) }, [{ ...fault('permission-denied'), lastAt: before(endedAt, minutes(30)) }])));
  expect(result).toMatchObject({ held: true, notJudged: 'permission-denied on state struck last at 2026-01-25T16:30:00.000Z: the run ends before what it did can be healed' });
});
