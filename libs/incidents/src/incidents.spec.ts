import { alertChannels, escalationAges, noticesPerHourMax, quietSpanOf, type Severity } from '@handoff/catalogue';
import { after, epochMs, hours, minutes, type EpochMs } from '@handoff/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aged, attach, channelsFor, explanationOf, familyOf, incidentId, leftBehind, merge, noticeDue, noticeOf, quieted, resolve, sending, standInFor, told, type Incident, type Raised } from './index.ts';

const start = epochMs(Date.UTC(2026, 0, 24, 12));
const at = (minute: number): EpochMs => after(start, minutes(minute));
const raised = (minute: number, changes: Partial<Raised> = {}): Raised => ({ cause: 'platform-fault', subject: 'state', severity: 'error', title: 'state: no permission', facts: {}, at: at(minute), ...changes });
const opened = (changes: Partial<Raised> = {}): Incident => attach(undefined, undefined, raised(0, changes)).incident;
const tell = (incident: Incident, minute: number): Incident => {
  const kind = noticeDue(incident, at(minute));
  return kind === undefined ? incident : told(sending(incident, at(minute), at(minute + 3)), kind, incident.severity);
};

describe('a family of subjects', () => {
  it.each([
    ['phase3-trigger-0022500642', 'phase3-trigger-#'], ['nba_raw.scores 0022500642', 'nba_raw.scores #'], ['work 4f1c2d3e4f5a6b7c8d', 'work #'],
    ['run 123e4567-e89b-12d3-a456-426614174000', 'run #'], ['tick-1769256000000', 'tick-#'],
  ])('%s is %s: ids are not part of it', (subject, family) => { expect(familyOf(subject)).toBe(family); });

  it.each(['state', 'warehouse nba_raw.nbac_schedule', 'nba|pregame|2026-01-24|phase3', 'player_prop_predictions_v2', 'phase5-predict-coordinator', 'entities of a.b on 2026-01-15'])('%s is its own', (subject) => { expect(familyOf(subject)).toBe(subject); });

  it('gives incidents of one signature one name, and of others another', () => {
    expect(incidentId('c', 'work 0022500642')).toBe(incidentId('c', 'work 0022500643'));
    expect(incidentId('c', 'x of 2026-01-24')).not.toBe(incidentId('c', 'x of 2026-01-25'));
    expect(incidentId('c', 'state')).not.toBe(incidentId('d', 'state'));
  });
});

