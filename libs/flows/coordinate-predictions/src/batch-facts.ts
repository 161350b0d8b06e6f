import type { EpochMs, PlayerAnswer } from '@handoff/contracts';
import type { StateFilter, StateStore, VersionedDocument } from '@handoff/ports';
import { answerCollection, heartbeatCollection, type AnswerDocument, type BatchDocument, type BatchPlayer, type BatchRequest, type HeartbeatDocument } from '@handoff/prediction-batches';
import type { RequestFacts } from './decide-batch.ts';

/** The answers and heartbeats of a batch, by request. */
export interface BatchState {
  readonly answers: ReadonlyMap<string, AnswerDocument>;
  readonly heartbeats: ReadonlyMap<string, HeartbeatDocument>;
}

export async function loadAnswers(state: StateStore, triggerId: string): Promise<BatchState['answers']> {
  return byId(await state.query<AnswerDocument>({ collection: answerCollection, where: ofTrigger(triggerId) }));
}

export async function loadBatchState(state: StateStore, triggerId: string): Promise<BatchState> {
  const answers = await loadAnswers(state, triggerId);
  return { answers, heartbeats: byId(await state.query<HeartbeatDocument>({ collection: heartbeatCollection, where: ofTrigger(triggerId) })) };
}

const ofTrigger = (triggerId: string): readonly StateFilter[] => [{ field: 'triggerId', operator: '==', value: triggerId }];

const byId = <Value extends AnswerDocument | HeartbeatDocument>(documents: readonly VersionedDocument<Value>[]): ReadonlyMap<string, Value> => new Map(documents.map(({ ref, value }) => [ref.id, value]));

/** What a batch's requests are decided by. */
export const factsOf = (batch: BatchDocument, state: BatchState): readonly RequestFacts[] => batch.requests.map((request) => requestFacts(request, state));

function requestFacts(request: BatchRequest, { answers, heartbeats }: BatchState): RequestFacts {
  const { requestId, sentAt, attempt } = request;
  const answer = answers.get(requestId);
  const failed = answer === undefined ? 0 : answer.players.filter(({ state }) => state === 'failed').length;
  // One for the request itself: its games may have to be taken back where no player is left.
  const players = 1 + playersOf(request, answer).length;
  return { requestId, sentAt, attempt, players, answered: answer === undefined ? 0 : players - failed, answeredAt: answer?.answeredAt, beatAt: beatOf(heartbeats.get(requestId), answer, attempt) };
}

/** A worker that has answered has the request in hand no more, nor has one of an earlier sending. */
function beatOf(heartbeat: HeartbeatDocument | undefined, answer: AnswerDocument | undefined, attempt: number): EpochMs | undefined {
  if (heartbeat === undefined || heartbeat.attempt < attempt) return undefined;
  return answer !== undefined && answer.attempt >= heartbeat.attempt ? undefined : heartbeat.beatAt;
}

/** Who was expected, and who was told of besides. */
function playersOf({ players }: BatchRequest, answer: AnswerDocument | undefined): readonly BatchPlayer[] {
  const expected = new Set(players.map(nameOf));
  return [...players, ...(answer?.players ?? []).filter((told) => !expected.has(nameOf(told)))];
}

const nameOf = ({ game, player }: BatchPlayer): string => `${game}|${player}`;

/** The answer for each player of a request that was answered: one who was expected and is not told of has been ruled out since. */
export function answeredPlayers({ players }: BatchRequest, told: readonly PlayerAnswer[]): readonly PlayerAnswer[] {
  const named = new Set(told.map(nameOf));
  return [...told, ...players.filter((player) => !named.has(nameOf(player))).map(({ game, player }): PlayerAnswer => ({ game, player, state: 'skipped', reason: 'ruled-out' }))];
}

/** Who is without a final answer in some requests: for people, `game|player`, or the whole request where nothing came. */
export function missingOf(batch: BatchDocument, { answers }: Pick<BatchState, 'answers'>): readonly string[] {
  return batch.requests.flatMap((request): readonly string[] => {
    const answer = answers.get(request.requestId);
    if (answer === undefined) return request.players.length === 0 ? request.games : request.players.map(nameOf);
    return answer.players.filter(({ state }) => state === 'failed').map(nameOf);
  });
}

/** The requests that are not answered for every player. */
export const unansweredOf = ({ requests }: BatchDocument, answers: BatchState['answers']): readonly string[] =>
  requests.map(({ requestId }) => requestId).filter((requestId) => answers.get(requestId)?.players.every(({ state }) => state !== 'failed') !== true);

export const isWhole = (batch: BatchDocument, answers: BatchState['answers']): boolean => unansweredOf(batch, answers).length === 0;
