import type { EpochMs } from '@handoff/contracts';
import type { Ports } from '@handoff/ports';
import { batches, type BatchDocument, type BatchRequest } from '@handoff/prediction-batches';

/**
 * A batch is whole: what people were told of it is over, and of those before it that were announced without games which
 * this one has answered. A later revision asks anew for what an earlier one never got.
 */
export async function resolveStalled({ trigger, requests }: BatchDocument, { state, notifier }: Pick<Ports, 'state' | 'notifier'>, now: EpochMs): Promise<void> {
  await notifier.resolve('prediction-batch-stalled', trigger.triggerId, now);
  const incomplete = await state.query<BatchDocument>({ collection: batches, where: [{ field: 'status', operator: '==', value: 'incomplete' }] });
  const answered = new Set(requests.flatMap(namesOf));
  for (const { value: earlier } of incomplete) {
    const lacking = earlier.requests.filter(({ requestId }) => earlier.without.includes(requestId)).flatMap(namesOf);
    if (lacking.every((name) => answered.has(name))) await notifier.resolve('prediction-batch-stalled', earlier.trigger.triggerId, now);
  }
}

const namesOf = ({ gameDate, games }: BatchRequest): readonly string[] => games.map((game) => `${gameDate}|${game}`);
