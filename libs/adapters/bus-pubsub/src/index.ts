export { openPubSubBus, PubSubBus } from './pub-sub-bus.ts';
export type { PubSubOptions } from './pub-sub-client.ts';
export { openBusProvisioner, type BusProvisioner, type PushSubscription } from './provision-bus.ts';
