import { openEmulatedSystem, type EmulatedSystemOptions } from './emulated-system.ts';
import { assertEmulatorsInstalled } from './local-google.ts';
import { LocalSystem, type OpenProfile } from './local-system.ts';

export const replayProfileNames = ['embedded', 'emulated'] as const;
export type ReplayProfileName = (typeof replayProfileNames)[number];

export interface ReplayProfile {
  /** True where another process can go on from what one has left in the folder. */
  readonly keepsState: boolean;
  /** Before anything is written. @throws `emulator-missing` (reject), naming what the profile needs and this machine has not. */
  readonly assertInstalled: () => void;
  readonly open: (options: EmulatedSystemOptions) => Promise<LocalSystem<OpenProfile>>;
}

/** What a replay can run on. */
export const replayProfiles: Readonly<Record<ReplayProfileName, ReplayProfile>> = {
  embedded: { keepsState: true, assertInstalled: () => undefined, open: (options) => LocalSystem.open(options) },
  emulated: { keepsState: false, assertInstalled: () => { assertEmulatorsInstalled(process.env); }, open: openEmulatedSystem },
};
