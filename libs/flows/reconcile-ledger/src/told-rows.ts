import { transitions, type Transition } from '@handoff/catalogue';
import type { ExpectedOutputRow, GameDate, Sport } from '@handoff/contracts';
import { completionsOf, type CompletionDocument } from '@handoff/handoff-state';
import type { ToldRows } from '@handoff/ledger';
import type { Ports } from '@handoff/ports';

/** What a hand-off was told of a date. */
export async function toldTo({ state }: Pick<Ports, 'state'>, { flow, to }: Transition, { sport, date }: { readonly sport: Sport; readonly date: GameDate }): Promise<readonly ToldRows[]> {
  const completions = await state.query<CompletionDocument>({ collection: completionsOf({ sport, gameDate: date, flow, phase: to }) });
  return completions.map(({ value: { output, scope, rowCount, sourceVersionAt, recordedAt } }) => ({ output, scope, rowCount, sourceVersionAt, recordedAt }));
}

/** What the hand-offs behind some outputs of one date were told of them. */
export async function toldOf(ports: Pick<Ports, 'state'>, rows: readonly ExpectedOutputRow[], of: { readonly sport: Sport; readonly date: GameDate }): Promise<readonly ToldRows[]> {
  const told: ToldRows[] = [];
  for (const transition of transitions) {
    if (rows.some(({ phase, flow }) => phase === transition.from && flow === transition.flow)) told.push(...(await toldTo(ports, transition, of)));
  }
  return told;
}
