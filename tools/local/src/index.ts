export { FunctionServers } from './function-servers.ts';
export { missingEmulators, startLocalGoogle, type LocalGoogle, type LocalGoogleOptions } from './local-google.ts';
export { LocalSystem, type LocalEvent, type LocalSystemOptions } from './local-system.ts';
export { replay, type ReplayOptions, type ReplayResult } from './replay.ts';
export { replayProfileNames, type ReplayProfileName } from './replay-profiles.ts';
export type { DateReport, HandoffReport, ReplayReport } from './replay-report.ts';
export { makeRecordings, recordingTexts } from './make-recordings.ts';
export { explainPhase, type ExplainRequest, type PhaseExplanation } from './explain.ts';
export { withFolder, type FolderRequest } from './with-folder.ts';
