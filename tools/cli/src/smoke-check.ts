import type { FunctionName } from '@handoff/catalogue';
import { addressOf, type Execute, type Installation } from '@handoff/deploy';

/** How a function says that it is, asked for its deep health: it reads its state store and a table. */
export interface Health {
  readonly name: FunctionName;
  /** Unknown: it could not be asked, for want of a token or of the right to call it. */
  readonly state: 'ok' | 'failing' | 'unknown';
  readonly says: string;
}

/** Longer than a cold start; milliseconds. */
const patienceMs = 60_000;

/** Asks functions for their deep health, in the name of whoever is signed in. */
export async function askHealth(names: readonly FunctionName[], installation: Installation, execute: Execute): Promise<readonly Health[]> {
  const { exitCode, stdout, stderr } = await execute({ argv: ['gcloud', 'auth', 'print-identity-token', '--quiet'] });
  if (exitCode !== 0) return names.map((name) => ({ name, state: 'unknown', says: `not asked, since there is no token to call it with: ${stderr.trim().split('\n').at(-1) ?? ''}` }));
  return Promise.all(names.map((name) => ask(name, addressOf(name, installation), stdout.trim())));
}

async function ask(name: FunctionName, address: string, token: string): Promise<Health> {
  try {
    const response = await fetch(address, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(patienceMs) });
    const said = (await response.text()).slice(0, 500);
    if (response.ok) return { name, state: 'ok', says: said };
    const isRefused = response.status === 401 || response.status === 403;
    return { name, state: isRefused ? 'unknown' : 'failing', says: isRefused ? `you may not call it (${response.status}): it needs roles/run.invoker` : `it answers ${response.status}: ${said}` };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { name, state: 'failing', says: `it does not answer: ${error.message}` };
  }
}
