import type { FunctionDefinition, Ports } from '@handoff/ports';
import type { Instance } from './claims.ts';
import { hostFunction, type HostedFunction } from './host.ts';
import { readEnvironment } from './read-environment.ts';

export interface HostSetting {
  readonly ports: Ports;
  readonly instance: Instance;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A function that can be hosted without knowing the type of its configuration. */
export interface HostableFunction {
  readonly name: string;
  /** Only of one that asks sources: it alone is given their keys. */
  readonly asksSources?: true;
  /** @throws `config-invalid` (reject) when the environment does not fit. */
  readonly host: (setting: HostSetting) => HostedFunction;
}

export const hostable = <Config>(definition: FunctionDefinition<Config>): HostableFunction => ({
  name: definition.name,
  ...(definition.asksSources === true ? { asksSources: true } : {}),
  host: ({ ports, instance, environment }) => hostFunction({ definition, ports, instance, config: readEnvironment(definition.config, environment) }),
});
