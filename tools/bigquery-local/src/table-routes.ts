import { route, type Asked, type Route } from '@handoff/loopback-http';
import type { LocalProject } from './local-project.ts';
import { readBody } from './request-body.ts';
import { TableChange, TableResource } from './table-resources.ts';

/** `dataset.table` of a path. */
export const tableName = ({ names }: Asked): string => `${names['dataset'] ?? ''}.${names['table'] ?? ''}`;

export function tableRoutes(project: LocalProject): readonly Route[] {
  const described = async (name: string) => ({ status: 200, json: await project.describeTable(name) });
  return [
    route('POST /projects/:project/datasets/:dataset/tables', async (asked) => {
      const dataset = asked.names['dataset'] ?? '';
      const resource = readBody(TableResource, asked);
      await project.createTable(dataset, resource);
      return described(`${dataset}.${resource.tableReference.tableId}`);
    }),
    route('GET /projects/:project/datasets/:dataset/tables/:table', (asked) => described(tableName(asked))),
    route('PATCH /projects/:project/datasets/:dataset/tables/:table', (asked) => {
      project.changeTable(tableName(asked), readBody(TableChange, asked));
      return described(tableName(asked));
    }),
    route('DELETE /projects/:project/datasets/:dataset/tables/:table', async (asked) => {
      await project.deleteTable(tableName(asked));
      return { status: 204 };
    }),
    route('GET /projects/:project/datasets/:dataset/tables', ({ names }) => {
      const tables = project.tableNames(names['dataset'] ?? '').map((name) => {
        const [datasetId = '', tableId = ''] = name.split('.');
        return { kind: 'bigquery#table', id: `${project.options.name}:${name}`, tableReference: { projectId: project.options.name, datasetId, tableId }, type: project.engine.isView(name) ? 'VIEW' : 'TABLE' };
      });
      return Promise.resolve({ status: 200, json: { kind: 'bigquery#tableList', tables, totalItems: tables.length } });
    }),
  ];
}
