import { outputNamed } from '@handoff/catalogue';
import type { EpochMs, ExpectedOutputRow, Flow, GameDate, Phase, Purpose } from '@handoff/contracts';
import { gameDate, pairOf } from '@handoff/contracts';
import { waitsForAnother } from './causes.ts';
import { wasLivedThrough } from './lived-through.ts';

/** One try to fill a gap. */
export interface GapAttempt {
  readonly at: EpochMs;
  /** What was done, for people: `scrape nbac_player_boxscore`, `again phase2-to-phase3`. */
  readonly repair: string;
  /** What was missing when it began: `output|scope`. */
  readonly missing: readonly string[];
  /** What it costs, in messages that it may send at most: the budgets of healing are counted in them. */
  readonly messages: number;
  /** Who began it: `self-heal`, or `handoff heal` for people. */
  readonly by: string;
  readonly correlationId: string;
}

/** That people accept that something is missing: it is in no gap any more. */
export interface Waiver {
  /** `output|scope`. */
  readonly pair: string;
  readonly by: string;
  readonly reason: string;
  readonly at: EpochMs;
}

/**
 * Something that should exist and does not, with all that is missing for the one cause: an output of the sources, or
 * what one phase makes, of one game date and flow.
 *
 * | status | meaning |
 * |---|---|
 * | open | repairs are being tried |
 * | stopped | a round of them changed nothing: the next round is at `nextActionAt` |
 * | closed | the rows were seen |
 * | void | nothing is expected any more: postponed, switched off, or missed for good |
 * | waived | people have accepted what was still missing: it opens no gap again |
 */
export interface Gap {
  readonly gameDate: GameDate;
  readonly flow: Flow;
  readonly phase: Phase;
  /** The output, of phase 2; of later phases, which make their outputs together, the phase. */
  readonly subject: string;
  /** 1 for the first time, one more each time that it opens again. */
  readonly occurrence: number;
  readonly status: 'open' | 'stopped' | 'closed' | 'void' | 'waived';
  /** `output|scope`, ascending; of a gap that has ended what was missing last. */
  readonly missing: readonly string[];
  /** history: a date that was loaded, not lived through. */
  readonly purpose: Extract<Purpose, 'live' | 'history'>;
  readonly openedAt: EpochMs;
  /** The last of them; the log has all. */
  readonly attempts: readonly GapAttempt[];
  /** All of them: it only rises, and names the next. */
  readonly attemptCount: number;
  /** Rounds of repairs that have been begun. */
  readonly round: number;
  /** How many of the attempts are of this round. */
  readonly attemptsInRound: number;
  readonly nextActionAt: EpochMs | null;
  readonly endedAt: EpochMs | null;
  readonly resolution: string | null;
  /** What people have accepted of this date, flow and subject, in any occurrence. */
  readonly waived?: readonly Waiver[];
  /** Rises with every change. */
  readonly version: number;
  readonly updatedAt: EpochMs;
}

/** `2026-01-24|postgame|nba_raw.bdl_player_boxscores`. */
export const gapKey = ({ gameDate: date, flow, subject }: Pick<Gap, 'gameDate' | 'flow' | 'subject'>): string => `${date}|${flow}|${subject}`;

export const isOpen = ({ status }: Pick<Gap, 'status'>): boolean => status === 'open' || status === 'stopped';

type FoundGap = Pick<Gap, 'gameDate' | 'flow' | 'phase' | 'subject' | 'missing' | 'purpose'>;

const pairOfRow = ({ output, scope }: ExpectedOutputRow): string => pairOf(output, scope);

const subjectOf = ({ output, phase }: ExpectedOutputRow): string => (phase === 'phase2' ? output : phase);

/**
 * The gaps of one game date: what is FAILED and waits for nothing else, by cause. What stands in for another output is
 * no gap of its own, nor is what follows from something that is missing before it.
 */
export function findGaps(rows: readonly ExpectedOutputRow[]): readonly FoundGap[] {
  const failed = rows.filter((row) => row.state === 'FAILED' && outputNamed(row.output)?.alternativeOf === undefined && !waitsForAnother(row, rows));
  const purpose = wasLivedThrough(rows) ? 'live' : 'history';
  const bySubject = new Map<string, ExpectedOutputRow[]>();
  for (const row of failed) {
    const key = `${row.flow}|${subjectOf(row)}`;
    bySubject.set(key, [...(bySubject.get(key) ?? []), row]);
  }
  return [...bySubject.values()].flatMap((own): FoundGap[] => {
    const [first] = own;
    if (first === undefined) return [];
    return [{ gameDate: gameDate(first.game_date), flow: first.flow as Flow, phase: first.phase as Phase, subject: subjectOf(first), missing: own.map(pairOfRow).sort(), purpose }];
  });
}

/**
 * What becomes of the gaps of some dates by what the ledger says of them now: opened once, kept up with what is
 * missing, and ended only when the rows of all that was missing were seen, or are not expected any more.
 *
 * @param known - the newest occurrence of each gap that there ever was on these dates.
 * @param rows - every row of the ledger of these dates.
 * @returns the gaps that changed, with their next version.
 */
export function settleGaps({ known, rows, now }: { readonly known: readonly Gap[]; readonly rows: readonly ExpectedOutputRow[]; readonly now: EpochMs }): readonly Gap[] {
  const byLedger = changedByLedger({ known, rows, now });
  return [...byLedger, ...wokenBy(byLedger, known, now)];
}

