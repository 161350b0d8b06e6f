export { Faults, type Fault } from './faults.ts';
export { GoogleFailure } from './google-failure.ts';
export { readMultipart, type Part } from './multipart.ts';
export { route, type Answer, type Asked, type Route } from './routes.ts';
export { serveLoopback, type LoopbackOptions, type LoopbackServer } from './serve-loopback.ts';
