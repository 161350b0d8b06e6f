export { observedStatement } from './observed-statement.ts';
export { reconcileLedger } from './reconcile-ledger.ts';
