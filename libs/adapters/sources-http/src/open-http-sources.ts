import { setTimeout as pause } from 'node:timers/promises';
import { sources } from '@handoff/catalogue';
import type { Clock, Random } from '@handoff/ports';
import { HttpSources } from './http-sources.ts';
import { readSourceKeys } from './source-keys.ts';

/**
 * The sources of the catalogue, with the keys of the environment. Nothing is connected before the first request.
 *
 * @throws `config-invalid` (reject) naming every key that is missing.
 */
export const openHttpSources = (environment: Readonly<Record<string, string | undefined>>, { clock, random }: { readonly clock: Clock; readonly random: Random }): HttpSources =>
  new HttpSources({ sources, keys: readSourceKeys(sources, environment), clock, random, wait: (span) => pause(span) });
