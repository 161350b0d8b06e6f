import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { playerLookup } from '@handoff/slate';
import { sharedData } from '@handoff/testing';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';

const text = (path: string): string => gunzipSync(readFileSync(path)).toString('utf8');
const records = (path: string): Record<string, string>[] => parse(text(path), { columns: true });

interface OddsLine {
  readonly snapshot_date: string;
  readonly event: { readonly bookmakers: readonly { readonly markets: readonly { readonly key: string; readonly outcomes: readonly { readonly description: string }[] }[] }[] };
}

describe('the player lookup key, on real names', () => {
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
