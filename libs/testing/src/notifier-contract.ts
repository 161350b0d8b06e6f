import { after, epochMs, minutes } from '@handoff/contracts';
import type { Alert, Notifier, Severity } from '@handoff/ports';
import { describe, expect, it } from 'vitest';
import { closedAfterEach, type Open } from './opening.ts';

/** An incident as the suite looks at it. */
export interface ContractIncident {
  readonly cause: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly count: number;
  readonly openedAt: number;
  readonly lastSeenAt: number;
  readonly resolvedAt: number | null;
}

export interface ContractNotifier {
  readonly notifier: Notifier;
  readonly incidents: () => Promise<readonly ContractIncident[]>;
}

const start = epochMs(Date.UTC(2026, 0, 24, 12));
const at = (minute: number) => after(start, minutes(minute));
const alert = (minute: number, changes: Partial<Alert> = {}): Alert => ({
  cause: 'platform-fault', subject: 'nba_raw.scores', severity: 'warning', title: 'no permission', facts: { table: 'nba_raw.scores' }, at: at(minute), ...changes,
});

/** What every adapter of the Notifier port does. `open` gives one without incidents. */
export function describeNotifierContract(name: string, open: Open<ContractNotifier>): void {
  describe(`${name} keeps the notifier contract`, () => {
    const opening = closedAfterEach(open);
    describeIncidents(opening);
    describeResolution(opening);
  });
}

function describeIncidents(open: Open<ContractNotifier>): void {
  it('opens one incident for a cause and subject, and attaches repetitions to it', async () => {
    const { subject: { notifier, incidents } } = await open();
    for (const minute of [0, 5, 10]) await notifier.alert(alert(minute));
    expect(await incidents()).toMatchObject([{ cause: 'platform-fault', subject: 'nba_raw.scores', count: 3, openedAt: at(0), lastSeenAt: at(10), resolvedAt: null }]);
  });

  it('opens one for each subject and each cause, in order of opening', async () => {
    const { subject: { notifier, incidents } } = await open();
    await notifier.alert(alert(2, { subject: 'z' }));
    await notifier.alert(alert(1, { subject: 'a/b|c é' }));
    await notifier.alert(alert(3, { cause: 'function-failed', subject: 'z' }));
    expect((await incidents()).map(({ cause, subject }) => [cause, subject])).toEqual([['platform-fault', 'a/b|c é'], ['platform-fault', 'z'], ['function-failed', 'z']]);
  });

  it.each<[readonly Severity[], Severity]>([
    [['warning', 'critical'], 'critical'], [['critical', 'info'], 'critical'], [['info', 'warning', 'error', 'warning'], 'error'],
  ])('of severities %j is %s: it rises and does not fall', async (severities, severity) => {
    const { subject: { notifier, incidents } } = await open();
    for (const one of severities) await notifier.alert(alert(0, { severity: one }));
    expect(await incidents()).toMatchObject([{ severity, count: severities.length }]);
  });

  it('counts all of 20 alerts that come at once, in one incident', async () => {
    const { subject: { notifier, incidents } } = await open();
    await Promise.all(Array.from({ length: 20 }, (_, minute) => notifier.alert(alert(minute))));
    expect(await incidents()).toMatchObject([{ count: 20, lastSeenAt: at(19) }]);
  });

  it.each(['reopen', 'crash'] as const)('has its open incidents after a %s', async (how) => {
    const opened = await open();
    await opened.subject.notifier.alert(alert(0));
    const again = (await opened[how]()).subject;
    await again.notifier.alert(alert(5));
    expect(await again.incidents()).toMatchObject([{ count: 2, openedAt: at(0) }]);
  });
}

function describeResolution(open: Open<ContractNotifier>): void {
  it('resolves the incident of a cause and subject, and no other', async () => {
    const { subject: { notifier, incidents } } = await open();
    await notifier.alert(alert(0));
    await notifier.alert(alert(1, { subject: 'other' }));
    await notifier.resolve('platform-fault', 'nba_raw.scores', at(9));
    expect((await incidents()).map(({ resolvedAt }) => resolvedAt)).toEqual([at(9), null]);
  });

  it('does nothing when none is open, and does not move an end', async () => {
    const { subject: { notifier, incidents } } = await open();
    await notifier.resolve('platform-fault', 'nba_raw.scores', at(1));
    expect(await incidents()).toEqual([]);
    await notifier.alert(alert(2));
    await notifier.resolve('platform-fault', 'nba_raw.scores', at(3));
    await notifier.resolve('platform-fault', 'nba_raw.scores', at(4));
    expect(await incidents()).toMatchObject([{ resolvedAt: at(3) }]);
  });

  it('opens a new incident when a resolved cause returns, and keeps the old one', async () => {
    const { subject: { notifier, incidents } } = await open();
    await notifier.alert(alert(0, { severity: 'critical' }));
    await notifier.alert(alert(1));
    await notifier.resolve('platform-fault', 'nba_raw.scores', at(5));
    await notifier.alert(alert(10));
    expect(await incidents()).toMatchObject([
      { severity: 'critical', count: 2, openedAt: at(0), resolvedAt: at(5) }, { severity: 'warning', count: 1, openedAt: at(10), resolvedAt: null },
    ]);
  });

  it('leaves an incident open to which an alert was attached while it was being resolved, or closes it: never half of both', async () => {
    const { subject: { notifier, incidents } } = await open();
    await notifier.alert(alert(0));
    await Promise.all([notifier.resolve('platform-fault', 'nba_raw.scores', at(5)), notifier.alert(alert(6))]);
    const found = await incidents();
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect(found.filter(({ resolvedAt }) => resolvedAt === null).length).toBeLessThanOrEqual(1);
  });
}
