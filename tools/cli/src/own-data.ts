import { statSync } from 'node:fs';
import { loadDataDirectory, type RecordedSeason } from '@handoff/sources-recorded';
import { usageError } from './exit-codes.ts';

/** What tells people of files that cannot be used. */
export interface Noticing {
  notice(text: string): void;
}

/** Loads a season out of a folder of the user's own. @throws `data-folder-missing` and `usage`, usage errors. */
export function loadOwnData(folder: string, gameTypes: string, display: Noticing): RecordedSeason {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw usageError('data-folder-missing', `--data ${folder} is not a folder`);
  const types = gameTypes.split(',').map((type) => type.trim());
  const wrong = types.find((type) => !/^00\d$/.test(type));
  if (wrong !== undefined) throw usageError('usage', `--game-types ${wrong} is not the beginning of an official game id: write them as 002,004`);
  const { season, ignored, dropped } = loadDataDirectory(folder, { gameTypes: types });
  if (ignored.length > 0) display.notice(`${ignored.length} files of ${folder} are of no known kind and were ignored: ${ignored.slice(0, 3).join(', ')}${ignored.length > 3 ? ', …' : ''}`);
  if (dropped.length > 0) display.notice(`${dropped.length} games cannot be played back and were left out: ${dropped.slice(0, 3).map(({ officialId, reason }) => `${officialId} (${reason})`).join(', ')}${dropped.length > 3 ? ', …' : ''}`);
  return season;
}
