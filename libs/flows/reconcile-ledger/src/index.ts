export { observedStatement, reconcileLedger } from './reconcile-ledger.ts';
