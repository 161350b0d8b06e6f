import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded, type EmbeddedOptions, type EmbeddedSystem } from './embedded.ts';

export type TemporaryOptions = Omit<EmbeddedOptions, 'folder'> & { readonly folder?: string };

/** The embedded profile in a folder of its own that is removed when it is closed; one that is named stays. */
export async function openTemporary(options: TemporaryOptions): Promise<EmbeddedSystem & { readonly folder: string }> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'handoff-'));
  const system = await openEmbedded({ ...options, folder });
  return {
    ...system,
    folder,
    async close() {
      await system.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
