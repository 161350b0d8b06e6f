import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { sharedData } from '@handoff/testing';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { playerLookup, unglueName } from './player-names.ts';
import { repairEncoding } from './text-repair.ts';

describe('the player lookup key', () => {
  it.each`
    name                              | key
    ${'Luka Dončić'}                  | ${'lukadoncic'}
    ${'Luka DonÄ\u008diÄ\u0087'}      | ${'lukadoncic'}
    ${'Luka DonÄ\u008diÄ‡'}           | ${'lukadoncic'}
    ${'Luka DonÄiÄ'}                  | ${'lukadoncic'}
    ${'Kristaps PorziÅ\u0086Ä£is'}    | ${'kristapsporzingis'}
    ${'Nikola JokiÃ„Â‡'}              | ${'nikolajokic'}
    ${'Egor Dëmin'}                   | ${'egordemin'}
    ${'Alperen Şengün'}               | ${'alperensengun'}
    ${'Jusuf Nurkić'}                 | ${'jusufnurkic'}
    ${'Michael Porter Jr.'}           | ${'michaelporter'}
    ${'Michael Porter, jr'}           | ${'michaelporter'}
    ${'MichaelPorterJr.'}             | ${'michaelporter'}
    ${'Robert Williams III'}          | ${'robertwilliams'}
    ${'Trey Murphy iii'}              | ${'treymurphy'}
    ${'Jimmy Butler III'}             | ${'jimmybutler'}
    ${'Mo Bamba II'}                  | ${'mobamba'}
    ${'Lonnie Walker IV'}             | ${'lonniewalker'}
    ${'N\'Faly Dante'}                | ${'nfalydante'}
    ${'Shai Gilgeous-Alexander'}      | ${'shaigilgeousalexander'}
    ${'P.J. Washington'}              | ${'pjwashington'}
    ${'D. Lively IIDereck Lively II'} | ${'derecklively'}
    ${'S. Pippen Jr.Scotty Pippen Jr.'} | ${'scottypippen'}
    ${'K. SimpsonKJ Simpson'}         | ${'kjsimpson'}
    ${'Andrew Wiggins'}               | ${'andrewwiggins'}
    ${'Jalen Ii'}                     | ${'jalen'}
    ${'Carlton Carrington'}           | ${'bubcarrington'}
    ${'Herb Jones'}                   | ${'herbertjones'}
    ${'Moe Wagner'}                   | ${'moritzwagner'}
    ${'Nicolas Claxton'}              | ${'nicclaxton'}
    ${'Ron Holland'}                  | ${'ronaldholland'}
    ${'Vincent Williams Jr'}          | ${'vincewilliams'}
  `('of $name is $key', ({ name, key }: { name: string; key: string }) => {
    expect(playerLookup(name)).toBe(key);
  });

  it.each(['', '  ', '...', 'Michael Porter + Trey Murphy', 'Luka Don\ufffdi\ufffd'])('of %j is none', (name) => {
    expect(playerLookup(name)).toBeUndefined();
  });

  it('is the same for a key as for the name', () => {
    for (const name of ['Luka Dončić', 'Ron Holland', 'Vince Williams Jr.']) expect(playerLookup(playerLookup(name) ?? '')).toBe(playerLookup(name));
  });

  it('is repaired as often as it was encoded', () => {
    expect(repairEncoding('JokiÄ‡')).toBe('Jokić');
    expect(repairEncoding('JokiÃ„Â‡')).toBe('Jokić');
  });

  it('leaves names alone that are neither glued nor doubly encoded', () => {
    for (const name of ['Tidjane Salaün', 'P.J. Washington', 'K. Simpson', 'Ömer Faruk Yurtseven']) {
      expect(unglueName(name)).toBe(name);
      expect(repairEncoding(name)).toBe(name);
    }
  });
});

const text = (path: string): string => gunzipSync(readFileSync(path)).toString('utf8');
const records = (path: string): Record<string, string>[] => parse(text(path), { columns: true });

interface OddsLine {
  readonly snapshot_date: string;
  readonly event: { readonly bookmakers: readonly { readonly markets: readonly { readonly key: string; readonly outcomes: readonly { readonly description: string }[] }[] }[] };
}

describe('on real names', () => {
  const isInWindow = (date: string): boolean => date >= '2026-01-12' && date <= '2026-01-26';

  it('gives no two players of either season the same key, and one player one key', (context) => {
    for (const file of ['box/player_box_2024-25.csv.gz', 'box/player_box_2025-26_to_2026-01-26.csv.gz']) {
      const idsOf = new Map<string | undefined, Set<string>>();
      for (const record of records(sharedData(context, file))) {
        const key = playerLookup(record['PLAYER_NAME'] ?? '');
        idsOf.set(key, (idsOf.get(key) ?? new Set()).add(record['PLAYER_ID'] ?? ''));
      }
      expect([...idsOf].filter(([key, ids]) => key === undefined || ids.size > 1)).toEqual([]);
    }
  });

  it('finds every sportsbook and PrizePicks name of 2026-01-12 to 26 in the box scores', (context) => {
    const known = new Set(records(sharedData(context, 'box/player_box_2025-26_to_2026-01-26.csv.gz')).map((record) => playerLookup(record['PLAYER_NAME'] ?? '')));
    const odds = text(sharedData(context, 'props/odds_api_nba_event_odds.ndjson.gz')).trim().split('\n').map((line) => JSON.parse(line) as OddsLine);
    const oddsNames = odds
      .filter((line) => isInWindow(line.snapshot_date))
      .flatMap((line) => line.event.bookmakers.flatMap(({ markets }) => markets.filter(({ key }) => key === 'player_points').flatMap(({ outcomes }) => outcomes.map(({ description }) => description))));
    const prizePicks = records(sharedData(context, 'props/prizepicks_nba_lines.csv.gz'))
      .filter((record) => isInWindow((record['scraped_at'] ?? '').slice(0, 10)) && record['stat'] === 'Points')
      .map((record) => record['player'] ?? '');
    const names = [...new Set([...oddsNames, ...prizePicks])];
    // Genuinely absent players would be listed here: in this fortnight there is none.
    expect(names.filter((name) => !known.has(playerLookup(name))).toSorted()).toEqual([]);
    expect(new Set(oddsNames).size).toBe(269);
    expect(new Set(prizePicks).size).toBe(287);
  });
});
