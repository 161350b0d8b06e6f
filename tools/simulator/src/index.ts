export { SimulationReport } from './report/report.ts';
export { faultDocuments, type GeneratedPart } from './scenario/fault-documents.ts';
export { faultTable, type FaultRow } from './scenario/fault-table.ts';
export { simulatorSchemas, type JsonSchemaFile } from './scenario/scenario-json-schema.ts';
export { parseScenario, Scenario } from './scenario/scenario.ts';
export { Simulator, type SimulatorOptions } from './simulate.ts';
