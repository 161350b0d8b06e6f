import { workflows } from '@handoff/catalogue';
import { after, before, hours, minutes, parseInstant, type EpochMs } from '@handoff/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDecisionFrequency, checkDecisionGap, type DecidedHour } from './decision-checks.ts';
import { checkCompleteness, checkPredictions, checkStuckRuns, checkTransitionDelay, type ReleasedRun } from './handoff-checks.ts';
import { checkCompletion, checkFailedQueue, checkPhaseTiming, checkTransitions, type EndedRun } from './work-checks.ts';

const now = parseInstant('2026-01-25T12:00:00Z');
const ago = (span: number): EpochMs => before(now, minutes(span));
const decided = (at: EpochMs, count = 16, action = 'SKIP'): DecidedHour => ({ decidedAt: at, decisions: workflows.slice(0, count).map(({ name }) => ({ workflow: name, action })) });

describe('the decision gap', () => {
  it.each`
    lastAgo  | thresholdMin | severity
    ${60}    | ${60}        | ${'ok'}
    ${65}    | ${60}        | ${'ok'}
    ${66}    | ${60}        | ${'critical'}
    ${120}   | ${120}       | ${'ok'}
    ${126}   | ${120}       | ${'critical'}
    ${2714}  | ${120}       | ${'critical'}
  `('is $severity $lastAgo minutes after the last decision with a threshold of $thresholdMin', ({ lastAgo, thresholdMin, severity }: { lastAgo: number; thresholdMin: number; severity: string }) => {
    expect(checkDecisionGap({ decided: [decided(ago(lastAgo))], since: ago(240), now }, { critical: minutes(thresholdMin) })).toMatchObject({ severity, evidence: { openGapMinutes: lastAgo } });
  });

  it('that has closed is an error above the threshold and critical above twice that, and none before the look-back', () => {
    const closed = (gap: number, since = 600) => checkDecisionGap({ decided: [decided(ago(gap + 30)), decided(ago(30))], since: ago(since), now }, { critical: minutes(120) }).severity;
    expect([closed(125), closed(126), closed(245), closed(246), closed(300, 10)]).toEqual(['ok', 'error', 'error', 'critical', 'ok']);
  });

  it('is critical where there is no decision at all, and names what is suspected', () => {
    expect(checkDecisionGap({ decided: [], since: ago(240), now, suspected: 'state-permission-denied: no' }, { critical: minutes(120) })).toMatchObject({ severity: 'critical', evidence: { lastDecisionAt: null, suspectedCause: 'state-permission-denied: no' } });
  });

  it('never gets better as time passes without a decision', () => {
    fc.assert(fc.property(fc.nat(400), fc.nat(400), (first, more) => {
      const rank = (at: number) => ['ok', 'warning', 'critical'].indexOf(checkDecisionGap({ decided: [decided(ago(first))], since: ago(900), now: after(now, minutes(at)) }, { warning: minutes(60), critical: minutes(120) }).severity);
      expect(rank(more)).toBeGreaterThanOrEqual(rank(0));
    }));
  });
});

describe('decisions', () => {
  const evening = parseInstant('2026-01-25T04:00:00Z'); // 23:00 ET
  const hourly = (counts: readonly number[]) => counts.map((count, index) => decided(before(evening, hours(counts.length - index)), count));
  it.each([[[16, 16, 16], 'ok'], [[16, 4, 16], 'warning'], [[16, 5, 16], 'ok'], [[16, 0, 16], 'warning']] as const)('%j in hours with games are %s', (counts, severity) => {
    expect(checkDecisionFrequency({ decided: hourly(counts), since: before(evening, hours(3)), now: evening }).severity).toBe(severity);
  });
  it('are not asked for in the morning, nor before the first that there was', () => {
    expect(checkDecisionFrequency({ decided: [], since: ago(300), now })).toMatchObject({ severity: 'ok', evidence: { hoursJudged: 0 } });
  });
});

it.each([[0, 'ok'], [359, 'ok'], [360, 'warning'], [719, 'warning'], [720, 'error']])('a hand-off that should have been released %i minutes ago is %s', (idle, severity) => {
  expect(checkTransitions([{ name: 'a', graceEndsAt: ago(idle), isReleased: false }, { name: 'b', graceEndsAt: ago(900), isReleased: true }], now).severity).toBe(severity);
});

