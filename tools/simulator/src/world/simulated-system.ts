import { openEmbedded, type EmbeddedSystem } from '@handoff/composition/embedded';
import type { VirtualClock } from '@handoff/clock-virtual';
import type { DurationMs, EpochMs, Sport } from '@handoff/contracts';
import { FaultPlan, FaultyBus, faultyObjects, faultyScheduler, faultyState, faultyWarehouse, skewedClock, type Fault } from '@handoff/faults';
import { watchdog, type Topic } from '@handoff/catalogue';
import { EmbeddedCarrier, LocalSystem, localEnvironment, TableSink, type LocalEvent } from '@handoff/local';
import type { Log, MessageBus, Ports } from '@handoff/ports';
import { SeededRandom } from '@handoff/random-seeded';
import type { RecordedSeason } from '@handoff/sources-recorded';
import { AlertBook } from './alert-book.ts';
import { FunctionProcesses } from './function-processes.ts';
import { HeldCarrier } from './held-carrier.ts';
import { misfilingBus } from './misfiling-bus.ts';
import { PlatformAlerts } from './platform-alerts.ts';
import { watchedFrom } from './watched-times.ts';
import { simulatedSources } from './source-faults.ts';

export interface SimulationOptions {
  readonly folder: string;
  readonly sport: Sport;
  readonly season: RecordedSeason;
  readonly clock: VirtualClock;
  readonly seed: number;
  readonly config: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
  readonly log: Log;
  readonly onEvent?: (event: LocalEvent) => void;
  readonly onQuiet?: (now: EpochMs) => void;
  /** True for what further runs begin with a copy of: it is closed in order, so that none of them has a log to read in. Absent: false. */
  readonly isKept?: boolean;
}

/** A whole system with the faults of a plan in it. */
export interface Simulation {
  readonly system: LocalSystem;
  readonly plan: FaultPlan;
  readonly alerts: AlertBook;
  /** Messages that were published, by topic. */
  readonly published: ReadonlyMap<string, number>;
}

/**
 * Opens the embedded profile for a simulation: handlers are called directly, one at a time, and everything that they
 * reach may fail by plan. What looks on, the virtual clock and whoever reads the outcome, sees the stores as they are.
 *
 * @throws `config-invalid` (reject) where a function does not start with the scenario's configuration.
 */
export async function openSimulation(options: SimulationOptions): Promise<Simulation> {
  const { folder, clock, seed, sport, config, log, season } = options;
  const plan = new FaultPlan({ faults: options.faults, clock, random: new SeededRandom(seed), spend: (span: DurationMs) => { clock.moveBy(span); } });
  const alerts = new AlertBook();
  const sources = simulatedSources(season, clock, plan);
  const channels = alerts.channels(plan);
  const profile = await openEmbedded({ folder, clock, sources, log, seed, channels, durability: options.isKept === true ? 'process' : 'close' });
  try {
    const published = new Map<string, number>();
    const bus = new FaultyBus(counted(profile.bus, published), plan);
    const ports = faultyPorts(profile, plan, bus);
    const functions = new FunctionProcesses({ ports, plan, channels, environment: { ...localEnvironment, ...config, SPORT: sport } });
    const carrier = new EmbeddedCarrier({
      bus: profile.bus, functions,
      sink: new TableSink(ports.warehouse),
      delivered: (name, delivery, response) => options.onEvent?.({ at: clock.now(), function: name, trigger: 'message', delivery, response }),
    });
    const held = new HeldCarrier(carrier, bus);
    const platform = new PlatformAlerts(alerts.channel('pagerduty'));
    const close = async (): Promise<void> => { await profile.close(); };
    const around = hasFault(plan, 'scheduler') ? { around: (scheduler: Parameters<typeof faultyScheduler>[0]) => faultyScheduler(scheduler, plan) } : {};
    const system = new LocalSystem(
      { folder, clock, sources, log, environment: {}, watchFrom: watchedFrom(plan), onRound: (at, isWell) => platform.note(watchdog, at, isWell), ...around, ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }), ...(options.onQuiet === undefined ? {} : { onQuiet: options.onQuiet }) },
      { profile, functions, carrier: held, close },
    );
    return { system, plan, alerts, published };
  } catch (error) {
    await profile.close();
    throw error;
  }
}

const hasFault = (plan: FaultPlan, family: string): boolean => plan.faults.some(({ target }) => target === family || target.startsWith(`${family}:`));

/** What functions reach. A port that no fault concerns is the port itself: a decoration that does nothing takes time. */
function faultyPorts({ ports }: EmbeddedSystem, plan: FaultPlan, bus: FaultyBus): Ports {
  const misfiles = plan.faults.some(({ kind }) => kind === 'unknown-path');
  return {
    ...ports,
    clock: hasFault(plan, 'clock') ? skewedClock(ports.clock, plan) : ports.clock,
    state: hasFault(plan, 'state') ? faultyState(ports.state, plan) : ports.state,
    warehouse: hasFault(plan, 'warehouse') ? faultyWarehouse(ports.warehouse, plan) : ports.warehouse,
    objects: hasFault(plan, 'objects') ? faultyObjects(ports.objects, plan) : ports.objects,
    bus: misfiles ? misfilingBus(bus, ports.objects, plan) : bus,
  };
}

/** What the watchdog sends to itself is no work: how much there is of it depends on how closely it is made to look. */
const canaries: Topic = 'watchdog-canary';

const counted = (port: MessageBus, published: Map<string, number>): MessageBus => ({
  publish(topic, message) {
    if (topic !== canaries) published.set(topic, (published.get(topic) ?? 0) + 1);
    return port.publish(topic, message);
  },
});
