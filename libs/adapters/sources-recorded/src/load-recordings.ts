import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseInstant } from '@handoff/contracts';
import type { z } from 'zod';
import { boxRowsOf } from './box-file.ts';
import { readTable, readText, type CsvTable } from './csv-table.ts';
import { recordedSeason, type Announcement, type RecordedSeason } from './recorded-season.ts';
import { recordingCorrupt, remedies } from './recording-errors.ts';
import { AnnouncementsFile, recordedEventsOf, recordedGamesOf, recordedInjuriesOf, recordedLinesOf, RecordingManifest } from './recording-format.ts';

const { committed } = remedies;

function readJson<Schema extends z.ZodType>(text: string, file: string, schema: Schema): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw recordingCorrupt(file, 'is not what this version writes', committed, cause);
  }
}

/** Reads the files that the manifest names, each held to its hash. */
class ManifestFiles {
  readonly #directory: string;
  readonly #manifest: RecordingManifest;
  readonly digest: string;

  constructor(directory: string) {
    this.#directory = directory;
    const text = readText(join(directory, 'manifest.json'), join(directory, 'manifest.json'), committed);
    this.#manifest = readJson(text, join(directory, 'manifest.json'), RecordingManifest);
    this.digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  }

  names(prefix: string): readonly string[] {
    return Object.keys(this.#manifest.files).filter((name) => name.startsWith(prefix)).toSorted();
  }

  text(name: string): string {
    const file = join(this.#directory, name);
    const known = this.#manifest.files[name];
    if (known === undefined) throw recordingCorrupt(file, 'is not in the manifest', committed);
    const text = readText(file, file, committed);
    if (createHash('sha256').update(text).digest('hex') !== known.sha256) throw recordingCorrupt(file, 'does not have the content that the manifest names', committed);
    return text;
  }

  table(name: string): CsvTable {
    return readTable(this.text(name), join(this.#directory, name), committed);
  }
}

function announcementsOf(text: string, file: string): Announcement[] {
  return readJson(text, file, AnnouncementsFile).announcements.map(({ gameId, announcedAt, assumed, note }) => ({
    officialId: gameId, announcedAt: parseInstant(announcedAt), isAssumed: assumed, note,
  }));
}

/**
 * Loads the committed recordings from their folder.
 *
 * @throws PipelineError `recording-corrupt` (reject) naming the file and what to do, for a file that is
 *   missing, cut off, altered, or of another version.
 */
export function loadRecordings(directory: string): RecordedSeason {
  const files = new ManifestFiles(directory);
  return recordedSeason({
    games: recordedGamesOf(files.table('games.csv.gz')),
    stats: files.names('box-scores-').flatMap((name) => boxRowsOf(files.table(name)).map(({ stat }) => stat)),
    announcements: announcementsOf(files.text('announcements.json'), join(directory, 'announcements.json')),
    events: recordedEventsOf(files.table('events.csv.gz')),
    lines: recordedLinesOf(files.table('lines.csv.gz')),
    injuries: recordedInjuriesOf(files.table('injuries.csv.gz')),
    digest: files.digest,
  });
}
