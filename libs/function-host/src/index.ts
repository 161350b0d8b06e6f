export { claimWork, type Claim, type ClaimResult, type Instance } from './claims.ts';
export { decodeRequest, encodePush, type Decoded, type HostRequest } from './decode.ts';
export { hostFunction, type HostedFunction, type HostOptions } from './host.ts';
export { hostable, type HostableFunction, type HostSetting } from './hostable.ts';
export { readEnvironment } from './read-environment.ts';
export { serveFunction } from './serve.ts';
export type { HostResponse } from './work.ts';
export { startFunction, type Composition } from './start-function.ts';
