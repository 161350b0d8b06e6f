import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { isoInstant, type EpochMs } from '@handoff/contracts';
import {
  boxColumns, loadDataDirectory, recordingColumns, statColumns, type RecordedGame, type RecordedInjury, type RecordedSeason, type RecordingManifest,
} from '@handoff/sources-recorded';
import { playerLookup } from '@handoff/slate';
import { announcements } from './announcements.ts';
import { gameFinder, injurySnapshot, oddsApiLines, prizePicksLines, statusChanges, type Lines } from './origin-files.ts';

type Cell = string | number | boolean | null;

/** Comma-separated text; null is empty, true is 1. A cell with a comma or a quote is quoted. */
function csvText(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell): string => {
    const text = typeof value === 'boolean' ? String(Number(value)) : String(value ?? '');
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

const seconds = (instant: EpochMs): string => isoInstant(instant).replace('.000Z', 'Z');
const seasonName = (year: number): string => `20${year}-${year + 1}`;

function gamesText(games: readonly RecordedGame[]): string {
  const byId = games.toSorted((a, b) => a.officialId.localeCompare(b.officialId));
  return csvText(recordingColumns.games, byId.map((game) => [
    game.officialId, game.home, game.away, seconds(game.plannedTipAt), seconds(game.actualTipAt), game.homeScore, game.awayScore, game.isNeutralSite, game.isTipAssumed,
  ]));
}

/** The box scores of one season, in order of game, team and player, under the league's column names. */
function boxText(season: RecordedSeason, year: number): string {
  const games = season.games.filter((game) => game.officialId.slice(3, 5) === String(year)).toSorted((a, b) => a.officialId.localeCompare(b.officialId));
  const rows = games.flatMap((game) => {
    const stats = (season.statsByGame.get(game.officialId) ?? []).toSorted((a, b) => a.team.localeCompare(b.team) || a.playerId - b.playerId);
    return stats.map((stat): Cell[] => {
      const opponent = stat.team === game.home ? game.away : game.home;
      const matchup = stat.team === game.home && !game.isNeutralSite ? `${stat.team} vs. ${opponent}` : `${stat.team} @ ${opponent}`;
      return [stat.playerId, stat.playerName, stat.team, game.officialId, game.actualDate, matchup, stat.minutes, ...statColumns.map((column) => stat.counts[column]), stat.plusMinus];
    });
  });
  return csvText(boxColumns, rows);
}

function eventsText(lines: Lines): string {
  const rows = lines.events.map((event): Cell[] => [event.source, event.gameDate, event.officialId, seconds(event.commenceAt)]);
  return csvText(recordingColumns.events, sorted(rows));
}

function linesText({ lines }: Lines): string {
  const rows = lines.map((line): Cell[] => [
    line.source, line.gameDate, line.officialId, line.bookmaker, line.player, line.team, line.points, line.overPrice, line.underPrice, isoInstant(line.snapshotAt).replace('.000Z', 'Z'),
  ]);
  return csvText(recordingColumns.lines, sorted(rows));
}

function injuriesText(injuries: readonly RecordedInjury[]): string {
  return csvText(recordingColumns.injuries, sorted(injuries.map((injury): Cell[] => [seconds(injury.knownAt), injury.player, injury.status, injury.description])));
}

/** In order of their text, each once: the sources repeat themselves. */
function sorted(rows: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  const byText = new Map(rows.map((row) => [JSON.stringify(row), row]));
  return [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/**
 * The recordings as texts by file name, out of the shared data. Equal data, equal texts.
 *
 * @throws PipelineError `recording-corrupt` and others of the loaders, when the shared data is not what it was.
 */
export function recordingTexts(origin: string): Readonly<Record<string, string>> {
  const schedules = loadDataDirectory(origin).season;
  const find = gameFinder(schedules.games);
  const odds = oddsApiLines(join(origin, 'props/odds_api_nba_event_odds.ndjson.gz'), find);
  const picks = prizePicksLines(join(origin, 'props/prizepicks_nba_lines.csv.gz'), find);
  const lines = { events: [...odds.events, ...picks.events], lines: [...odds.lines, ...picks.lines] };
  const lasting = statusChanges(join(origin, 'injuries/status_change_log_to_2026-08-21.json.gz'));
  const snapshot = injurySnapshot(join(origin, 'injuries/injury_status_snapshots_2026-01-23_2026-02-02.csv.gz'), new Set(lasting.map(({ player }) => playerLookup(player))));
  return {
    'announcements.json': `${JSON.stringify(announcements, null, 2)}\n`,
    ...Object.fromEntries([24, 25].map((year) => [`box-scores-${seasonName(year)}.csv.gz`, boxText(schedules, year)])),
    'events.csv.gz': eventsText(lines),
    'games.csv.gz': gamesText(schedules.games),
    'injuries.csv.gz': injuriesText([...lasting, ...snapshot]),
    'lines.csv.gz': linesText(lines),
  };
}

function rowsOf(name: string, text: string): number {
  return name.endsWith('.csv.gz') ? text.split('\n').length - 2 : announcements.announcements.length;
}

// The authors of the data that is committed; the shared data names the licence of each file.
const licences = ['TomP142+betting_ml_mk1.LICENSE', 'UnrealSoul24+betting_ml_mk1.LICENSE', 'maurocastillomd+nba-workload.LICENSE'];

/** Writes the recordings, their manifest and the notices of their authors. */
export function makeRecordings(origin: string, target: string): RecordingManifest {
  const texts = recordingTexts(origin);
  mkdirSync(join(target, 'nba'), { recursive: true });
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(target, 'nba', name), name.endsWith('.gz') ? gzipSync(text, { level: 9 }) : text);
  const files = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, { sha256: createHash('sha256').update(text).digest('hex'), rows: rowsOf(name, text) }]));
  const manifest: RecordingManifest = { schema: 'handoff.recording/1', sport: 'nba', files };
  writeFileSync(join(target, 'nba', 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  mkdirSync(join(target, 'licences'), { recursive: true });
  for (const licence of licences) writeFileSync(join(target, 'licences', licence), readFileSync(join(origin, 'licences', licence)));
  return manifest;
}
