import { alertCodes, type AlertCause } from '@handoff/catalogue';
import { deadLetterRef, endWithTheLast, type DeadLetterDocument } from '@handoff/dead-letters';
import type { Ports, StateRef } from '@handoff/ports';
import type { Work } from './work.ts';

/** Every alert has a cause that the catalogue, and so a runbook, knows; the error's own code is a fact of it. */
export const causeOf = (code: string): AlertCause => alertCodes.find((alert) => alert.code === code)?.code ?? 'message-rejected';

/** Work that was sent again is done: what people were told of it is over. */
export async function settleRedriven({ key, source }: Work, rejected: StateRef, { state, notifier, clock }: Ports): Promise<void> {
  if (source?.message.redrive === undefined) return;
  const now = clock.now();
  const refusal = await state.get<{ code: string }>(rejected);
  if (refusal !== undefined) await notifier.resolve(causeOf(refusal.value.code), key, now);
  const { subscription, message } = source;
  const letter = await state.get<DeadLetterDocument>(deadLetterRef({ subscription, message }));
  if (letter === undefined) return;
  await state.batch([{ kind: 'set', ref: letter.ref, value: { ...letter.value, status: 'settled', reason: 'its work is done' } satisfies DeadLetterDocument }]);
  await endWithTheLast(subscription, { state, notifier, now });
}
