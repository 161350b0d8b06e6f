import { alertCodes, type AlertCause } from '@handoff/catalogue';
import { deadLetterRef, endWithTheLast, noted, type DeadLetterDocument } from '@handoff/dead-letters';
import type { Ports, StateRef } from '@handoff/ports';
import type { Work } from './work.ts';

/** Every alert has a cause that the catalogue, and so a runbook, knows; the error's own code is a fact of it. */
export const causeOf = (code: string): AlertCause => alertCodes.find((alert) => alert.code === code)?.code ?? 'message-rejected';

/** Work that was sent again, or was due and tried again, is done: what people were told of it is over. */
export async function settleRedriven(work: Work, rejected: StateRef, ports: Ports): Promise<void> {
  const { key, source } = work;
  const { state, notifier, clock } = ports;
  if (source?.message.redrive === undefined && work.isDue !== true) return;
  const refusal = await state.get<{ code: string }>(rejected);
  if (refusal !== undefined) await notifier.resolve(causeOf(refusal.value.code), key, clock.now());
  await settleLetter(work, 'its work is done', ports);
}

/** A dead letter that was sent again and is refused now: people are told of it by the refusal. One that waits for them goes on waiting. */
export const settleRefused = (work: Work, ports: Ports): Promise<void> => settleLetter(work, 'its function has refused it', ports, ({ status }) => status === 'redriven');

async function settleLetter({ source }: Work, reason: string, { state, notifier, clock }: Ports, isOver: (letter: DeadLetterDocument) => boolean = () => true): Promise<void> {
  if (source?.message.redrive === undefined) return;
  const { subscription, message } = source;
  const letter = await state.get<DeadLetterDocument>(deadLetterRef({ subscription, message }));
  if (letter === undefined || !isOver(letter.value)) return;
  await state.batch([{ kind: 'set', ref: letter.ref, value: noted({ ...letter.value, status: 'settled', reason }) }]);
  await endWithTheLast(subscription, { state, notifier, now: clock.now() });
}
