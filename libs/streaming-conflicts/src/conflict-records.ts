import { conflictRechecks, type TableName } from '@handoff/catalogue';
import { hashOf, type EpochMs, type FilesStored, type GameDate, type StreamingConflictRow } from '@handoff/contracts';
import { historyEntry, outboxWrite } from '@handoff/outbox';
import type { Notifier, StateDocument, StateRef, StateStore, StateWrite } from '@handoff/ports';

/** `streaming_conflicts`: one document per table and game, of the last time that it was in conflict. */
const streamingConflicts = 'streaming_conflicts';

/** How a conflict ended: by a look or a load of ours, or by people who forced it. `manual` is the owner's third word; nothing of ours writes it. */
export type ResolutionMethod = 'auto_retry' | 'manual' | 'force_mode';

export interface ConflictDocument extends StateDocument {
  readonly table: TableName;
  readonly game: string;
  readonly gameDate: GameDate;
  readonly detectedAt: EpochMs;
  /** Re-checks that found it still in conflict. */
  readonly retryCount: number;
  readonly isOpen: boolean;
  /** True when the looks that follow soon are over and people have been told; it is still looked at every hour for a day. */
  readonly isLeft: boolean;
  readonly version: number;
  readonly resolvedAt: EpochMs | null;
  readonly method: ResolutionMethod | null;
  readonly details: Readonly<Record<string, string | number | null>>;
  /** What could not be loaded, so that it can be forced. */
  readonly files: FilesStored;
}

interface ConflictPorts {
  readonly state: StateStore;
  readonly notifier: Notifier;
}

export interface FoundConflict {
  readonly table: TableName;
  readonly game: string;
  readonly gameDate: GameDate;
  /** 0 where it was found by a load, n by the n-th re-check of that load. */
  readonly recheck: number;
  readonly details: ConflictDocument['details'];
  readonly files: FilesStored;
}

/**
 * Notes that a game is in conflict, in a document and in the log; people are told once, when the last of the re-checks
 * that follow soon has found it still there. Idempotent by game and re-check.
 */
export async function noteConflict({ state, notifier }: ConflictPorts, found: FoundConflict, now: EpochMs): Promise<ConflictDocument> {
  const ref = conflictRef(found);
  const isLeft = found.recheck >= conflictRechecks.length;
  const { document, isNews } = await state.transact([ref], ([known]) => {
    const before = known?.value as ConflictDocument | undefined;
    if (before?.isOpen === true && before.retryCount >= found.recheck && (found.recheck > 0 || !before.isLeft)) return { writes: [], result: { document: before, isNews: false } };
    const { table, game, gameDate, details, files } = found;
    const isSame = before?.isOpen === true && found.recheck > 0;
    const next: ConflictDocument = {
      table, game, gameDate, details, files, isLeft, isOpen: true, detectedAt: isSame ? before.detectedAt : now, retryCount: found.recheck, version: (before?.version ?? 0) + 1, resolvedAt: null, method: null,
    };
    return { writes: changeWrites(next, now), result: { document: next, isNews: true } };
  });
  if (isNews && found.recheck === conflictRechecks.length) await tellLeft(notifier, document, now);
  return document;
}

export interface Resolution {
  readonly table: TableName;
  readonly games: readonly string[];
  readonly method: ResolutionMethod;
  /** Of people who forced it: why, for the log. */
  readonly reason?: string;
}

/** Notes that games are not in conflict any more; tells how many were. */
export async function resolveConflicts({ state, notifier }: ConflictPorts, { table, games, method, reason }: Resolution, now: EpochMs): Promise<number> {
  const open = await openConflicts(state);
  const ended = open.filter((conflict) => conflict.table === table && games.includes(conflict.game));
  for (const conflict of ended) {
    const details = reason === undefined ? conflict.details : { ...conflict.details, reason };
    await state.batch(changeWrites({ ...conflict, details, isOpen: false, version: conflict.version + 1, resolvedAt: now, method }, now));
    await notifier.resolve('streaming-conflict-unresolved', subjectOf(conflict), now);
  }
  return ended.length;
}

/** The conflicts that have not ended. */
export async function openConflicts(state: StateStore): Promise<readonly ConflictDocument[]> {
  const documents = await state.query<ConflictDocument>({ collection: streamingConflicts, where: [{ field: 'isOpen', operator: '==', value: true }] });
  return documents.map(({ value }) => value);
}

/** The id of a conflict, for people and in the log: the same game in conflict another day is another. */
export const conflictId = ({ table, game, detectedAt }: Pick<ConflictDocument, 'table' | 'game' | 'detectedAt'>): string => hashOf(`${table}|${game}|${detectedAt}`).slice(0, 16);

const conflictRef = ({ table, game }: Pick<ConflictDocument, 'table' | 'game'>): StateRef => ({ collection: streamingConflicts, id: hashOf(`${table}|${game}`).slice(0, 32) });
const subjectOf = ({ table, game }: ConflictDocument): string => `${table} ${game}`;

function changeWrites(conflict: ConflictDocument, now: EpochMs): readonly StateWrite[] {
  return [{ kind: 'set', ref: conflictRef(conflict), value: conflict }, outboxWrite(historyEntry('nba_orchestration.streaming_conflict_events', rowOf(conflict, now), conflictId(conflict)), now)];
}

function rowOf(conflict: ConflictDocument, now: EpochMs): StreamingConflictRow {
  const id = conflictId(conflict);
  return {
    event_id: `${id}-${conflict.version}`, conflict_id: id, version: conflict.version, updated_at: now, timestamp: conflict.detectedAt, processor_name: conflict.table, game_id: conflict.game, game_date: conflict.gameDate,
    conflict_type: 'streaming_buffer', retry_count: conflict.retryCount, resolved: !conflict.isOpen, resolution_time: conflict.resolvedAt, resolution_method: conflict.method, details: { ...conflict.details },
  };
}

async function tellLeft(notifier: Notifier, conflict: ConflictDocument, now: EpochMs): Promise<void> {
  await notifier.alert({
    cause: 'streaming-conflict-unresolved', subject: subjectOf(conflict), severity: 'error', title: `${conflict.table} still cannot be written for ${conflict.game}`,
    facts: { id: conflictId(conflict), table: conflict.table, game: conflict.game, gameDate: conflict.gameDate, rechecks: conflict.retryCount }, at: now,
  });
}
