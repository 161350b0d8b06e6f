import { inputsOf, isOutputAsked, withStandIns, type Output } from '@handoff/catalogue';
import { pairOf, type EpochMs, type GameDate, type OfficialGameId, type Purpose } from '@handoff/contracts';
import { outputsOfHistory } from '@handoff/ledger';
import { dueTime, type SlateGame } from '@handoff/slate';

/** What the tables hold of an output for one game, or for the slate. */
export interface Held {
  readonly rows: number;
  readonly degradedRows: number;
  /** Fewer rows than the ledger had seen: the rest was lost. */
  readonly isPart: boolean;
  /** When a row of it was written last. */
  readonly lastAt: EpochMs;
}

/** Streamed rows that keep a game from being changed. */
export interface OpenConflict {
  readonly table: string;
  readonly game: string;
  /** When they leave the buffer, ISO 8601; absent where that is not known. */
  readonly until: string | undefined;
}

/** A table into which somebody streams: its rows can be changed from `until` on, ISO 8601. */
export interface StreamedTable {
  readonly table: string;
  readonly until: string;
}

export interface DateFacts {
  readonly gameDate: GameDate;
  readonly slate: readonly SlateGame[];
  /** By `output|scope`. */
  readonly held: ReadonlyMap<string, Held>;
  readonly conflicts: readonly OpenConflict[];
  /** Whether or not a change was ever refused for them. */
  readonly streamed: readonly StreamedTable[];
  /** False: the date was loaded as history. */
  readonly wasLivedThrough: boolean;
  readonly now: EpochMs;
}

export interface BackfillChoice {
  /** Empty: every game. */
  readonly games: readonly OfficialGameId[];
  /** What is there is made again too. */
  readonly isForced: boolean;
}

/** Why a piece is made. part: rows of it were lost. stale: made before its inputs were changed last, or of an incomplete set. */
export type MakeReason = 'missing' | 'part' | 'stale' | 'forced';

/**
 * Why a piece is left alone.
 *
 * | reason | meaning |
 * |---|---|
 * | present | it is there, and as new as what it is made of |
 * | postponed | the game was not played on the date |
 * | live-work | it is not due yet: the live flow makes it |
 * | past-tip-off | it is only worth something before the game, which has begun |
 * | inputs-missing | what it is made of is not there |
 * | streaming-buffer | a conflict of its game is open, or the table of it or of what it is made of has streamed rows: those are told per table, so that every game of it waits |
 * | not-asked | no source of it was enabled on the date |
 */
export type SkipReason = 'present' | 'postponed' | 'live-work' | 'past-tip-off' | 'inputs-missing' | 'streaming-buffer' | 'not-asked';

/** One output of one game, or of the slate, and what is to be done about it. */
export interface BackfillPiece {
  readonly output: Output;
  readonly gameDate: GameDate;
  readonly scope: OfficialGameId | 'slate';
  readonly verdict: { readonly does: 'make'; readonly reason: MakeReason } | { readonly does: 'skip'; readonly reason: SkipReason; readonly until?: string };
  /** What it is made for: live, in retrospect once its game has begun, or as history where the date was loaded as such. */
  readonly purpose: Purpose;
}

/**
 * Outputs that are worth something before tip-off alone. What a source said at the time and what was predicted is never
 * made after it; the context of a game that has begun can be, in retrospect, where people want the features of it.
 */
const isOnlyBefore = ({ phase, flow, recovery }: Output, isForced: boolean): boolean => flow === 'pregame' && recovery === 'time-bound' && !(phase === 'phase3' && isForced);

