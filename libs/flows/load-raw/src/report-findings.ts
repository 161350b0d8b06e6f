import { outputNamed, type Scraper } from '@handoff/catalogue';
import { after, minutes, type FilesStored, type OfficialGameId } from '@handoff/contracts';
import type { FlowContext } from '@handoff/ports';
import type { Slates } from '@handoff/read-models';
import type { FileReading } from './read-files.ts';

export interface Findings {
  readonly scraper: Scraper;
  readonly message: FilesStored;
  readonly reading: FileReading;
  readonly slates: Slates;
}

/** A box score that is not there an hour after the game's end (tip-off + 2 h 30) is late, not on its way. */
const boxScoreLate = minutes(210);

/** Alerts about what an answer does not have or could not be understood, and returns the games that are missing in it. */
export async function reportFindings(findings: Findings, { ports, log }: FlowContext): Promise<readonly OfficialGameId[]> {
  const { scraper, message, reading } = findings;
  const missing = missingGames(findings);
  const at = ports.clock.now();
  const subject = `${scraper.name} ${message.gameDate}`;
  if (missing.length > 0) {
    await ports.notifier.alert({ cause: 'no-rows-for-final-games', subject, severity: 'warning', title: `${scraper.name} has no rows for ${missing.length} games that are over`, facts: { games: missing, executionId: message.executionId }, at });
  } else if (outputNamed(scraper.loads)?.flow === 'postgame') await ports.notifier.resolve('no-rows-for-final-games', subject, at);
  const identity = reading.unresolved.filter(({ kind }) => kind === 'game' || kind === 'team');
  if (identity.length > 0) {
    await ports.notifier.alert({ cause: 'unresolved-identity', subject, severity: 'warning', title: `${scraper.name} names games or teams that are not known`, facts: { unresolved: identity.map(({ value, reason }) => `${value} (${reason})`) }, at });
  } else await ports.notifier.resolve('unresolved-identity', subject, at);
  if (reading.unresolved.length > 0 || Object.keys(reading.ignored).length > 0) log.info({ scraper: scraper.name, unresolved: reading.unresolved, ignored: reading.ignored }, 'answer read with remarks');
  return missing;
}

function missingGames({ scraper, message, reading, slates }: Findings): readonly OfficialGameId[] {
  if (outputNamed(scraper.loads)?.flow !== 'postgame') return [];
  const present = new Set(reading.rows.map((row) => row['nba_game_id']));
  return [...slates]
    .filter(([date]) => date >= message.gameDate && date <= message.untilDate)
    .flatMap(([, games]) => games)
    .filter((game) => game.status !== 'postponed' && message.fetchedAt >= after(game.tipAt, boxScoreLate) && !present.has(game.officialId))
    .map((game) => game.officialId);
}
