import { join } from 'node:path';
import { startBigQueryLocal } from '@handoff/bigquery-local';
import { tables, views } from '@handoff/catalogue';
import type { GoogleEndpoints } from '@handoff/composition/emulated';
import { PipelineError } from '@handoff/contracts';
import { findEmulator, startEmulator, type EmulatorName, type RunningEmulator } from '@handoff/google-emulators';
import type { Clock } from '@handoff/ports';
import { startStorageLocal } from '@handoff/storage-local';

export interface LocalGoogleOptions {
  /** Where stored objects are kept. Everything else is in memory. */
  readonly folder: string;
  readonly project: string;
  readonly location: string;
  readonly bucket: string;
  /** By which streamed rows leave the buffer and tables expire. */
  readonly clock: Clock;
}

/** What stands for Google on this machine, all of it on loopback and on ports that were free. */
export interface LocalGoogle {
  readonly endpoints: GoogleEndpoints;
  /** What runs where, for people: `Firestore emulator 127.0.0.1:4711`. */
  readonly running: readonly string[];
  /** Stops everything that was started. */
  close(): Promise<void>;
}

const emulatorNames: readonly EmulatorName[] = ['firestore', 'pubsub'];

/** Why the emulated profile cannot run here; none where it can. Nothing is started. */
export const missingEmulators = (environment: Readonly<Record<string, string | undefined>>): readonly string[] => emulatorNames.flatMap((name) => {
  const found = findEmulator(name, environment);
  return found.kind === 'not-installed' ? [found.reason] : [];
});

/** @throws `emulator-missing` (reject), naming what is not installed. */
export function assertEmulatorsInstalled(environment: Readonly<Record<string, string | undefined>>): void {
  const missing = missingEmulators(environment);
  if (missing.length > 0) throw emulatorMissing(missing);
}

/**
 * Starts Google's emulators of Firestore and Pub/Sub, and our own servers for BigQuery and Cloud Storage.
 *
 * @throws `emulator-missing` (reject), naming what is not installed, and `emulator-not-started` (retry); what was
 *   started by then is stopped.
 */
export async function startLocalGoogle(options: LocalGoogleOptions, environment: Readonly<Record<string, string | undefined>> = process.env): Promise<LocalGoogle> {
  assertEmulatorsInstalled(environment);
  const started = await Promise.allSettled(emulatorNames.map((name) => startRunning(name, environment)));
  const emulators = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stopEmulators = async (): Promise<void> => { await Promise.all(emulators.map((emulator) => emulator.stop())); };
  const [firestore, pubSub] = emulators;
  const failed = started.find((one) => one.status === 'rejected');
  if (failed !== undefined || firestore === undefined || pubSub === undefined) {
    await stopEmulators();
    throw failed?.reason;
  }
  const { project, location, bucket, clock, folder } = options;
  const bigQuery = await startBigQueryLocal({ project, location, tables, views, clock });
  const storage = await startStorageLocal({ folder: join(folder, 'objects'), buckets: [bucket], clock });
  return {
    endpoints: { bigQuery: bigQuery.url, storage: storage.url, firestore, pubSub },
    running: [
      `Firestore emulator ${firestore.host}:${firestore.port}`, `Pub/Sub emulator ${pubSub.host}:${pubSub.port}`,
      `bigquery-local ${bigQuery.url.replace('http://', '')}`, `storage-local ${storage.url.replace('http://', '')}`,
    ],
    async close() {
      await storage.close();
      await bigQuery.close();
      await stopEmulators();
    },
  };
}

async function startRunning(name: EmulatorName, environment: Readonly<Record<string, string | undefined>>): Promise<RunningEmulator> {
  const emulator = await startEmulator(name, environment);
  if (emulator.kind === 'not-installed') throw emulatorMissing([emulator.reason]);
  return emulator;
}

const emulatorMissing = (reasons: readonly string[]): PipelineError =>
  new PipelineError({ code: 'emulator-missing', disposition: 'reject', message: `${reasons.join('; ')}: install Java and the Cloud SDK with its emulators, or use the embedded profile`, facts: { reasons: [...reasons] } });
