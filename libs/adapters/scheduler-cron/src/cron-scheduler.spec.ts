import type { ScheduleJob } from '@handoff/catalogue';
import { isoInstant, parseInstant } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { CronScheduler } from './index.ts';

const job = (name: string, cron: string, timeZone: ScheduleJob['timeZone'] = 'America/New_York'): ScheduleJob => ({ name, cron, timeZone, description: '' });

const firings = (jobs: readonly ScheduleJob[], after: string, until: string): readonly string[] =>
  new CronScheduler(jobs).firingsBetween(parseInstant(after), parseInstant(until)).map((firing) => `${isoInstant(firing.at).slice(0, 16)} ${firing.job}`);

describe('the bounds', () => {
  const hourly = [job('hourly', '0 * * * *', 'Etc/UTC')];

  it.each([
    ['10:00:00.000', '12:00:00.000', ['11:00', '12:00']],
    ['09:59:59.999', '11:59:59.999', ['10:00', '11:00']],
    ['10:00:00.001', '10:59:59.999', []],
    ['10:00:00.000', '10:00:00.000', []],
    ['10:00:00.000', '09:00:00.000', []],
  ])('after %s, which is out, until %s, which is in: %j', (after, until, times) => {
    expect(firings(hourly, `2026-01-24T${after}Z`, `2026-01-24T${until}Z`)).toEqual(times.map((time) => `2026-01-24T${time} hourly`));
  });

  it('join without a gap or a repetition, wherever a day is cut', () => {
    const whole = firings(hourly, '2026-01-24T00:00:00Z', '2026-01-25T00:00:00Z');
    const parts = ['05:00:00', '05:00:01', '11:59:59', '12:00:00', '23:59:59'].map((time) => `2026-01-24T${time}Z`);
    const cuts = ['2026-01-24T00:00:00Z', ...parts, '2026-01-25T00:00:00Z'];
    expect(cuts.slice(1).flatMap((until, index) => firings(hourly, cuts[index]!, until))).toEqual(whole);
    expect(whole).toHaveLength(24);
  });
});

describe('the order', () => {
  it('is that of time, then of name, whatever the order of the jobs and their zones', () => {
    const jobs = [job('b', '0 6 * * *'), job('c', '30 10 * * *', 'Etc/UTC'), job('a', '0 11 * * *', 'Etc/UTC')];
    expect(firings(jobs, '2026-01-24T00:00:00Z', '2026-01-25T00:00:00Z')).toEqual(['2026-01-24T10:30 c', '2026-01-24T11:00 a', '2026-01-24T11:00 b']);
  });
});

describe('the clock change in New York', () => {
  it.each([
    ['spring', '2026-03-07T12:00:00Z', '2026-03-09T12:00:00Z', ['2026-03-08T07:00', '2026-03-09T07:00']],
    ['autumn', '2026-10-31T12:00:00Z', '2026-11-02T12:00:00Z', ['2026-11-01T08:00', '2026-11-02T08:00']],
  ])('in %s leaves a job at 03:00 of the wall clock, once a day', (_, after, until, times) => {
    expect(firings([job('planner', '0 3 * * *')], after, until)).toEqual(times.map((time) => `${time} planner`));
  });

  it('in spring still fires a job of the hour that is missing, once', () => {
    const found = firings([job('gap', '30 2 * * *')], '2026-03-07T12:00:00Z', '2026-03-09T12:00:00Z');
    expect(found.filter((firing) => firing.startsWith('2026-03-08'))).toHaveLength(1);
    expect(found.at(-1)).toBe('2026-03-09T06:30 gap');
  });

  it('in autumn fires a job of the hour that comes twice once', () => {
    expect(firings([job('twice', '30 1 * * *')], '2026-10-31T12:00:00Z', '2026-11-02T12:00:00Z')).toEqual(['2026-11-01T05:30 twice', '2026-11-02T06:30 twice']);
  });

  it.each([
    ['2026-03-08T00:00:00Z', '2026-03-09T00:00:00Z'],
    ['2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z'],
  ])('changes nothing for an hourly job: 24 in 24 hours from %s', (after, until) => {
    for (const zone of ['Etc/UTC', 'America/New_York'] as const) {
      const found = firings([job('hourly', '0 * * * *', zone)], after, until);
      expect(found).toHaveLength(24);
      expect(new Set(found).size).toBe(24);
    }
  });

  it('leaves a job in UTC where it was', () => {
    expect(firings([job('utc', '0 7 * * *', 'Etc/UTC')], '2026-03-07T12:00:00Z', '2026-03-09T12:00:00Z')).toEqual(['2026-03-08T07:00 utc', '2026-03-09T07:00 utc']);
  });
});

describe('a schedule that cannot be', () => {
  it.each([['61 * * * *', 'Etc/UTC'], ['nonsense', 'Etc/UTC'], ['0 * * * *', 'Mars/Olympus']])('%s in %s is refused by name', (cron, zone) => {
    expect(() => new CronScheduler([job('bad', cron, zone as ScheduleJob['timeZone'])])).toThrow(/schedule job bad: .* is not a valid schedule/);
  });
});
