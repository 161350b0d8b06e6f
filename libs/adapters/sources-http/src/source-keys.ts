import type { Source } from '@handoff/catalogue';
import { PipelineError } from '@handoff/contracts';

/** The keys of sources, by source. */
export type SourceKeys = ReadonlyMap<string, string>;

/**
 * Reads the keys of the sources that are asked. Whitespace around a key, as a file of secrets leaves it, is none of it.
 *
 * @throws `config-invalid` (reject) naming every variable that is missing: the function does not start.
 */
export function readSourceKeys(sources: readonly Source[], environment: Readonly<Record<string, string | undefined>>): SourceKeys {
  const needed = sources.flatMap(({ id, secret, enabled }) => (secret === undefined || enabled.length === 0 ? [] : [{ id, variable: secret.variable, key: environment[secret.variable]?.trim() ?? '' }]));
  const problems = needed.filter(({ key }) => key === '').map(({ id, variable }) => `${variable}: the key of ${id} is missing`);
  if (problems.length > 0) throw new PipelineError({ code: 'config-invalid', disposition: 'reject', message: `the environment is not valid: ${problems.join('; ')}`, facts: { problems } });
  return new Map(needed.map(({ id, key }) => [id, key]));
}
