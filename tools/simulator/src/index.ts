export { dealScenarios, joinRuns, ScenarioRunsReport, type ScenarioFile } from './kept/scenario-lanes.ts';
export { randomScenario } from './random/random-scenario.ts';
export { profileNames } from './random/profiles.ts';
export { dealSeeds, joinLanes, LaneReport, type LaneShare } from './random/random-lanes.ts';
export { runRandomly, type RandomRun, type RandomRunsReport } from './random/random-runs.ts';
export { SimulationReport } from './report/report.ts';
export { faultTable, type FaultRow } from './scenario/fault-table.ts';
export { parseScenario, Scenario } from './scenario/scenario.ts';
export { Simulator, type SimulatorOptions } from './simulate.ts';
