import { partsOfPair, type EpochMs, type OfficialGameId } from '@handoff/contracts';
import type { GapChange } from '@handoff/read-models';

/** A repair that was begun while the game was in the gap. */
export interface TracedAttempt {
  readonly at: EpochMs;
  readonly repair: string;
}

/** A gap that the game was in, as far as it is about the game. */
export interface TracedGap {
  readonly gameDate: string;
  readonly flow: string;
  /** With what it began: an output of the sources, or the phase that did not make its outputs. */
  readonly cause: string;
  /** 1 for the first time that it was open. */
  readonly occurrence: number;
  /** filled: the gap goes on, or went on, without this game. */
  readonly status: 'open' | 'stopped' | 'closed' | 'void' | 'filled';
  /** The outputs that lack the game, or lacked it last. */
  readonly missing: readonly string[];
  readonly openedAt: EpochMs;
  readonly endedAt: EpochMs | null;
  readonly attempts: readonly TracedAttempt[];
  readonly resolution: string | null;
}

/** The gaps that a game is or was in, by when it came into them. @param changes - every change of them, in order. */
export function gapsOfGame(changes: readonly GapChange[], game: OfficialGameId): readonly TracedGap[] {
  const ids = [...new Set(changes.map(({ gap_id: id }) => id))];
  return ids.flatMap((id) => tracedGap(changes.filter((change) => change.gap_id === id), game)).toSorted((left, right) => left.openedAt - right.openedAt);
}

const lacks = ({ missing }: GapChange, game: OfficialGameId): boolean => missing.some((pair) => partsOfPair(pair).scope === game);

function tracedGap(versions: readonly GapChange[], game: OfficialGameId): readonly TracedGap[] {
  const own = versions.filter((change) => lacks(change, game));
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return [];
  const without = versions.find(({ version }) => version > last.version);
  const end = without === undefined ? { status: last.status as TracedGap['status'], endedAt: last.ended_at, resolution: last.resolution } : { status: 'filled' as const, endedAt: without.updated_at, resolution: null };
  const missing = last.missing.map(partsOfPair).filter(({ scope }) => scope === game).map(({ output }) => output);
  return [{ gameDate: first.game_date, flow: first.flow, cause: first.output, occurrence: Number(first.gap_id.split('|').at(-1)), missing, openedAt: first.updated_at, attempts: attemptsOf(versions).filter(({ at }) => at >= first.updated_at && at <= last.updated_at), ...end }];
}

/** Each change that counted one attempt more is an attempt. */
const attemptsOf = (versions: readonly GapChange[]): readonly TracedAttempt[] =>
  versions.flatMap(({ attempts, last_attempt: repair, updated_at: at }, index) => (repair !== null && attempts > (versions[index - 1]?.attempts ?? 0) ? [{ at, repair }] : []));
