import type { PredictionBatchPolicy } from '@handoff/catalogue';
import { elapsed, epochMs, type EpochMs } from '@handoff/contracts';

/** What is known of one request. */
export interface RequestFacts {
  readonly requestId: string;
  /** When it was sent the last time, and the how-manieth that was. */
  readonly sentAt: EpochMs;
  readonly attempt: number;
  /** Players that were expected or told of, and how many of them have a final answer. A request is never without weight: its games have to be taken back even where no player is left. */
  readonly players: number;
  readonly answered: number;
  /** Absent before its first answer. */
  readonly answeredAt: EpochMs | undefined;
  /** The last that its present worker has told; absent where none has taken it up since it was sent. */
  readonly beatAt: EpochMs | undefined;
}

export type BatchVerdict =
  | { readonly verdict: 'complete' }
  /** Announce what is there: nearly all, or all that came of sending often enough. */
  | { readonly verdict: 'end-without'; readonly reason: 'nearly-all-answered' | 'sent-often-enough'; readonly outstanding: readonly string[] }
  | { readonly verdict: 'send-again'; readonly requests: readonly string[] }
  | { readonly verdict: 'wait' };

export type BatchDecision = BatchVerdict & {
  /** No answer came for the policy's time, and something is outstanding. */
  readonly isStalled: boolean;
  /** Requests whose worker has told nothing for long. */
  readonly silent: readonly string[];
  /** The share of players with a final answer. */
  readonly share: number;
};

/**
 * Decides what becomes of a batch of predictions.
 *
 * | outstanding | without an answer or a sending for | then |
 * |---|---|---|
 * | nothing | | complete |
 * | at most 5 % of the players | 10 minutes | ends without them |
 * | more | 10 minutes | what no living worker has in hand is sent again, 4 times in all |
 * | a request whose worker is silent for 900 s | whatever the others do | it is sent again |
 * | more, and all of it sent often enough | 10 minutes | ends without it |
 *
 * A worker that has told something within 900 s keeps its request: it may be slow, and a second one would do the same
 * again. The numbers are the policy's.
 *
 * @param now - must not be before any instant of the facts.
 */
export function decideBatch(requests: readonly RequestFacts[], policy: PredictionBatchPolicy, now: EpochMs): BatchDecision {
  const outstanding = requests.filter(isOutstanding);
  const share = requests.length === 0 ? 1 : sum(requests.map(({ answered }) => answered)) / sum(requests.map(({ players }) => players));
  const progressAt = epochMs(Math.max(...requests.map(({ sentAt, answeredAt }) => Math.max(sentAt, answeredAt ?? sentAt)), 1e12));
  const isStalled = outstanding.length > 0 && elapsed(progressAt, now) >= policy.stallAfterMs;
  const silent = outstanding.filter((request) => silence(request, now) >= policy.silentAfterMs).map(({ requestId }) => requestId);
  return { ...verdictOf({ outstanding, share, isStalled }, policy, now), isStalled, silent, share };
}

interface Standing {
  readonly outstanding: readonly RequestFacts[];
  readonly share: number;
  readonly isStalled: boolean;
}

function verdictOf({ outstanding, share, isStalled }: Standing, policy: PredictionBatchPolicy, now: EpochMs): BatchVerdict {
  if (outstanding.length === 0) return { verdict: 'complete' };
  const names = (requests: readonly RequestFacts[]): readonly string[] => requests.map(({ requestId }) => requestId);
  if (isStalled && share >= policy.answeredMin) return { verdict: 'end-without', reason: 'nearly-all-answered', outstanding: names(outstanding) };
  const free = outstanding.filter((request) => (request.beatAt === undefined ? isStalled : silence(request, now) >= policy.deadAfterMs));
  const sendable = free.filter(({ attempt }) => attempt < policy.sendsMax);
  if (sendable.length > 0) return { verdict: 'send-again', requests: names(sendable) };
  if (isStalled && free.length === outstanding.length) return { verdict: 'end-without', reason: 'sent-often-enough', outstanding: names(outstanding) };
  return { verdict: 'wait' };
}

const isOutstanding = ({ answered, players, answeredAt }: RequestFacts): boolean => answeredAt === undefined || answered < players;

/** How long a worker has told nothing; 0 where none has the request in hand. */
const silence = ({ beatAt }: RequestFacts, now: EpochMs): number => (beatAt === undefined ? 0 : elapsed(beatAt, now));

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
