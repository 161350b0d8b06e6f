import { randomInt } from 'node:crypto';
import { PipelineError } from '@handoff/contracts';
import { StateDelayQueue } from '@handoff/delay-queue-state';
import { readEnvironment } from '@handoff/function-host';
import { IncidentNotifier } from '@handoff/notifier-state';
import type { Clock, HttpSource, Log, Ports } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import { z } from 'zod';
import { openGoogle, type GoogleEndpoints } from './google.ts';
import { installationVariables } from './installation.ts';

const address = z.string().regex(/^(https?:\/\/)?[^/:\s]+:\d{1,5}\/?$/, 'an address like 127.0.0.1:8080 is wanted');

/** Where the four stores are when they are not Google's own, by the names that Google's tools have for that. */
const emulatorVariables = { FIRESTORE_EMULATOR_HOST: address, PUBSUB_EMULATOR_HOST: address, BIGQUERY_EMULATOR_HOST: address, STORAGE_EMULATOR_HOST: address };

const OperatorEnvironment = z.object(installationVariables);
const EmulatedEnvironment = z.object({ ...installationVariables, ...emulatorVariables });

export interface OperatorOptions {
  readonly profile: 'cloud' | 'emulated';
  readonly clock: Clock;
  readonly log: Log;
}

/** The ports of one command of an operator. */
export interface OperatorSystem {
  readonly ports: Ports;
  /** Where it acts, for people: `project example, location US, bucket example-answers`. */
  readonly place: string;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const noSources: HttpSource = { fetch: ({ scraper }) => Promise.reject(new RangeError(`a command asks no source, and has asked ${scraper}`)) };

/**
 * Opens an installation for a command, with the credentials of whoever calls it. The secrets of its functions are not
 * needed: incidents that a command raises or ends are told by the next review of the watchdog, which has the channels.
 *
 * @throws `config-invalid` (reject) naming every variable that is missing or wrong; for the cloud also where the environment
 *   names an emulator, which Google's clients would follow for one store and not for the next.
 */
export function openOperator(environment: Environment, { profile, clock, log }: OperatorOptions): OperatorSystem {
  const config = readEnvironment(OperatorEnvironment, environment);
  const endpoints = profile === 'emulated' ? { endpoints: endpointsOf(environment) } : {};
  if (profile === 'cloud') refuseEmulators(environment);
  const { GOOGLE_CLOUD_PROJECT: project, BIGQUERY_LOCATION: location, STORAGE_BUCKET: bucket } = config;
  const google = openGoogle({ project, location, bucket, ...endpoints, clock, log });
  const { stores } = google;
  const notifier = new IncidentNotifier({ state: stores.state, objects: stores.objects, log });
  const ports: Ports = { ...stores, clock, sources: noSources, log, notifier, random: new SeededRandom(randomInt(2 ** 32)), delays: new StateDelayQueue(stores.state, stores.bus) };
  return { ports, place: `project ${project}, location ${location}, bucket ${bucket}`, close: () => google.close() };
}

function endpointsOf(environment: Environment): GoogleEndpoints {
  const { FIRESTORE_EMULATOR_HOST: firestore, PUBSUB_EMULATOR_HOST: pubSub, BIGQUERY_EMULATOR_HOST: bigQuery, STORAGE_EMULATOR_HOST: storage } = readEnvironment(EmulatedEnvironment, environment);
  return { firestore: hostOf(firestore), pubSub: hostOf(pubSub), bigQuery: urlOf(bigQuery), storage: urlOf(storage) };
}

const urlOf = (text: string): string => (text.startsWith('http') ? text : `http://${text}`).replace(/\/$/, '');

function hostOf(text: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(urlOf(text));
  return { host: hostname, port: Number(port) };
}

function refuseEmulators(environment: Environment): void {
  const named = Object.keys(emulatorVariables).filter((name) => (environment[name] ?? '') !== '');
  if (named.length === 0) return;
  throw new PipelineError({ code: 'config-invalid', disposition: 'reject', message: `the environment names emulators, ${named.join(', ')}: unset them for the cloud, or say --profile emulated`, facts: { named } });
}