/** What is to be made of one output for one date, game by game: what is missing or stale, and with force all of it. */
export function planDate(output: Output, facts: DateFacts, { games, isForced }: BackfillChoice): readonly BackfillPiece[] {
  const { gameDate, slate, now } = facts;
  const played = slate.filter(({ status }) => status !== 'postponed');
  const asked = (scope: BackfillPiece['scope'], games: readonly SlateGame[]): Asked => {
    const hasBegun = !games.some(({ tipAt }) => tipAt > now);
    return { output, gameDate, scope, hasBegun, purpose: purposeOf(output, { hasBegun, wasLivedThrough: facts.wasLivedThrough }) };
  };
  const piece = ({ hasBegun, ...of }: Asked): BackfillPiece => ({ ...of, verdict: verdictOf({ hasBegun, ...of }, facts, isForced) });
  if (output.scope === 'slate') return played.length === 0 ? [] : [piece(asked('slate', played))];
  return slate.filter(({ officialId }) => games.length === 0 || games.includes(officialId)).map((game) => {
    const made = piece(asked(game.officialId, [game]));
    return game.status === 'postponed' ? { ...made, verdict: { does: 'skip', reason: 'postponed' } } : made;
  });
}

/** What a history holds is made as history where the date is one, so that nothing behind it wakes that history does not have. */
function purposeOf(output: Output, { hasBegun, wasLivedThrough }: { readonly hasBegun: boolean; readonly wasLivedThrough: boolean }): Purpose {
  if (!wasLivedThrough && outputsOfHistory.includes(output.name)) return 'history';
  return output.phase === 'phase2' || output.flow === 'postgame' || !hasBegun ? 'live' : 'repair';
}

type Asked = Omit<BackfillPiece, 'verdict'> & { readonly hasBegun: boolean };

function verdictOf({ output, gameDate, scope, hasBegun }: Asked, { held, conflicts, streamed, now }: DateFacts, isForced: boolean): BackfillPiece['verdict'] {
  const own = standing(held, output.name, scope);
  const inputs = inputsOf(output).filter((input) => input.need === 'required' && (input.scope === 'game' || scope === 'slate'));
  const isPart = held.get(pairOf(output.name, scope))?.isPart === true;
  const reason = isForced ? 'forced' : isPart ? 'part' : reasonOf(own, inputs.map((input) => standing(held, input.name, scope)), output);
  if (reason === undefined) return { does: 'skip', reason: 'present' };
  if (!isOutputAsked(output, gameDate)) return { does: 'skip', reason: 'not-asked' };
  if (dueTime(gameDate, output.due) > now) return { does: 'skip', reason: 'live-work' };
  if (isOnlyBefore(output, isForced) && hasBegun) return { does: 'skip', reason: 'past-tip-off' };
  const blocking = conflicts.find(({ table, game }) => game === scope && inputs.some((input) => withStandIns(input.name).includes(table))) ?? streamedLongest(output, streamed);
  if (blocking !== undefined) return { does: 'skip', reason: 'streaming-buffer', ...(blocking.until === undefined ? {} : { until: blocking.until }) };
  if (scope !== 'slate' && inputs.some((input) => input.scope === 'game' && standing(held, input.name, scope) === undefined)) return { does: 'skip', reason: 'inputs-missing' };
  return { does: 'make', reason };
}

/** Of the tables that an output is written to or made of, the one whose streamed rows can be changed last. */
function streamedLongest(output: Output, streamed: readonly StreamedTable[]): StreamedTable | undefined {
  const tables = tablesConcerned(output);
  return streamed.filter(({ table }) => tables.includes(table)).toSorted((left, right) => left.until.localeCompare(right.until)).at(-1);
}

/** The tables that making an output reads or writes, those that stand in for them too. */
export const tablesConcerned = (output: Output): readonly string[] => [output, ...inputsOf(output)].flatMap(({ name }) => withStandIns(name));

/** What there is of an output, or of one that stands in for it; a part is as good as nothing. */
function standing(held: ReadonlyMap<string, Held>, name: string, scope: string): Held | undefined {
  return withStandIns(name).map((one) => held.get(pairOf(one, scope))).find((one) => one !== undefined && one.rows > 0 && !one.isPart);
}

function reasonOf(own: Held | undefined, inputs: readonly (Held | undefined)[], { flow }: Output): MakeReason | undefined {
  if (own === undefined) return 'missing';
  if (own.degradedRows > 0) return 'stale';
  // Before a game its inputs are written again whenever the schedule is: only results are as old as what they are made of.
  return flow === 'postgame' && inputs.some((input) => input !== undefined && input.lastAt > own.lastAt) ? 'stale' : undefined;
}