describe('notices of one signature', () => {
  it('are five in any hour at most, whatever comes and goes and however loud', () => {
    const step = fc.record({ minute: fc.integer({ min: 0, max: 5 }), what: fc.constantFrom('alert', 'resolve', 'age'), severity: fc.constantFrom<Severity>('info', 'warning', 'error', 'critical') });
    fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      let known: Incident | undefined;
      let minute = 0;
      const sent: number[] = [];
      for (const { minute: pause, what, severity } of steps) {
        minute += pause;
        if (what === 'alert') known = attach(known, undefined, raised(minute, { severity })).incident;
        if (known === undefined) continue;
        if (what === 'resolve') known = resolve(known, 'state', at(minute));
        if (what === 'age') known = quieted(aged(known, at(minute)), at(minute));
        if (noticeDue(known, at(minute)) !== undefined) sent.push(minute);
        known = tell(known, minute);
      }
      return sent.every((first, index) => sent.slice(index).filter((other) => other < first + 60).length <= noticesPerHourMax);
    }), { numRuns: 300 });
  });

  it('of ten instances that fail at once with ids in what they say are one, and their incident names all', () => {
    let known: Incident | undefined;
    for (let instance = 0; instance < 10; instance += 1) known = tell(attach(known, undefined, raised(0, { cause: 'function-failed', subject: `phase2-raw-00225006${40 + instance}` })).incident, 0);
    expect(known).toMatchObject({ count: 10, toldAt: [at(0)], untold: null });
    expect(known?.subjects).toHaveLength(10);
  });

  it('say that it is worse when it is louder, and nothing when it is not', () => {
    const warned = tell(opened({ severity: 'warning' }), 0);
    expect(attach(warned, undefined, raised(1, { severity: 'warning' })).incident.untold).toBeNull();
    expect(attach(warned, undefined, raised(1, { severity: 'critical' })).incident.untold).toMatchObject({ kind: 'worsened' });
  });

  it('of what is over before anybody heard of it are none', () => {
    expect(resolve(opened(), 'state', at(1))).toMatchObject({ resolvedAt: at(1), untold: null });
    expect(resolve(tell(opened(), 0), 'state', at(1))).toMatchObject({ untold: { kind: 'resolved' } });
  });

  it('of what is over while its first notice is being sent are two: the end goes out when the first is over', () => {
    const sent = sending(opened(), at(0), at(3));
    const ended = resolve(sent, 'state', at(1));
    expect(ended).toMatchObject({ resolvedAt: at(1), untold: { kind: 'resolved', from: at(3) }, tellFrom: at(3) });
    expect(told(ended, 'opened', 'error')).toMatchObject({ toldSeverity: 'error', untold: { kind: 'resolved' } });
    expect(noticeDue(told(ended, 'opened', 'error'), at(3))).toBe('resolved');
  });

  it('of the incident before are not its own: what comes back and goes before anybody heard is not told', () => {
    const before = tell(resolve(tell(opened(), 0), 'state', at(1)), 1);
    const again = attach(before, undefined, raised(2)).incident;
    expect(again.toldAt).toEqual([at(0), at(1)]);
    expect(resolve(again, 'state', at(3)).untold).toBeNull();
  });

  it('come again where nobody has confirmed them', () => {
    const begun = sending(opened(), at(0), at(3));
    expect([noticeDue(begun, at(2)), noticeDue(begun, at(3))]).toEqual([undefined, 'opened']);
  });
});

describe('an incident that lasts', () => {
  it('is told again at each age of the catalogue, once, and is critical after twelve hours', () => {
    let known = tell(opened(), 0);
    const escalated: [number, Severity][] = [];
    for (let minute = 5; minute <= 60 * 60; minute += 5) {
      known = attach(known, undefined, raised(minute)).incident;
      known = aged(known, at(minute));
      if (noticeDue(known, at(minute)) === 'escalated') escalated.push([minute / 60, known.severity]);
      known = tell(known, minute);
    }
    expect(escalated.map(([hour]) => hours(hour))).toEqual([...escalationAges]);
    expect(escalated.map(([, severity]) => severity)).toEqual(['error', 'error', 'critical', 'critical', 'critical']);
  });

  it.each<Severity>(['info', 'warning'])('and is only %s is not', (severity) => { expect(aged(opened({ severity }), at(6_000)).escalations).toBe(0); });

  it.each([['function-failed', 26], ['platform-fault', 72]])('of %s and is not seen for %i hours is over, and people hear how', (cause, quietHours) => {
    const known = tell(opened({ cause }), 0);
    expect(quietSpanOf(cause)).toBe(hours(quietHours));
    expect(quieted(known, at(quietHours * 60 - 1))).toBe(known);
    const ended = quieted(known, at(quietHours * 60));
    expect(ended).toMatchObject({ ending: 'not-seen-again', untold: { kind: 'resolved' } });
    expect(noticeOf(ended, 'resolved', at(quietHours * 60)).headline).toBe(`not seen again: ${cause}, state`);
  });

  it('of several subjects is over with the last of them', () => {
    const two = attach(tell(opened({ subject: 'work 10001' }), 0), undefined, raised(1, { subject: 'work 10002' })).incident;
    const one = resolve(two, 'work 10001', at(2));
    expect([one.resolvedAt, resolve(one, 'work 10002', at(3)).resolvedAt]).toEqual([null, at(3)]);
    expect(resolve(one, 'work 10001', at(4))).toBe(one);
  });
});

