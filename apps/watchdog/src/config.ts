import { intervalOf, jobs, watchdog } from '@handoff/catalogue';
import { Sport } from '@handoff/contracts';
import { z } from 'zod';

const scheduled = jobs.filter(({ name }) => name === watchdog).map((job) => intervalOf(job) / 60_000);

/** The environment of this function. */
export const Config = z.object({
  SPORT: Sport,
  /** How often its trigger calls it, where that is not the catalogue's schedule: local runs call it less often. */
  WATCH_INTERVAL_MINUTES: z.coerce.number().positive().default(Math.max(...scheduled)),
});
export type Config = z.infer<typeof Config>;
