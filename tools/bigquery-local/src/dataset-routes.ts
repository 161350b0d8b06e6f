import { route, type Route } from '@handoff/loopback-http';
import { z } from 'zod';
import type { LocalProject } from './local-project.ts';
import { readBody } from './request-body.ts';

const Dataset = z.object({ datasetReference: z.object({ datasetId: z.string() }) });

export function datasetRoutes(project: LocalProject): readonly Route[] {
  const { name, location } = project.options;
  const resource = (id: string) => ({ kind: 'bigquery#dataset', id: `${name}:${id}`, datasetReference: { projectId: name, datasetId: id }, location });
  return [
    route('POST /projects/:project/datasets', (asked) => {
      const { datasetId } = readBody(Dataset, asked).datasetReference;
      project.createDataset(datasetId);
      return Promise.resolve({ status: 200, json: resource(datasetId) });
    }),
    route('GET /projects/:project/datasets/:dataset', ({ names }) => Promise.resolve({ status: 200, json: resource(project.dataset(names['dataset'] ?? '')) })),
    route('GET /projects/:project/datasets', () => Promise.resolve({ status: 200, json: { kind: 'bigquery#datasetList', datasets: project.datasetIds().map(resource) } })),
  ];
}