describe('what is held up', () => {
  const blocked = (minute: number, changes: Partial<Raised> = {}): Raised => raised(minute, { cause: 'gate-blocked', subject: 'nba|pregame|2026-01-24|phase3', severity: 'critical', ...changes });

  it('is told with what explains it: the closest, of several the oldest', () => {
    const all = [opened({ subject: 'state' }), opened({ subject: 'warehouse' }), opened({ subject: 'warehouse nba_raw.nbac_schedule' }), opened({ subject: 'warehouse nba_raw.other' })];
    expect(explanationOf(blocked(1), all)?.subject).toBe('state');
    expect(explanationOf(blocked(1, { facts: { missing: ['nba_raw.nbac_schedule|slate'] } }), all)?.subject).toBe('warehouse nba_raw.nbac_schedule');
    expect(explanationOf(blocked(1), [opened({ cause: 'unresolved-identity', subject: 'bdl 2026-01-24' })])?.cause).toBe('unresolved-identity');
  });

  it.each<[string, Raised, readonly Incident[]]>([
    ['a cause is not held up', raised(1, { cause: 'function-failed' }), [opened()]],
    ['what came later explains nothing', blocked(-1), [opened()]],
    ['a consequence explains none', blocked(1), [opened({ cause: 'gate-error', subject: '2026-01-24' })]],
    ['another table explains nothing', blocked(1), [opened({ subject: 'warehouse nba_raw.other' })]],
  ])('is explained by nothing where %s', (_, alert, open) => { expect(explanationOf(alert, open)).toBeUndefined(); });

  it.each(['2026-02-30', '2026-13-01', '0022-50-06'])('is told although it names %s, which is no date', (word) => {
    const over = resolve(tell(opened({ severity: 'critical' }), 0), 'state', at(16 * 60));
    expect(explanationOf(blocked(17 * 60 + 30, { subject: 'phase3', facts: { of: word } }), [over])).toBeUndefined();
  });

  it('is explained by a job that does not run, where it names that, and by what holds up the job', () => {
    const gap = raised(20, { cause: 'workflow-unhealthy', subject: 'decision-gap', facts: { job: 'master-controller' }, severity: 'error' });
    const silent = opened({ cause: 'job-silent', subject: 'master-controller' });
    expect(explanationOf(gap, [silent])).toBe(silent);
    expect(explanationOf(gap, [opened({ cause: 'job-silent', subject: 'self-heal' })])).toBeUndefined();
    const scheduler = opened({ subject: 'scheduler' });
    const held = attach(undefined, scheduler, raised(1, { cause: 'job-silent', subject: 'master-controller' }));
    expect(explanationOf(gap, [held.explaining!, held.incident])?.id).toBe(scheduler.id);
  });

  it('makes no notice of its own, and one of its cause for each kind of it, or when it is louder', () => {
    const cause = tell(opened({ severity: 'critical' }), 0);
    const first = attach(undefined, cause, blocked(1));
    expect(first).toMatchObject({ incident: { explainedBy: cause.id, untold: null }, explaining: { untold: { kind: 'consequence' }, consequences: ['gate-blocked nba|pregame|2026-01-24|phase3'] } });
    const heard = tell(first.explaining!, 1);
    expect(attach(undefined, heard, blocked(2, { subject: 'nba|pregame|2026-01-25|phase3' })).explaining?.untold).toBeNull();
    expect(attach(undefined, tell(opened({ severity: 'error' }), 0), blocked(1)).explaining).toMatchObject({ severity: 'critical', untold: { kind: 'worsened' } });
  });

  it.each`
    lastedMin | aftermathMin
    ${5}      | ${75}
    ${75}     | ${75}
    ${240}    | ${240}
    ${2714}   | ${26 * 60}
  `('is made up for for $aftermathMin minutes after an outage of $lastedMin, and then told by itself', ({ lastedMin, aftermathMin }: { lastedMin: number; aftermathMin: number }) => {
    const cause = tell(opened({ severity: 'critical' }), 0);
    const child = attach(undefined, cause, blocked(1)).incident;
    const over = resolve(cause, 'state', at(lastedMin));
    const until = lastedMin + aftermathMin;
    expect(attach(child, over, blocked(until - 1)).incident).toMatchObject({ explainedBy: cause.id, untold: null, count: 2 });
    expect(attach(child, over, blocked(until)).incident).toMatchObject({ explainedBy: null, untold: { kind: 'opened' } });
    // Whether or not anybody alerts again.
    expect(leftBehind(child, over, at(until - 1))).toBe(child);
    expect(leftBehind(child, over, at(until))).toMatchObject({ explainedBy: null, untold: { kind: 'opened' } });
    expect(leftBehind(child, undefined, at(1))).toMatchObject({ explainedBy: null, untold: { kind: 'opened' } });
  });

  it('and becomes louder than its cause was, once that is over, is told by itself', () => {
    const cause = tell(opened({ severity: 'error' }), 0);
    const child = attach(undefined, cause, blocked(1, { severity: 'warning' })).incident;
    const over = resolve(cause, 'state', at(5));
    expect(attach(child, over, blocked(6, { severity: 'error' })).incident.explainedBy).toBe(cause.id);
    expect(attach(child, over, blocked(6)).incident).toMatchObject({ explainedBy: null, untold: { kind: 'opened' } });
  });
});

