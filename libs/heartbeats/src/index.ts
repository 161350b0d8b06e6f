export { heartbeatWrite, readHeartbeats, type Heartbeat } from './heartbeats.ts';
