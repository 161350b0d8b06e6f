export { IncidentNotifier, type IncidentNotifierOptions } from './incident-notifier.ts';
