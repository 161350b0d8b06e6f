import { hasCode, isoInstant, type GapRow } from '@handoff/contracts';
import { gapKey, isOpen, type Gap } from '@handoff/ledger';
import { historyEntry, outboxWrite } from '@handoff/outbox';
import { documentId, type StateDocument, type StateRef, type StateStore } from '@handoff/ports';

/** `gaps`: one document per gap, of its newest occurrence; the log has the earlier ones. */
export const gapCollection = 'gaps';

export interface GapDocument extends StateDocument {
  readonly gap: Gap;
  readonly isOpen: boolean;
}

export const gapRef = (gap: Pick<Gap, 'gameDate' | 'flow' | 'subject'>): StateRef => ({ collection: gapCollection, id: documentId(gapKey(gap)) });

/** The newest occurrence of every gap that there ever was, by date and subject. */
export async function allGaps(state: StateStore): Promise<readonly Gap[]> {
  const found = await state.query<GapDocument>({ collection: gapCollection });
  return inOrder(found.map(({ value }) => value.gap));
}

const inOrder = (gaps: readonly Gap[]): readonly Gap[] => gaps.toSorted((left, right) => gapKey(left).localeCompare(gapKey(right), 'en'));

/** Every gap that has not ended, by date and subject. */
export async function openGaps(state: StateStore): Promise<readonly Gap[]> {
  const found = await state.query<GapDocument>({ collection: gapCollection, where: [{ field: 'isOpen', operator: '==', value: true }] });
  return inOrder(found.map(({ value }) => value.gap));
}

/** The newest occurrence of each of some gaps, where there ever was one. */
export async function gapsOn(state: StateStore, wanted: readonly Pick<Gap, 'gameDate' | 'flow' | 'subject'>[]): Promise<readonly Gap[]> {
  const documents = await Promise.all(wanted.map((gap) => state.get<GapDocument>(gapRef(gap))));
  return documents.flatMap((document) => (document === undefined ? [] : [document.value.gap]));
}

/**
 * Writes the next version of a gap and its event, together, if the version before is the one that stands; tells whether
 * it was. Somebody else who changed it meanwhile has seen as much, and the next look goes on from there.
 */
export async function writeGap(state: StateStore, gap: Gap): Promise<boolean> {
  const ref = gapRef(gap);
  const known = await state.get<GapDocument>(ref);
  if ((known?.value.gap.version ?? 0) !== gap.version - 1) return false;
  const value: GapDocument = { gap, isOpen: isOpen(gap) };
  const event = outboxWrite(historyEntry('nba_orchestration.gap_log', rowOf(gap), gapKey(gap)), gap.updatedAt);
  try {
    await state.batch([known === undefined ? { kind: 'create', ref, value } : { kind: 'update', ref, value, expectedVersion: known.version }, event]);
    return true;
  } catch (error) {
    if (!hasCode(error, 'state-version-conflict') && !hasCode(error, 'state-already-exists')) throw error;
    return false;
  }
}

function rowOf(gap: Gap): GapRow {
  const id = `${gapKey(gap)}|${gap.occurrence}`;
  return {
    event_id: `${id}|${gap.version}`, gap_id: id, version: gap.version, game_date: gap.gameDate, output: gap.subject, phase: gap.phase, flow: gap.flow, status: gap.status, missing: [...gap.missing],
    attempts: gap.attemptCount, last_attempt: gap.attempts.at(-1)?.repair ?? null, opened_at: gap.openedAt, next_action_at: gap.nextActionAt, ended_at: gap.endedAt, resolution: gap.resolution,
    history: gap.attempts.map(({ at, repair, missing, messages, by, correlationId }) => ({ at: isoInstant(at), repair, missing: [...missing], messages, by, correlationId })), updated_at: gap.updatedAt,
  };
}
