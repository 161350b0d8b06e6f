import { alertChannels } from '@handoff/catalogue';
import { StateDelayQueue } from '@handoff/delay-queue-state';
import type { Instance } from '@handoff/function-host';
import { IncidentNotifier } from '@handoff/notifier-state';
import { RecordingChannel } from '@handoff/notify-recording';
import type { HttpSource, Ports } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import { openGoogle, type GoogleEndpoints, type GoogleOptions, type GoogleStores } from './google.ts';
import { quotaAlerts } from './quota-alerts.ts';

export type { GoogleEndpoints };

export interface EmulatedOptions extends Omit<GoogleOptions, 'quotaWatch'> {
  readonly endpoints: GoogleEndpoints;
  readonly sources: HttpSource;
  readonly seed?: number;
  /** What is put around the stores before anything is built on them: counters, clocks, faults. */
  readonly around?: (stores: GoogleStores) => GoogleStores;
}

/** The emulated profile: Google's clients, talking to emulators and servers of this machine. */
export interface EmulatedProfile {
  readonly ports: Ports;
  readonly instance: Instance;
  readonly notifier: IncidentNotifier;
  close(): Promise<void>;
}

/**
 * Opens the emulated profile against endpoints that its caller has started. They are empty and keep nothing, so
 * this is the one instance that there has been: no claim has another holder.
 */
export function openEmulated(options: EmulatedOptions): EmulatedProfile {
  const { clock, sources, log, around } = options;
  const google = openGoogle({ ...options, quotaWatch: quotaAlerts(() => notifier, clock, log) });
  const stores = around?.(google.stores) ?? google.stores;
  const notifier = new IncidentNotifier({ state: stores.state, objects: stores.objects, channels: alertChannels.map(({ name }) => new RecordingChannel(name)), log });
  const ports: Ports = {
    ...stores, clock, sources, log, notifier,
    random: new SeededRandom(options.seed ?? 1),
    delays: new StateDelayQueue(stores.state, stores.bus),
  };
  return { ports, notifier, instance: { id: 'emulated-1', isGone: () => false }, close: () => google.close() };
}
