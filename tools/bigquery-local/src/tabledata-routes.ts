import { PipelineError } from '@handoff/contracts';
import { route, type Route } from '@handoff/loopback-http';
import { z } from 'zod';
import type { LocalProject } from './local-project.ts';
import { readBody } from './request-body.ts';
import { readObject, restRows } from './rest-values.ts';
import { tableName } from './table-routes.ts';

const InsertAll = z.object({ rows: z.array(z.object({ insertId: z.string().optional(), json: z.record(z.string(), z.unknown()) })) });

const pageRowsMax = 10_000;

export function tabledataRoutes(project: LocalProject): readonly Route[] {
  return [
    route('POST /projects/:project/datasets/:dataset/tables/:table/insertAll', async (asked) => {
      const definition = project.definition(tableName(asked));
      const { rows } = readBody(InsertAll, asked);
      const read = rows.map(({ json }) => readObject(definition.columns, json, 'text'));
      try {
        await project.engine.stream(definition.name, read);
      } catch (error) {
        if (!(error instanceof PipelineError) || error.code !== 'warehouse-schema-mismatch') throw error;
        const errors = [{ reason: 'invalid', location: String(error.facts['column'] ?? ''), debugInfo: '', message: error.message }];
        return { status: 200, json: { kind: 'bigquery#tableDataInsertAllResponse', insertErrors: read.map((_, index) => ({ index, errors })) } };
      }
      return { status: 200, json: { kind: 'bigquery#tableDataInsertAllResponse' } };
    }),
    route('GET /projects/:project/datasets/:dataset/tables/:table/data', async (asked) => {
      const { name } = project.definition(tableName(asked));
      const first = Number(asked.query.get('pageToken') ?? asked.query.get('startIndex') ?? 0);
      const count = Math.min(Number(asked.query.get('maxResults') ?? pageRowsMax), pageRowsMax);
      const { columns, rows, total } = await project.engine.read(name, { first, count });
      const format = asked.query.get('formatOptions.useInt64Timestamp') === 'true' ? 'micros' : 'seconds';
      const next = first + rows.length < total ? { pageToken: String(first + rows.length) } : {};
      return { status: 200, json: { kind: 'bigquery#tableDataList', totalRows: String(total), rows: restRows(columns, rows, format), ...next } };
    }),
  ];
}
