export { RecordingNotifier, type Incident } from './recording-notifier.ts';
