import type { FunctionDefinition, Ports } from '@handoff/ports';
import type { Instance } from './claims.ts';
import { hostFunction } from './host.ts';
import { readEnvironment } from './read-environment.ts';
import { serveFunction } from './serve.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a profile gives a function: its ports, and who it is among the instances. */
export interface Composition {
  readonly ports: Ports;
  readonly instance: Instance;
}

/**
 * Starts a deployed function: configuration first, so that a wrong one stops the start, then the ports of the
 * profile that the bundle was made for.
 */
export async function startFunction<Config>(definition: FunctionDefinition<Config>, compose: (environment: Environment, definition: Pick<FunctionDefinition, 'asksSources'>) => Promise<Composition>, environment: Environment): Promise<void> {
  const config = readEnvironment(definition.config, environment);
  const { ports, instance } = await compose(environment, definition);
  serveFunction(definition.name, hostFunction({ definition, ports, config, instance }));
}
