import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { SystemClock } from '@handoff/clock-system';
import { startStorageLocal } from './start-storage-local.ts';

const usage = 'storage-local --bucket NAME [--bucket NAME …] [--port 9051] [--folder .handoff/storage-local]';

/** Serves buckets until the process is told to end. */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '9051' }, folder: { type: 'string', default: '.handoff/storage-local' }, bucket: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true || values.bucket.length === 0) {
    process.stdout.write(`${usage}\n`);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  const server = await startStorageLocal({ folder: values.folder, buckets: values.bucket, port: Number(values.port), clock: new SystemClock() });
  process.stdout.write(`storage-local: ${values.bucket.join(', ')} at ${server.url}, files in ${values.folder}\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.close();
}
