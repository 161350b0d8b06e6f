import { canaryNoteTries } from '@handoff/catalogue';
import type { EpochMs, WatchdogCanary } from '@handoff/contracts';
import type { FlowContext, FlowReport, ObjectStore } from '@handoff/ports';
import { readCanary, writeCanary } from './canary-file.ts';
import { looked } from './probes.ts';

/**
 * Notes that a message has come back, where it is the newest: in several tries, so that a store that fails some calls is
 * not taken for a bus that delivers nothing. Where it cannot be noted, the rounds tell of the object store by themselves:
 * sending the message again would help nobody.
 */
export async function takeCanary({ publishedAt }: WatchdogCanary, { ports, log }: FlowContext): Promise<FlowReport> {
  const noted = { isNewer: false };
  for (let attempt = 1; attempt <= canaryNoteTries; attempt += 1) {
    const result = await looked(async () => { noted.isNewer = await note(ports.objects, publishedAt); });
    if (result.kind !== 'failed') return { outcome: noted.isNewer ? 'seen' : 'duplicate' };
    log.warn({ code: result.code, attempt }, 'canary not noted');
  }
  return { outcome: 'not-noted' };
}

/** False where a message as new was seen before. */
async function note(objects: ObjectStore, publishedAt: EpochMs): Promise<boolean> {
  const newest = await readCanary(objects);
  if (newest !== undefined && newest >= publishedAt) return false;
  await writeCanary(objects, publishedAt);
  return true;
}
