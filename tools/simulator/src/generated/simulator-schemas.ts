import { z } from 'zod';
import { SimulationReport } from '../report/report.ts';
import { Scenario } from '../scenario/scenario.ts';

export interface JsonSchemaFile {
  /** Below the workspace's root. */
  readonly path: string;
  readonly text: string;
}

/** What editors and other programs check a scenario and a report against; `npm run schemas` writes it. */
export const simulatorSchemas = (): readonly JsonSchemaFile[] => [
  fileOf('scenario', 'A scenario of handoff simulate: docs/simulator.md', z.toJSONSchema(Scenario, { io: 'input', reused: 'ref' })),
  fileOf('report', 'What handoff simulate --json prints: docs/simulator.md', z.toJSONSchema(SimulationReport)),
];

const fileOf = (name: string, title: string, schema: object): JsonSchemaFile => ({ path: `schemas/simulator/${name}.schema.json`, text: `${JSON.stringify({ title, ...schema }, null, 2)}\n` });
