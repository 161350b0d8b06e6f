import type { HostResponse } from '@handoff/function-host';
import { hostableFunctions, type FunctionCaller } from '@handoff/local';
import { FunctionProcess, type FunctionProcessOptions } from './function-process.ts';

/** Every function of the product in this process, called directly: the same handlers that are deployed. */
export class FunctionProcesses implements FunctionCaller {
  readonly #processes: ReadonlyMap<string, FunctionProcess>;
  readonly #calls = new Map<string, number>();

  /** @throws `config-invalid` (reject) where the environment is not valid. */
  constructor(options: Omit<FunctionProcessOptions, 'hostable'>) {
    this.#processes = new Map(hostableFunctions.map((hostable) => [hostable.name, new FunctionProcess({ ...options, hostable })]));
  }

  async call(name: string, body: unknown): Promise<HostResponse> {
    const process = this.#processes.get(name);
    if (process === undefined) throw new RangeError(`there is no function ${name}`);
    this.#calls.set(name, (this.#calls.get(name) ?? 0) + 1);
    return process.call(body);
  }

  calls(): ReadonlyMap<string, number> {
    return this.#calls;
  }
}
