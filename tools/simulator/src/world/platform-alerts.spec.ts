import { absenceRules, watchdog } from '@handoff/catalogue';
import { after, minutes, parseInstant } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { AlertBook } from './alert-book.ts';
import { absenceIn, PlatformAlerts } from './platform-alerts.ts';

const start = parseInstant('2026-01-24T12:00:00Z');
const at = (minute: number) => after(start, minutes(minute));

describe('the platform', () => {
  async function rounds(...made: readonly (readonly [minute: number, isWell: boolean])[]) {
    const book = new AlertBook();
    const platform = new PlatformAlerts(book.channel('pagerduty'));
    for (const [minute, isWell] of made) await platform.note(watchdog, at(minute), isWell);
    return book.alerts.map((alert) => [alert.cause, (alert.at - start) / 60_000, alert.resolvedAt === null ? null : (alert.resolvedAt - start) / 60_000]);
  }

  it('alerts when no round has been counted for as long as its policy says, and says when one is again', async () => {
    expect(await rounds([0, true], [5, false], [10, false], [15, false], [20, false], [25, true])).toEqual([['watchdog-silent', 15, 25]]);
  });

  it('is silent while rounds are made, however seldom they are asked for', async () => {
    expect(await rounds([0, true], [60, true], [65, true], [70, false], [75, false], [80, true])).toEqual([]);
  });

  it('does not count the time in which no round was asked for', async () => {
    expect(await rounds([0, true], [60, false], [65, false], [70, false])).toEqual([['watchdog-silent', 70, null]]);
  });
});

it('a policy without a time that can be read is refused', () => {
  expect(() => absenceIn({ userLabels: { cause: 'c', subject: 's' }, conditions: [{ conditionAbsent: { duration: '15 minutes' } }] })).toThrow();
  expect(absenceRules).toHaveLength(1);
});