describe('what an outage leaves', () => {
  // From 12:00 UTC, 07:00 ET, of the 24th for 16 hours: until 23:00 ET.
  const over = resolve(tell(opened({ severity: 'critical' }), 0), 'state', at(16 * 60));
  const left = (hour: number, date: string, changes: Partial<Raised> = {}): Raised => raised(hour * 60, { cause: 'gate-blocked', subject: `nba_${date}_pregame_phase3`, severity: 'critical', ...changes });

  it.each<[string, Raised, boolean]>([
    ['what is alerted about within 75 minutes', left(17, '2026-02-20'), true],
    ['what is held up of its date for as long again', left(31, '2026-01-24'), true],
    ['what is held up of its date after that', left(32, '2026-01-24'), false],
    ['a date whose work ended before', left(20, '2026-01-22'), false],
    ['a date whose work fell into it until noon of the next', left(20, '2026-01-23'), true],
    ['a date whose work began after', left(20, '2026-01-25'), false],
    ['two dates of which one began after', left(20, '2026-01-24', { facts: { dates: ['2026-01-25'] } }), false],
    ['the dates of instants, which say nothing', left(20, '2026-01-24', { facts: { at: '2026-01-26T04:00:00.000Z' } }), true],
    ['what names no date', left(20, 'x'), false],
    ['a cause', left(17, '2026-01-24', { cause: 'function-failed' }), false],
  ])('explains %s: %#', (_, alert, isExplained) => { expect(explanationOf(alert, [over])?.id).toBe(isExplained ? over.id : undefined); });

  it('explains nothing louder, nothing after an end that nobody has seen, and nothing where another incident is open', () => {
    expect(explanationOf(left(17, '2026-01-24'), [{ ...over, severity: 'error' }])).toBeUndefined();
    expect(explanationOf(left(17, '2026-01-24'), [{ ...over, ending: 'not-seen-again' }])).toBeUndefined();
    const standing = opened({ subject: 'warehouse' });
    expect(explanationOf(left(17, '2026-01-24'), [over, standing])).toBe(standing);
  });

  it('is told with it, as over, on the quietest channel', () => {
    const { incident, explaining } = attach(undefined, over, left(17, '2026-01-24'));
    expect(incident).toMatchObject({ explainedBy: over.id, untold: null });
    expect(noticeOf({ ...explaining!, untold: null }, 'consequence', at(17 * 60)).headline).toBe('state: no permission (over); follows from it: gate-blocked nba_2026-01-24_pregame_phase3');
  });
});

