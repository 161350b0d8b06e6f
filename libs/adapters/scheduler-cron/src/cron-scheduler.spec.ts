import type { ScheduleJob } from '@handoff/catalogue';
import { isoInstant, parseInstant } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { CronScheduler } from './index.ts';

const job = (name: string, cron: string): ScheduleJob => ({ name, cron, description: '' });

const firings = (jobs: readonly ScheduleJob[], after: string, until: string): readonly string[] =>
  new CronScheduler(jobs).firingsBetween(parseInstant(after), parseInstant(until)).map((firing) => `${isoInstant(firing.at).slice(0, 16)} ${firing.job}`);

describe('the bounds', () => {
  const hourly = [job('hourly', '0 * * * *')];

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
  it('is that of time, then of name, whatever the order of the jobs', () => {
    const jobs = [job('b', '0 11 * * *'), job('c', '30 10 * * *'), job('a', '0 11 * * *')];
    expect(firings(jobs, '2026-01-24T00:00:00Z', '2026-01-25T00:00:00Z')).toEqual(['2026-01-24T10:30 c', '2026-01-24T11:00 a', '2026-01-24T11:00 b']);
  });
});

describe('a schedule that cannot be', () => {
  it.each(['61 * * * *', 'nonsense'])('%s is refused by name', (cron) => {
    expect(() => new CronScheduler([job('bad', cron)])).toThrow(`schedule job bad: ${cron} is not a valid schedule`);
  });
});
