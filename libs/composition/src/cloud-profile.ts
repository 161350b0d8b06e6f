import { randomInt, randomUUID } from 'node:crypto';
import { SystemClock } from '@handoff/clock-system';
import { PipelineError } from '@handoff/contracts';
import { StateDelayQueue } from '@handoff/delay-queue-state';
import { readEnvironment, type Composition } from '@handoff/function-host';
import { createLog } from '@handoff/logging';
import { IncidentNotifier } from '@handoff/notifier-state';
import type { FunctionDefinition, HttpSource } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import { openHttpSources } from '@handoff/sources-http';
import { z } from 'zod';
import { channelVariables, openChannels } from './channels.ts';
import { openGoogle } from './google.ts';
import { installationVariables } from './installation.ts';
import { quotaAlerts } from './quota-alerts.ts';

/** What every deployed function is told by its environment. Keys of sources come on top where `asksSources` says so. */
export const CloudEnvironment = z.object({
  ...installationVariables,
  /** The revision that runs; the platform sets it. */
  K_REVISION: z.string().min(1),
  LOG_LEVEL: z.enum(['info', 'warn', 'error']),
  ...channelVariables,
});

/** In place of the sources in a function that has no business with them, and so not their keys either. */
const noSources: HttpSource = {
  fetch: ({ scraper }) => Promise.reject(new PipelineError({ code: 'config-invalid', disposition: 'reject', message: `${scraper} was asked for by a function that asks no source: its definition lacks asksSources` })),
};

/**
 * The ports of a function that was made for the cloud: Google's clients with the credentials of the environment, one of
 * each in a process, real sources, channels to people. Nothing is connected before the first use.
 *
 * @throws `config-invalid` (reject) naming every variable that is missing or wrong: the function does not start.
 */
export function composePorts(environment: Readonly<Record<string, string | undefined>>, { asksSources }: Pick<FunctionDefinition, 'asksSources'>): Promise<Composition> {
  const config = readEnvironment(CloudEnvironment, environment);
  const clock = new SystemClock();
  const log = createLog({ level: config.LOG_LEVEL, clock, stream: process.stdout });
  const random = new SeededRandom(randomInt(2 ** 32));
  const sources = asksSources === true ? openHttpSources(environment, { clock, random }) : noSources;
  const { stores } = openGoogle({
    project: config.GOOGLE_CLOUD_PROJECT, location: config.BIGQUERY_LOCATION, bucket: config.STORAGE_BUCKET, clock, log,
    quotaWatch: quotaAlerts(() => notifier, clock, log),
  });
  const notifier = new IncidentNotifier({ state: stores.state, objects: stores.objects, channels: openChannels(config, random), log });
  const delays = new StateDelayQueue(stores.state, stores.bus);
  // Another instance may be alive however long it has been silent: its lease decides.
  const instance = { id: `${config.K_REVISION}-${randomUUID()}`, isGone: () => false };
  return Promise.resolve({ ports: { ...stores, clock, sources, log, notifier, random, delays }, instance });
}
