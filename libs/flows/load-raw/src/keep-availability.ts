import { gameTimes, outputNamed, westCoastTeams, type Scraper } from '@handoff/catalogue';
import { after, elapsed, hashOf, PipelineError, type FilesStored, type GameAvailabilityRow } from '@handoff/contracts';
import { historyEntry, outboxWrite, publishWritten, type OutboxEntry } from '@handoff/outbox';
import type { FlowContext } from '@handoff/ports';
import { easternHour, type SlateGame } from '@handoff/slate';
import type { Findings } from './report-findings.ts';

/**
 * Keeps whether the source had each game of the asked dates that had begun when it was asked: one row of
 * game_availability_log for a game and attempt, under a key that a repetition has again. Postponed games are asked of
 * nobody, and an answer that is limited to some games says nothing of the others.
 */
export async function keepAvailability(findings: Findings, { ports, log, correlationId }: FlowContext): Promise<void> {
  if (!tellsAvailability(findings)) return;
  const rows = begunGames(findings).map((game) => availabilityOf(game, findings, ports.clock.now()));
  const entries = rows.map((row) => historyEntry('nba_orchestration.game_availability_log', row, correlationId));
  for (let first = 0; first < entries.length; first += writtenAtOnce) await keep(entries.slice(first, first + writtenAtOnce), { ports, log });
}

/**
 * True for what tells when a source had a game: an answer that has just been asked for. History is loaded once and long
 * after, and what is looked at or loaded again was told of when it came.
 */
export const tellsAvailability = ({ scraper, message }: Pick<Findings, 'scraper' | 'message'>): boolean =>
  message.purpose !== 'history' && message.recheck === undefined && message.reload === undefined && outputNamed(scraper.loads)?.flow === 'postgame';

/** Rows of one atomic write: a season that is asked for at once has more games than a batch may have documents. */
const writtenAtOnce = 200;

/** Rows that the bus does not take yet wait in the outbox for the sweeper: no log holds up the loading that it tells of. */
async function keep(entries: readonly OutboxEntry[], { ports, log }: Pick<FlowContext, 'ports' | 'log'>): Promise<void> {
  await ports.state.batch(entries.map((entry) => outboxWrite(entry, ports.clock.now())));
  try {
    await publishWritten(ports, entries);
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    log.warn({ error, rows: entries.length }, 'availability not published yet');
  }
}

const begunGames = ({ slates, message }: Findings): readonly SlateGame[] =>
  [...slates].filter(([date]) => date >= message.gameDate && date <= message.untilDate).flatMap(([, games]) => games).filter(({ officialId, status, tipAt }) => status !== 'postponed' && tipAt <= message.fetchedAt && (message.games === undefined || message.games.includes(officialId)));

function availabilityOf(game: SlateGame, { scraper, message, reading }: Findings, createdAt: GameAvailabilityRow['created_at']): GameAvailabilityRow {
  const players = reading.rows.filter((row) => row['nba_game_id'] === game.officialId && row['game_date'] === game.gameDate).length;
  const endsAt = after(game.tipAt, gameTimes.endsAfterMs);
  return {
    event_id: eventIdOf(scraper, message, game), attempted_at: message.fetchedAt, scraper_name: scraper.name, workflow: message.workflow, execution_id: message.executionId,
    game_date: game.gameDate, nba_game_id: game.officialId, home_team: game.home, away_team: game.away, was_available: players > 0, player_count: players,
    data_status: players > 0 ? 'available' : reading.notStarted.includes(game.officialId) ? 'not-started' : 'absent', game_status: game.status, was_expected: endsAt <= message.fetchedAt,
    expected_start_time: game.tipAt, estimated_end_time: endsAt, latency_minutes: players > 0 ? Math.round(elapsed(endsAt, message.fetchedAt) / 60_000) : null,
    is_west_coast: westCoastTeams.has(game.home), is_late_game: easternHour(game.tipAt) >= gameTimes.lateFromHour, created_at: createdAt,
  };
}

const eventIdOf = (scraper: Scraper, { executionId }: FilesStored, { gameDate, officialId }: SlateGame): string => hashOf([executionId, scraper.name, gameDate, officialId].join('|')).slice(0, 32);
