import { PipelineError } from '@handoff/contracts';
import type { z } from 'zod';

/**
 * Reads a function's configuration once at cold start.
 *
 * @throws `config-invalid` (reject) naming every variable that is missing or wrong: the function does not start.
 */
export function readEnvironment<Config>(schema: z.ZodType<Config>, environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new PipelineError({ code: 'config-invalid', disposition: 'reject', message: `the environment is not valid: ${problems.join('; ')}`, facts: { problems } });
}
