// The topic of crash.spec.ts and of the process that it kills.
export const killedBus = {
  topics: ['numbers'],
  subscriptions: [{ name: 'numbers--count', topic: 'numbers', deliveriesMax: 5, minBackoffSeconds: 10, maxBackoffSeconds: 60 }],
};
