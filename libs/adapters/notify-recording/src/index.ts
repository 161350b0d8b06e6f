export { RecordingChannel } from './recording-channel.ts';
