import { PipelineError } from '@handoff/contracts';
import type { HostResponse } from '@handoff/function-host';

/** What the embedded stores say when the disk is full. */
const fullCodes: ReadonlySet<string> = new Set(['state-full', 'warehouse-full', 'objects-full']);

/** In the cloud a full store is waited for; here it is the user's disk, and time that goes on would only miss games. */
export function stopWhenFull(folder: string, { body }: HostResponse): void {
  if (!fullCodes.has(String(body['code']))) return;
  throw new PipelineError({ code: 'folder-full', disposition: 'defer', message: `no space left for ${folder}: free some and run the same again, it goes on from here; or choose another folder with --dir`, facts: { folder } });
}
