export { defaultLimits, HttpSources, type HttpSourcesOptions, type SourceLimits } from './http-sources.ts';
export { openHttpSources } from './open-http-sources.ts';
export { readSourceKeys, type SourceKeys } from './source-keys.ts';
