import { gameDate, OfficialGameId, parseInstant, type EpochMs } from '@handoff/contracts';
import { gameDateOf, tricodeOf } from '@handoff/slate';
import { z } from 'zod';
import { CsvRecord, type CsvTable } from './csv-table.ts';
import type { RecordedEvent, RecordedGame, RecordedInjury, RecordedLine } from './recorded-season.ts';

/** What manifest.json holds: of every file, the SHA-256 of its unpacked text and its number of rows. */
export const RecordingManifest = z.object({
  schema: z.literal('handoff.recording/1'),
  sport: z.literal('nba'),
  files: z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), rows: z.int().nonnegative() })),
});
export type RecordingManifest = z.infer<typeof RecordingManifest>;

/** announcements.json: when each move was known, and whether that is our assumption. */
export const AnnouncementsFile = z.object({
  note: z.string(),
  announcements: z.array(z.object({ gameId: OfficialGameId, announcedAt: z.string(), assumed: z.boolean(), note: z.string() })),
});

/** Columns of the tables of our own form, as the script writes and the loader reads them. Instants are ISO 8601 in UTC. */
export const recordingColumns = {
  games: ['game_id', 'home', 'away', 'planned_tip', 'actual_tip', 'home_score', 'away_score', 'is_neutral_site', 'is_tip_assumed'],
  events: ['source', 'game_date', 'game_id', 'commence'],
  lines: ['source', 'game_date', 'game_id', 'bookmaker', 'player', 'team', 'points', 'over', 'under', 'snapshot'],
  injuries: ['known_at', 'player', 'status', 'description'],
} as const;

const instant = (record: CsvRecord, column: string): EpochMs => record.as(column, parseInstant);
const officialId = (record: CsvRecord): OfficialGameId => record.as('game_id', (text) => OfficialGameId.parse(text));
const LineSourceName = z.enum(['odds-api', 'prizepicks']);
const source = (record: CsvRecord): RecordedLine['source'] => record.as('source', (text) => LineSourceName.parse(text));

function tricode(record: CsvRecord, column: string): RecordedGame['home'] {
  return tricodeOf(record.text(column)) ?? record.fail(column, `is no team: ${record.text(column)}`);
}

/** @throws PipelineError `recording-corrupt` (reject), as the readers below. */
export const recordedGamesOf = (table: CsvTable): RecordedGame[] =>
  CsvRecord.map(table, recordingColumns.games, (record) => {
    const [plannedTipAt, actualTipAt] = [instant(record, 'planned_tip'), instant(record, 'actual_tip')];
    return {
      officialId: officialId(record), home: tricode(record, 'home'), away: tricode(record, 'away'),
      plannedDate: gameDateOf(plannedTipAt), plannedTipAt, actualDate: gameDateOf(actualTipAt), actualTipAt,
      homeScore: record.optionalInteger('home_score'), awayScore: record.optionalInteger('away_score'),
      isNeutralSite: record.text('is_neutral_site') === '1', isTipAssumed: record.text('is_tip_assumed') === '1',
    };
  });

export const recordedEventsOf = (table: CsvTable): RecordedEvent[] =>
  CsvRecord.map(table, recordingColumns.events, (record) => ({
    source: source(record), gameDate: record.as('game_date', gameDate), officialId: officialId(record), commenceAt: instant(record, 'commence'),
  }));

export const recordedLinesOf = (table: CsvTable): RecordedLine[] =>
  CsvRecord.map(table, recordingColumns.lines, (record) => ({
    source: source(record), gameDate: record.as('game_date', gameDate), officialId: officialId(record), bookmaker: record.text('bookmaker'),
    player: record.text('player'), team: record.text('team'), points: record.number('points'),
    overPrice: record.optionalInteger('over'), underPrice: record.optionalInteger('under'), snapshotAt: instant(record, 'snapshot'),
  }));

export const recordedInjuriesOf = (table: CsvTable): RecordedInjury[] =>
  CsvRecord.map(table, recordingColumns.injuries, (record) => ({
    knownAt: instant(record, 'known_at'), player: record.text('player'), status: record.text('status'), description: record.text('description'),
  }));
