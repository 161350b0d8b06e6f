import { SystemClock } from '@handoff/clock-system';
import { readEnvironment, type Composition } from '@handoff/function-host';
import { createLog } from '@handoff/logging';
import { loadRecordings, RecordedSource } from '@handoff/sources-recorded';
import { z } from 'zod';
import { openEmbedded } from './embedded.ts';

const EmbeddedEnvironment = z.object({
  /** The folder of the embedded profile. */
  HANDOFF_DIR: z.string().min(1),
  /** The recordings that stand for the sources. */
  HANDOFF_RECORDINGS: z.string().min(1),
  LOG_LEVEL: z.enum(['info', 'warn', 'error']),
});

/** The ports of a function whose bundle was made for the embedded profile. */
export async function composePorts(environment: Readonly<Record<string, string | undefined>>): Promise<Composition> {
  const config = readEnvironment(EmbeddedEnvironment, environment);
  const clock = new SystemClock();
  const log = createLog({ level: config.LOG_LEVEL, clock, stream: process.stdout });
  const sources = new RecordedSource(loadRecordings(config.HANDOFF_RECORDINGS), clock);
  return openEmbedded({ folder: config.HANDOFF_DIR, clock, sources, log });
}
