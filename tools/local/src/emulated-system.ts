import { openBusProvisioner, type PushSubscription } from '@handoff/bus-pubsub';
import { subscriptions, tableSubscriptions, topics, type FunctionName } from '@handoff/catalogue';
import { openEmulated, type EmulatedProfile } from '@handoff/composition/emulated';
import { FunctionServers } from './function-servers.ts';
import { hostableFunctions } from './hostable-functions.ts';
import { startLocalGoogle, type LocalGoogle } from './local-google.ts';
import { LocalSystem, localEnvironment, type LocalSystemOptions } from './local-system.ts';
import { OutstandingDeliveries } from './outstanding-deliveries.ts';
import { PushedCarrier, tableWriter } from './pushed-carrier.ts';
import { TableSink } from './table-sink.ts';

/** Any will do: the emulators know no projects, and nothing outside this machine is asked. */
const project = 'handoff-emulated';
const location = 'US';
const bucket = 'handoff-files';

/** The back-off passes in real time while the virtual clock stands still, so it is as short as the emulator makes it. */
const backoff = { minBackoffSeconds: 1, maxBackoffSeconds: 2 };

export interface EmulatedSystemOptions extends LocalSystemOptions {
  /** Told what was started: one line for each. */
  readonly onRunning?: (running: readonly string[]) => void;
}

/**
 * Opens the emulated profile with everything that it talks to: emulators and servers, topics and push subscriptions,
 * and every function behind its own port. All of it ends with `close`, and with this process at the latest.
 *
 * @throws as `startLocalGoogle` does.
 */
export async function openEmulatedSystem(options: EmulatedSystemOptions): Promise<LocalSystem<EmulatedProfile>> {
  const { clock, folder } = options;
  const google = await startLocalGoogle({ folder, clock, project, location, bucket });
  try {
    options.onRunning?.(google.running);
    return await openOn(google, options);
  } catch (error) {
    await google.close();
    throw error;
  }
}

async function openOn(google: LocalGoogle, options: EmulatedSystemOptions): Promise<LocalSystem<EmulatedProfile>> {
  const { clock, environment, detached, sources, log } = options;
  const pushed = [...subscriptions, ...tableSubscriptions.map((subscription) => ({ ...subscription, function: tableWriter }))]
    .filter(({ name }) => detached?.has(name) !== true)
    .map((subscription): PushSubscription => ({ ...subscription, ...backoff }));
  const outstanding = new OutstandingDeliveries(pushed);
  const profile = openEmulated({
    project, location, bucket, endpoints: google.endpoints, clock, sources, log,
    around: (stores) => ({ ...stores, bus: outstanding.counted(stores.bus) }),
  });
  const { ports, instance } = profile;
  const carrier = new PushedCarrier({
    outstanding,
    sink: new TableSink(ports.warehouse),
    delivered: (name, delivery, response) => { options.onEvent?.({ at: clock.now(), function: name, trigger: 'message', delivery, response }); },
  });
  const servers = await FunctionServers.start({ functions: [...hostableFunctions, carrier.tableFunction()], ports, instance, environment: { ...localEnvironment, ...environment }, around: (name, hosted) => carrier.around(name, hosted) });
  await provision(google.endpoints.pubSub, pushed, (name) => servers.addressOf(name));
  // The bus goes first, or it would push to doors that are closed.
  const close = async (): Promise<void> => {
    await profile.close();
    await google.close();
    await servers.close();
  };
  return new LocalSystem(options, { profile, functions: servers, carrier, close });
}

async function provision(emulator: { readonly host: string; readonly port: number }, pushed: readonly PushSubscription[], addressOf: (name: string) => string | undefined): Promise<void> {
  const provisioner = openBusProvisioner({ projectId: project, emulator });
  try {
    await provisioner.provision({ topics, subscriptions: pushed, addressOf, deadLettersTo: 'dead-letter-redrive' satisfies FunctionName });
  } finally {
    await provisioner.close();
  }
}
