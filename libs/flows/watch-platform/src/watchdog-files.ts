import { hasCode } from '@handoff/contracts';
import type { ObjectStore } from '@handoff/ports';

/** A file that was cut off is as good as none. */
export async function readJson<Value>(objects: ObjectStore, path: string): Promise<Value | undefined> {
  try {
    return JSON.parse(new TextDecoder().decode(await objects.get(path))) as Value;
  } catch (error) {
    if (hasCode(error, 'object-not-found') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Overwrites what was there. */
export const writeJson = (objects: ObjectStore, path: string, value: unknown): Promise<void> => objects.put(path, new TextEncoder().encode(JSON.stringify(value)), { contentType: 'application/json' });