describe('runs', () => {
  const run = (id: number, status: string, over: Partial<EndedRun> = {}): EndedRun => ({ runId: String(id), kind: 'processor-run', name: 'output', phase: 'phase3', status, startedAt: ago(10), endedAt: ago(5), ...over });
  it.each([[5, 0, 'ok'], [4, 1, 'ok'], [3, 2, 'warning'], [2, 2, 'ok'], [40, 10, 'ok'], [60, 11, 'error']])('of which %i ended well and %i failed are %s', (good, bad, severity) => {
    expect(checkCompletion([...Array.from({ length: good }, (_, index) => run(index, 'complete')), ...Array.from({ length: bad }, (_, index) => run(100 + index, 'failed'))]).severity).toBe(severity);
  });
  it.each([[4, 0, 'ok', []], [5, 0, 'error', ['dead']], [9, 1, 'ok', []]])('of a processor: %i failed and %i well, beside forty good ones of another, are %s', (bad, good, severity, neverSucceeded) => {
    const own = [...Array.from({ length: bad }, (_, index) => run(200 + index, 'failed', { name: 'dead' })), ...Array.from({ length: good }, (_, index) => run(300 + index, 'complete', { name: 'dead' }))];
    expect(checkCompletion([...Array.from({ length: 40 }, (_, index) => run(index, 'complete')), ...own])).toMatchObject({ severity, evidence: { neverSucceeded } });
  });
  it('count by their last word', () => {
    expect(checkCompletion(Array.from({ length: 12 }, (_, index) => [run(index, 'failed', { endedAt: ago(9) }), run(index, 'complete')]).flat())).toMatchObject({ severity: 'ok', evidence: { failed: [], completedPct: 100 } });
  });
  it.each([[60, 'ok'], [61, 'ok'], [120, 'ok'], [121, 'warning']])('of phase 3 that took %i minutes are %s', (took, severity) => {
    expect(checkPhaseTiming([run(1, 'complete', { kind: 'phase-run', startedAt: ago(took), endedAt: now })]).severity).toBe(severity);
  });
});

it.each([[240, 0, 'ok'], [241, 0, 'error'], [10, 2, 'ok'], [10, 3, 'warning']])('an item that waits for %i minutes after %i tries is %s', (age, tries, severity) => {
  expect(checkFailedQueue([{ name: 'item', since: ago(age), tries }], now).severity).toBe(severity);
});

describe('a release', () => {
  const released = (work: ReleasedRun['work'], span: number): ReleasedRun => ({ releaseId: 'r1', releasedAt: ago(span), work });
  it.each([[30, 'ok'], [31, 'warning'], [60, 'warning'], [61, 'error']])('that nobody has taken up for %i minutes is %s', (span, severity) => {
    expect(checkTransitionDelay([released('absent', span), released('begun', 900), released('ended', 900)], now).severity).toBe(severity);
  });
  it.each([[240, 'ok'], [241, 'error']])('that was taken up %i minutes ago and has not ended is %s', (span, severity) => {
    expect(checkStuckRuns([released('begun', span), released('absent', 900), released('ended', 900)], now).severity).toBe(severity);
  });
});

it.each([['release', 0.5, 'ok'], ['wait', 0.5, 'ok'], ['release-degraded', 0.95, 'ok'], ['release-degraded', 0.94, 'warning'], ['release-degraded', 0.8, 'warning'], ['block', 0.79, 'error']])('a hand-off with the verdict %s at %d is %s', (verdict, coverage, severity) => {
  expect(checkCompleteness([{ name: 'a', verdict, coverage }, { name: 'b', verdict: 'release', coverage: 1 }]).severity).toBe(severity);
});

it.each`
  what                                  | nowAt                     | arePublished | severity
  ${'before ten'}                       | ${'2026-01-24T14:59:00Z'} | ${false}     | ${'ok'}
  ${'at ten'}                           | ${'2026-01-24T15:00:00Z'} | ${false}     | ${'critical'}
  ${'at ten with predictions'}          | ${'2026-01-24T15:00:00Z'} | ${true}      | ${'ok'}
  ${'after the last tip-off'}           | ${'2026-01-25T00:00:00Z'} | ${false}     | ${'ok'}
`('no predictions $what: $severity', ({ nowAt, arePublished, severity }: { nowAt: string; arePublished: boolean; severity: string }) => {
  expect(checkPredictions({ gameDate: '2026-01-24', tipOffs: [parseInstant('2026-01-25T00:00:00Z')], dueAt: parseInstant('2026-01-24T15:00:00Z'), arePublished }, parseInstant(nowAt)).severity).toBe(severity);
});
