import { epochMs, gameDate } from '@handoff/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scraperOfPath, scrapers } from './scrapers.ts';
import { fetchedAtOf, storedPath } from './stored-answers.ts';

it('a stored answer tells from its path whose it is and when it was asked for, page or not, whole or in parts', () => {
  const answers = fc.record({ scraper: fc.constantFrom(...scrapers), fetchedAt: fc.integer({ min: 1_600_000_000_000, max: 2_000_000_000_000 }), isPage: fc.boolean(), part: fc.option(fc.stringMatching(/^[0-9a-z]{1,8}$/), { nil: undefined }) });
  fc.assert(fc.property(answers, ({ scraper, fetchedAt, isPage, part }) => {
    const path = storedPath({ storagePrefix: scraper.storagePrefix, gameDate: gameDate('2026-01-24'), fetchedAt: epochMs(fetchedAt), contentHash: 'a'.repeat(64), isPage, part });
    expect([scraperOfPath(path)?.name, fetchedAtOf(path)]).toEqual([scraper.name, fetchedAt]);
  }));
});

it.each(['espn/boxscores/2026-01-24/a.html', 'espn/boxscores/2026-01-24/20260125T060000000Z-abc.csv', '20260125T060000000Z-abc.json'])('%s was named by somebody else', (path) => {
  expect(fetchedAtOf(path)).toBeUndefined();
});
