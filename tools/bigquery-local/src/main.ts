import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { tables, views } from '@handoff/catalogue';
import { SystemClock } from '@handoff/clock-system';
import { createStorageClient, GcsObjectStore } from '@handoff/objects-gcs';
import { startBigQueryLocal } from './start-bigquery-local.ts';

const usage = 'bigquery-local [--port 9050] [--project handoff-local] [--storage http://127.0.0.1:9051]';

/** Serves the tables and views of the catalogue until the process is told to end. */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: 'string', default: '9050' }, project: { type: 'string', default: 'handoff-local' }, storage: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const { project, storage } = values;
  const client = storage === undefined ? undefined : createStorageClient({ project, endpoint: storage });
  const server = await startBigQueryLocal({
    project, port: Number(values.port), tables, views, clock: new SystemClock(),
    ...(client === undefined ? {} : { objects: (bucket: string) => new GcsObjectStore({ client, bucket }) }),
  });
  process.stdout.write(`bigquery-local: project ${project} at ${server.url}, ${tables.length} tables and ${views.length} views, in memory\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.close();
}
