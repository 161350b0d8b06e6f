export { EmbeddedBus, type BusTransaction, type DeadLetter, type DeliveryVerdict, type SubscriptionPolicy } from './embedded-bus.ts';
