export { SimulationReport } from './report/report.ts';
export { faultTable, type FaultRow } from './scenario/fault-table.ts';
export { parseScenario, Scenario } from './scenario/scenario.ts';
export { Simulator, type SimulatorOptions } from './simulate.ts';