describe('a refusal of one part of the platform', () => {
  const refused = (minute: number, subject: string, code = 'warehouse-permission-denied'): Raised => raised(minute, { subject, facts: { code }, severity: 'critical' });
  const first = tell(attach(undefined, undefined, refused(0, 'warehouse nba_raw.a')).incident, 0);
  const whole = tell(attach(undefined, undefined, refused(0, 'warehouse')).incident, 0);

  it.each<[string, Incident, Raised, boolean]>([
    ['another table that is refused for the same reason', first, refused(74, 'warehouse nba_raw.b'), true],
    ['another table long after', first, refused(75, 'warehouse nba_raw.b'), false],
    ['another reason', first, refused(1, 'warehouse nba_raw.b', 'warehouse-not-found'), false],
    ['another part', first, refused(1, 'bus topic'), false],
    ['the whole part', first, refused(5, 'warehouse'), true],
    ['the whole part long after a table', first, refused(75, 'warehouse'), false],
    ['a table while the whole part is', whole, refused(900, 'warehouse nba_raw.b'), true],
    ['no answer, which is another cause', whole, { ...refused(1, 'warehouse nba_raw.b'), cause: 'platform-unreachable' }, false],
  ])('is one incident with %s: %#', (_, known, alert, isOne) => { expect(explanationOf(alert, [known])?.id).toBe(isOne ? known.id : undefined); });

  it('explains what is held up by the whole part, told with the table that was met first', () => {
    const found = attach(undefined, first, refused(5, 'warehouse'));
    expect(explanationOf(raised(6, { cause: 'gate-blocked', subject: 'phase3' }), [found.explaining!, found.incident])?.id).toBe(first.id);
  });

  it('is told by itself as soon as what it was told with is over', () => {
    const found = attach(undefined, first, refused(5, 'warehouse'));
    expect(leftBehind(found.incident, resolve(found.explaining!, 'warehouse nba_raw.a', at(6)), at(6))).toMatchObject({ explainedBy: null, untold: { kind: 'opened' } });
  });
});

describe('a notice', () => {
  it.each<[Severity, readonly string[]]>([['info', ['slack']], ['warning', ['slack']], ['error', ['slack', 'email']], ['critical', ['slack', 'pagerduty', 'email']]])('of what is %s takes %j', (severity, channels) => {
    expect(channelsFor(opened({ severity }), 'opened')).toEqual(channels);
  });

  it('of a consequence disturbs nobody, and of an end goes to whoever heard of the beginning', () => {
    expect(channelsFor(opened({ severity: 'critical' }), 'consequence')).toEqual(['slack']);
    expect(channelsFor({ ...opened({ severity: 'critical' }), toldSeverity: 'warning' }, 'resolved')).toEqual(['slack']);
  });

  it('that a channel does not take goes to each other one in turn, and then to nobody', () => {
    const names = alertChannels.map(({ name }) => name);
    for (const name of names) {
      const tried = new Set([name]);
      for (let next = standInFor(name, tried); next !== undefined; next = standInFor(next, tried)) tried.add(next);
      expect([...tried].toSorted()).toEqual(names.toSorted());
    }
  });
});

it('what was noted elsewhere and what is known become one incident, from the first of both', () => {
  const known = attach(tell(opened({ severity: 'warning' }), 0), undefined, raised(1, { severity: 'warning' })).incident;
  const noted = tell(attach(undefined, undefined, raised(9, { severity: 'critical' })).incident, 9);
  expect(merge(known, noted)).toMatchObject({ openedAt: at(0), lastSeenAt: at(9), count: 3, severity: 'critical', toldSeverity: 'critical', toldAt: [at(0), at(9)] });
  expect(merge(undefined, noted)).toBe(noted);
  expect(merge(resolve(known, 'state', at(2)), noted)).toBe(noted);
});
