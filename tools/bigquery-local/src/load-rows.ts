import type { Row } from '@handoff/contracts';
import { z } from 'zod';
import type { LocalProject } from './local-project.ts';
import { invalid, notFound, notHere } from './rest-failure.ts';
import { readObject } from './rest-values.ts';
import { Schema } from './table-resources.ts';

export const LoadConfiguration = z.object({
  destinationTable: z.object({ datasetId: z.string(), tableId: z.string() }),
  sourceFormat: z.string().default('CSV'),
  sourceUris: z.array(z.string()).default([]),
  schema: Schema.optional(),
  writeDisposition: z.enum(['WRITE_APPEND', 'WRITE_TRUNCATE', 'WRITE_EMPTY']).default('WRITE_APPEND'),
  createDisposition: z.enum(['CREATE_IF_NEEDED', 'CREATE_NEVER']).default('CREATE_IF_NEEDED'),
});
export type LoadConfiguration = z.infer<typeof LoadConfiguration>;

/**
 * Loads newline-delimited JSON, from the request or from the objects that the job names, and tells how many
 * rows. All of them, or none.
 */
export async function loadRows(project: LocalProject, load: LoadConfiguration, upload: Buffer | undefined): Promise<number> {
  const { datasetId, tableId } = load.destinationTable;
  const name = `${datasetId}.${tableId}`;
  if (load.sourceFormat !== 'NEWLINE_DELIMITED_JSON') throw notHere(`load jobs of ${load.sourceFormat}`);
  if (!project.hasTable(name)) {
    if (load.createDisposition === 'CREATE_NEVER' || load.schema === undefined) throw notFound(`Table ${project.options.name}:${name}`);
    await project.createTable(datasetId, { tableReference: { tableId }, schema: load.schema });
  }
  const { columns } = project.definition(name);
  const texts = upload === undefined ? await objectTexts(project, load.sourceUris) : [upload.toString('utf8')];
  const rows = texts.flatMap((text) => jsonLines(text).map((line) => readObject(columns, line, 'value')));
  if (load.writeDisposition === 'WRITE_EMPTY') throw notHere('WRITE_EMPTY');
  await project.engine.load(name, rows, load.writeDisposition === 'WRITE_TRUNCATE' ? 'replace' : 'append');
  return rows.length;
}

const jsonLines = (text: string): readonly Row[] => text.split('\n').filter((line) => line.trim() !== '').map(jsonLine);

function jsonLine(line: string): Row {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  } catch (error) {
    throw invalid(`Error while reading data: ${String(error)}`);
  }
  throw invalid('Error while reading data: a line is no JSON object');
}

/** The texts of `gs://bucket/path` objects; a `*` at the end stands for every object that begins so. */
async function objectTexts(project: LocalProject, uris: readonly string[]): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const uri of uris) {
    const [, bucket, path] = /^gs:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
    if (bucket === undefined || path === undefined) throw invalid(`Source URI must be a Google Cloud Storage location: ${uri}`);
    const objects = project.options.objects(bucket);
    const paths = path.endsWith('*') ? (await objects.list(path.slice(0, -1))).map((object) => object.path) : [path];
    if (paths.length === 0) throw notFound(`URI ${uri}`);
    for (const one of paths) texts.push(new TextDecoder().decode(await objects.get(one)));
  }
  return texts;
}
