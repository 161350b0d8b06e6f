import { PipelineError } from '@handoff/contracts';

/** Cloud Storage's limit on a name, in bytes of UTF-8. */
const bytesMax = 1_024;

/**
 * Refuses a path that no store takes: with an empty part, `.` or `..`, a NUL, or longer than 1,024 bytes.
 *
 * @throws `object-path-invalid` (reject).
 */
export function refuseObjectPath(path: string): void {
  const isPart = (part: string): boolean => part !== '' && part !== '.' && part !== '..' && !part.includes('\0');
  if (path.split('/').every(isPart) && new TextEncoder().encode(path).length <= bytesMax) return;
  throw new PipelineError({ code: 'object-path-invalid', disposition: 'reject', message: `${path} is not a path below the object store`, facts: { path } });
}
