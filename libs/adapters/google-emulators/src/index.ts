export { findEmulator, type EmulatorCommand, type EmulatorName, type EmulatorMissing } from './find-emulator.ts';
export { startEmulator, type RunningEmulator } from './start-emulator.ts';
