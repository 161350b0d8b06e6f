import type { WatchdogCanary } from '@handoff/contracts';
import type { FlowContext, FlowReport } from '@handoff/ports';
import { canaryBooks } from './canary-books.ts';
import { looked } from './probes.ts';

/**
 * Notes that a message has come back, in each of the two places that the rounds look at, by itself: a store that fails is
 * not taken for a bus that delivers nothing. Where it can be noted in neither, the rounds tell of the stores: sending the
 * message again would help nobody.
 */
export async function takeCanary({ publishedAt }: WatchdogCanary, { ports, log }: FlowContext): Promise<FlowReport> {
  let [known, noted] = [0, 0];
  for (const { name, read, write } of canaryBooks) {
    const result = await looked(async () => {
      const newest = await read(ports);
      if (newest !== undefined && newest >= publishedAt) {
        known += 1;
        return;
      }
      await write(ports, publishedAt);
      noted += 1;
    });
    if (result.kind === 'failed') log.warn({ code: result.code, in: name }, 'canary not noted');
  }
  if (known > 0) return { outcome: 'duplicate' };
  return { outcome: noted > 0 ? 'seen' : 'not-noted' };
}
