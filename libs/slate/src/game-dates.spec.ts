import { gameDate } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { addDays, datesBetween, daysBetween, seasonStart, seasonYearOf } from './game-dates.ts';

const from = gameDate('2025-10-31');

describe('game dates', () => {
  it('count across months, years and clock changes', () => {
    expect(addDays(from, 3)).toBe('2025-11-03');
    expect(addDays(gameDate('2026-01-01'), -1)).toBe('2025-12-31');
    expect(daysBetween(from, gameDate('2026-03-09'))).toBe(129);
    expect(daysBetween(gameDate('2026-03-09'), from)).toBe(-129);
  });

  it('list both ends of a range, and nothing of a reversed one', () => {
    expect(datesBetween(from, gameDate('2025-11-02'))).toEqual(['2025-10-31', '2025-11-01', '2025-11-02']);
    expect(datesBetween(from, from)).toEqual([from]);
    expect(datesBetween(from, gameDate('2025-10-30'))).toEqual([]);
  });

  it('belong to the season that began in the last October', () => {
    expect(seasonYearOf(gameDate('2026-01-24'))).toBe(2025);
    expect(seasonYearOf(gameDate('2025-10-01'))).toBe(2025);
    expect(seasonYearOf(gameDate('2025-09-30'))).toBe(2024);
    expect(seasonStart(2025)).toBe('2025-10-01');
  });
});
