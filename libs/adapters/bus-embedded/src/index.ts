export { type DeliveryVerdict, type SubscriptionPolicy } from './after-delivery.ts';
export { EmbeddedBus, type BusOptions, type BusTransaction, type DeadLetter } from './embedded-bus.ts';
