import { Sport } from '@handoff/contracts';
import { z } from 'zod';

/** The environment of this function. */
export const Config = z.object({ SPORT: Sport });
export type Config = z.infer<typeof Config>;
