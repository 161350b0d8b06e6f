export { grpcFaultOf, grpcFaults, type GrpcFault } from './grpc-fault.ts';
export { channelOptions, deadlineMs, RemoteClient, type GeneratedClient, type RemoteClientOptions } from './remote-client.ts';
export { postJson, type Fetch } from './post-json.ts';
export { noticeTimeoutMs, sendNotice, type ChannelAnswer, type NoticeAttempts } from './send-notice.ts';
