import { PipelineError } from '@handoff/contracts';

/**
 * Publishes each of what waits, in order. A failure that is one message's own (its topic is missing) does not
 * hold up the others; one that they would all meet (`retry`: the bus or the state store is away) ends the round.
 *
 * @throws the first failure, at the end.
 */
export async function publishEach<Waiting>(waiting: readonly Waiting[], publish: (one: Waiting) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const one of waiting) {
    try {
      await publish(one);
    } catch (error) {
      failures.push(error);
      if (error instanceof PipelineError && error.disposition === 'retry') break;
    }
  }
  if (failures.length > 0) throw failures[0];
}