/** A source that has brought what was missing is asked for the rest at once: a round's wait is for one that stays away. */
function wokenBy(changes: readonly Gap[], known: readonly Gap[], now: EpochMs): readonly Gap[] {
  const back = new Set(changes.filter(({ status, phase, attemptCount }) => status === 'closed' && phase === 'phase2' && attemptCount > 0).map(({ subject }) => subject));
  const isChanged = new Set(changes.map(gapKey));
  return known
    .filter((gap) => gap.status === 'stopped' && back.has(gap.subject) && !isChanged.has(gapKey(gap)) && gap.nextActionAt !== null && gap.nextActionAt > now)
    .map((gap): Gap => ({ ...changed(gap, now), nextActionAt: now }));
}

function changedByLedger({ known, rows, now }: { readonly known: readonly Gap[]; readonly rows: readonly ExpectedOutputRow[]; readonly now: EpochMs }): readonly Gap[] {
  const dates = [...new Set([...rows.map(({ game_date: date }) => date), ...known.map(({ gameDate: date }) => date)])].sort();
  const accepted = new Map(known.map((gap) => [gapKey(gap), new Set((gap.waived ?? []).map(({ pair }) => pair))]));
  return dates.flatMap((date) => {
    const own = rows.filter((row) => row.game_date === date);
    const found = new Map(findGaps(own).map((gap) => without(gap, accepted.get(gapKey(gap)))).filter(({ missing }) => missing.length > 0).map((gap) => [gapKey(gap), gap]));
    const settled = known.filter((gap) => gap.gameDate === date).flatMap((gap) => settle(gap, found.get(gapKey(gap)), { rows: own, now }));
    const knownKeys = new Set(known.map(gapKey));
    return [...settled, ...[...found].filter(([key]) => !knownKeys.has(key)).map(([, gap]) => opened(gap, 1, { version: 0 }, now))];
  });
}

const without = (gap: FoundGap, accepted: ReadonlySet<string> | undefined): FoundGap => (accepted === undefined ? gap : { ...gap, missing: gap.missing.filter((pair) => !accepted.has(pair)) });

/**
 * A gap of which people accept that one pair stays missing; it ends where nothing else is. The pair opens no gap of
 * this date and flow again.
 *
 * @param waiver - its pair is among those that the gap lacks.
 */
export function waive(gap: Gap, waiver: Waiver): Gap {
  const waived = [...(gap.waived ?? []), waiver];
  const missing = gap.missing.filter((pair) => pair !== waiver.pair);
  const { at, by, reason } = waiver;
  if (missing.length > 0) return { ...changed(gap, at), missing, waived };
  return { ...changed(gap, at), status: 'waived', waived, nextActionAt: null, endedAt: at, resolution: `accepted by ${by}: ${reason}` };
}

interface Look {
  readonly rows: readonly ExpectedOutputRow[];
  readonly now: EpochMs;
}

function settle(gap: Gap, found: FoundGap | undefined, { rows, now }: Look): readonly Gap[] {
  if (!isOpen(gap)) return found === undefined ? [] : [{ ...opened(found, gap.occurrence + 1, gap, now), ...(gap.waived === undefined ? {} : { waived: gap.waived }) }];
  const states = new Map(rows.map((row) => [pairOfRow(row), row]));
  const still = gap.missing.filter((pair) => states.get(pair)?.state === 'FAILED');
  const missing = [...new Set([...still, ...(found?.missing ?? [])])].sort();
  if (missing.length === 0) return [ended(gap, gap.missing.map((pair) => states.get(pair)), now)];
  if (missing.join() === gap.missing.join()) return [];
  // What has changed is worth a look of its own, whatever round it is.
  return [{ ...changed(gap, now), status: 'open', missing, attemptsInRound: 0, nextActionAt: isGrown(missing, gap.missing) ? now : gap.nextActionAt }];
}

const isGrown = (missing: readonly string[], before: readonly string[]): boolean => missing.some((pair) => !before.includes(pair));

function opened(found: FoundGap, occurrence: number, { version }: Pick<Gap, 'version'>, now: EpochMs): Gap {
  return { ...found, occurrence, status: 'open', openedAt: now, attempts: [], attemptCount: 0, round: 0, attemptsInRound: 0, nextActionAt: now, endedAt: null, resolution: null, version: version + 1, updatedAt: now };
}

/** Closed when rows of all of it were seen; void when some of it is not to come any more, or has left the ledger. */
function ended(gap: Gap, rows: readonly (ExpectedOutputRow | undefined)[], now: EpochMs): Gap {
  const notSeen = rows.filter((row) => row === undefined || row.row_count === 0);
  const reasons = [...new Set(notSeen.map((row) => row?.reason ?? 'not-in-the-ledger'))].sort();
  const total = rows.reduce((sum, row) => sum + (row?.row_count ?? 0), 0);
  // Rows of a stand-in are rows: the ledger has seen them.
  const isClosed = reasons.every((reason) => reason === 'alternative-source-has-it');
  const resolution = isClosed ? `rows seen: ${total}${reasons.length > 0 ? ', the rest from an alternative source' : ''}` : `not expected any more: ${reasons.join(', ')}`;
  return { ...changed(gap, now), status: isClosed ? 'closed' : 'void', nextActionAt: null, endedAt: now, resolution };
}

export const changed = (gap: Gap, now: EpochMs): Gap => ({ ...gap, version: gap.version + 1, updatedAt: now });
