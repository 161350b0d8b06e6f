export { grpcFaultOf, grpcFaults, type GrpcFault } from './grpc-fault.ts';
export { channelOptions, deadlineMs, RemoteClient, type GeneratedClient, type RemoteClientOptions } from './remote-client.ts';
