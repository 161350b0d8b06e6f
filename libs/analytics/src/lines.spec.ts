import { epochMs, parseInstant } from '@handoff/contracts';
import { aLine } from '@handoff/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveLine, type PointsLine } from './lines.ts';

const tipAt = parseInstant('2026-01-15T19:00:00Z');
const at = (time: string) => ({ snapshot_at: parseInstant(`2026-01-15T${time}:00Z`) });
const resolve = (oddsApi: readonly PointsLine[], prizePicks: readonly PointsLine[] = [], now = parseInstant('2026-01-15T18:59:00Z')) =>
  resolveLine({ lines: { ODDS_API: oddsApi, PRIZEPICKS: prizePicks }, tipAt, now });

describe('the order of books', () => {
  const books = ['draftkings', 'fanduel', 'betmgm', 'williamhill_us', 'fanatics', 'betrivers', 'bovada', 'betonlineag', 'aaunknown', 'zzunknown'];
  it.each(books.map((book, index) => [book, books.slice(index)] as const))('%s comes before all after it', (book, rest) => {
    expect(resolve(rest.toReversed().map((bookmaker) => aLine({ bookmaker })), [aLine({ bookmaker: 'prizepicks' })])).toMatchObject({ sportsbook: book, line_source_api: 'ODDS_API' });
  });

  it('ends with PrizePicks, which is a real line too', () => {
    expect(resolve([], [aLine({ bookmaker: 'prizepicks', points_line: 20, over_price_american: null, under_price_american: null })]))
      .toMatchObject({ has_prop_line: true, line_source: 'ACTUAL_PROP', line_source_api: 'PRIZEPICKS', sportsbook: 'prizepicks', current_points_line: 20 });
  });
});

describe('what is usable', () => {
  it.each([
    ['taken before tip-off', aLine(at('18:00')), true],
    ['taken at tip-off', aLine(at('19:00')), false],
    ['taken a minute before tip-off', aLine(at('18:59')), true],
    ['marked unusable', aLine({ is_usable: false }), false],
    ['of exactly 20.0', aLine({ points_line: 20 }), true],
  ])('a line %s', (_, line, usable) => {
    expect(resolve([line], [], parseInstant('2026-01-15T19:30:00Z')).has_prop_line).toBe(usable);
  });

  it('is not what comes after now, though before tip-off', () => {
    expect(resolve([aLine(at('18:00'))], [], epochMs(parseInstant('2026-01-15T18:00:00Z') - 1)).line_source).toBe('NO_PROP_LINE');
  });

  it('falls to the next book when the first has only unusable lines', () => {
    expect(resolve([aLine({ is_usable: false }), aLine({ bookmaker: 'fanduel', points_line: 19.5 })])).toMatchObject({ sportsbook: 'fanduel', current_points_line: 19.5 });
  });
});

it('takes the newest snapshot, and opens with the first of the same book, not of another', () => {
  const lines = [aLine({ ...at('15:00'), points_line: 21.5 }), aLine({ ...at('17:00'), points_line: 22.5 }), aLine({ ...at('16:00'), points_line: 23.5 }), aLine({ ...at('09:00'), points_line: 9.5, bookmaker: 'fanduel' })];
  expect(resolve(lines)).toMatchObject({ current_points_line: 22.5, opening_points_line: 21.5, line_snapshot_at: parseInstant('2026-01-15T17:00:00Z') });
});

describe('of several lines in one snapshot', () => {
  const ladder = (line: number, over: number | null, under: number | null) => aLine({ points_line: line, over_price_american: over, under_price_american: under });

  it('takes the one whose prices are nearest to even', () => {
    expect(resolve([ladder(15.5, -900, 550), ladder(20.5, -300, 240), ladder(25.5, -112, -108)]).current_points_line).toBe(25.5);
  });

  it('takes a two-sided line before a one-sided one', () => {
    expect(resolve([ladder(20, -110, null), ladder(25.5, 150, -190)]).current_points_line).toBe(25.5);
  });

  it.each([[18.5, 22.5, 19.5, 18.5], [18.5, 22.5, 21.5, 22.5]])('equally balanced at %d and %d with the market at %d: takes %d', (low, high, market, taken) => {
    expect(resolve([ladder(low, -110, -110), ladder(high, -110, -110), aLine({ bookmaker: 'fanduel', points_line: market })]).current_points_line).toBe(taken);
  });

  it('favours neither side over many players when even the market cannot tell (incident 20)', () => {
    const players = Array.from({ length: 400 }, (_, index) => `player${index}`);
    const higher = players.filter((player) => {
      const lines = [18.5, 22.5].map((points) => ({ ...ladder(points, -110, -110), player_lookup: player }));
      return resolve([...lines, aLine({ bookmaker: 'fanduel', points_line: 20.5, player_lookup: player })]).current_points_line === 22.5;
    });
    expect(higher.length / players.length).toBeGreaterThan(0.45);
    expect(higher.length / players.length).toBeLessThan(0.55);
  });
});

it('has a prop line if and only if the source is ACTUAL_PROP, and then all that belongs to one', () => {
  const line = fc.record({ bookmaker: fc.constantFrom('draftkings', 'fanduel', 'other'), points_line: fc.integer({ min: 1, max: 80 }).map((half) => half / 2), is_usable: fc.boolean(), minutes: fc.integer({ min: -200, max: 60 }) })
    .map(({ minutes, ...over }) => aLine({ ...over, snapshot_at: epochMs(tipAt + minutes * 60_000) }));
  fc.assert(fc.property(fc.array(line, { maxLength: 8 }), fc.array(line, { maxLength: 3 }), (oddsApi, prizePicks) => {
    const resolved = resolve(oddsApi, prizePicks);
    expect(resolved.has_prop_line).toBe(resolved.line_source === 'ACTUAL_PROP');
    expect([resolved.current_points_line, resolved.opening_points_line, resolved.sportsbook, resolved.line_source_api, resolved.line_snapshot_at].every((value) => (value !== null) === resolved.has_prop_line)).toBe(true);
    if (resolved.line_snapshot_at !== null) expect(resolved.line_snapshot_at).toBeLessThan(tipAt);
    expect(resolve(oddsApi.toReversed(), prizePicks.toReversed())).toEqual(resolved);
  }));
});
