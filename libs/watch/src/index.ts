export { isJobOver, judgeJobs, type JobBeat, type JobFinding } from './judge-jobs.ts';
export { judgePart, newPart, type PartMemory, type PartVerdict, type ProbeResult } from './judge-part.ts';
