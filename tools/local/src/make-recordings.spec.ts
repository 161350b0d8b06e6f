import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharedData } from '@handoff/testing';
import { loadRecordings } from '@handoff/sources-recorded';
import { gameDateOf, playerLookup } from '@handoff/slate';
import { describe, expect, it } from 'vitest';
import { announcements } from './announcements.ts';
import { recordingTexts } from './make-recordings.ts';
import { originText } from './origin-files.ts';

const committed = fileURLToPath(new URL('../recordings', import.meta.url));
const season = loadRecordings(join(committed, 'nba'));

describe('the committed recordings', () => {
  it('are what the script makes of the shared data, to the byte', (context) => {
    const texts = recordingTexts(sharedData(context, ''));
    const names = readdirSync(join(committed, 'nba')).filter((name) => name !== 'manifest.json');
    expect(Object.keys(texts).toSorted()).toEqual(names.toSorted());
    for (const [name, text] of Object.entries(texts)) expect(originText(join(committed, 'nba', name)) === text, name).toBe(true);
  });

  it('are under 3 MB', () => {
    const sizes = readdirSync(committed, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(committed, name))).filter((file) => file.isFile()).map(({ size }) => size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3_000_000);
  });

  it('name a moment for exactly the games that moved, before either tip-off', () => {
    expect(announcements.announcements.map(({ gameId }) => gameId).toSorted()).toEqual([...season.announcements.keys()].toSorted());
    for (const [gameId, { announcedAt }] of season.announcements) {
      const game = season.gamesById.get(gameId)!;
      expect(announcedAt, gameId).toBeLessThan(Math.min(game.plannedTipAt, game.actualTipAt));
    }
  });

  it('have lines on all fifteen days, of The Odds API on nine', () => {
    const days = (source: string): number => new Set(season.lines.filter((line) => line.source === source).map(({ gameDate }) => gameDate)).size;
    expect(days('prizepicks')).toBe(15);
    // Its answers of nine days; one of them lists a game of the next day.
    expect(new Set(season.lines.filter(({ source }) => source === 'odds-api').map(({ snapshotAt }) => gameDateOf(snapshotAt))).size).toBe(9);
  });

  it('rule nobody out of a game that he played', () => {
    const lookups = (officialId: string): Set<string | undefined> => new Set((season.statsByGame.get(officialId) ?? []).filter(({ minutes }) => minutes > 0).map(({ playerName }) => playerLookup(playerName)));
    const wrong = season.games.filter(({ actualDate }) => actualDate >= '2026-01-12' && actualDate <= '2026-01-26').flatMap((game) => {
      const latest = new Map<string | undefined, string>(season.injuries.filter(({ knownAt }) => knownAt < game.actualTipAt).map((injury) => [playerLookup(injury.player), injury.status]));
      return [...lookups(game.officialId)].filter((lookup) => latest.get(lookup) === 'Out').map((lookup) => `${game.officialId} ${String(lookup)}`);
    });
    expect(wrong).toEqual([]);
  });

  it('have injuries of people: no glued name, no other word than the sources use, no long text', () => {
    expect(season.injuries.filter(({ player }) => /\p{Ll}\p{Lu}.*\s.*\p{Ll}\p{Lu}/u.test(player) || playerLookup(player) === undefined)).toEqual([]);
    expect(new Set(season.injuries.map(({ status }) => status))).toEqual(new Set(['Out', 'Questionable', 'Available']));
    expect(Math.max(...season.injuries.map(({ description }) => description.length))).toBeLessThan(60);
  });
});
