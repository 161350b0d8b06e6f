import { PipelineError, type WatchdogCanary } from '@handoff/contracts';
import type { FlowContext, FlowReport } from '@handoff/ports';
import { readCanary, writeCanary } from './notebook.ts';

/**
 * Notes that a message has come back, where it is the newest. Where that cannot be noted, the rounds tell of the object store
 * by themselves: sending the message again would help nobody.
 */
export async function takeCanary({ publishedAt }: WatchdogCanary, { ports, log }: FlowContext): Promise<FlowReport> {
  try {
    const newest = await readCanary(ports.objects);
    if (newest !== undefined && newest >= publishedAt) return { outcome: 'duplicate' };
    await writeCanary(ports.objects, publishedAt);
    return { outcome: 'seen' };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    log.warn({ error, code: error.code }, 'canary not noted');
    return { outcome: 'not-noted' };
  }
}
