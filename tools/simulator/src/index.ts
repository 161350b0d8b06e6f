export { randomScenario } from './random/random-scenario.ts';
export { profileNames } from './random/profiles.ts';
export { runRandomly, type RandomRun, type RandomRunsReport } from './random/random-runs.ts';
export { SimulationReport } from './report/report.ts';
export { faultTable, type FaultRow } from './scenario/fault-table.ts';
export { parseScenario, Scenario } from './scenario/scenario.ts';
export { Simulator, type SimulatorOptions } from './simulate.ts';
