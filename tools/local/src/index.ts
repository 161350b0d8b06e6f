export { makeRecordings, recordingTexts } from './make-recordings.ts';
