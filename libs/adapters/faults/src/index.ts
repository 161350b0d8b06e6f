export { CrashPoints, crashingBus, crashingState, diesAtPassage, diesByPlan, onlyWhileAlive, SimulatedCrash, type DiesAt } from './crash-points.ts';
export { isAbout, isAboutTables } from './concerned.ts';
export { crashPoints, faultKinds, type CrashPoint, type Fault, type FaultKind, type FiredFault } from './fault.ts';
export { FaultPlan, type Call, type FaultPlanOptions } from './fault-plan.ts';
export { FaultyBus } from './faulty-bus.ts';
export { faultyChannel, faultyObjects, faultyScheduler, faultyState, faultyWarehouse } from './faulty-ports.ts';
export { faultySource, type Rewrite, type Rewrites } from './faulty-source.ts';
export { spendOn } from './port-errors.ts';
export { skewedClock } from './skewed-clock.ts';
