import type { EntityBreakers } from '@handoff/breakers';
import type { OutputName } from '@handoff/catalogue';
import type { GameDate, PhaseRun } from '@handoff/contracts';
import type { Log } from '@handoff/ports';
import { lackOfHistory, type PlayerDailyCache } from '@handoff/scoring';

export interface PlayersOfRun {
  readonly run: PhaseRun;
  readonly cache: readonly PlayerDailyCache[];
  /** Of the season's first final game; undefined before there is one. */
  readonly firstGameDate: GameDate | undefined;
  readonly correlationId: string;
}

const processor = 'nba_predictions.ml_feature_store_v2' satisfies OutputName;

/**
 * Players of whom no feature vector is made, since too little of their team's last games is in the warehouse: a vector
 * of what happens to be there looks like any other. Each is an attempt that his breaker counts; his box scores
 * arriving make him one of the next revision's players.
 */
export async function leaveOutPlayers({ run, cache, firstGameDate, correlationId }: PlayersOfRun, { entities, log }: { readonly entities: EntityBreakers; readonly log: Log }): Promise<ReadonlySet<string>> {
  const found = cache.map(({ player_lookup: entity, l10_completeness_pct: completenessPct }) => {
    const lacks = lackOfHistory({ completenessPct, date: run.gameDate, firstGameDate });
    return { entity, completenessPct, ...(lacks === undefined ? {} : { lacks }) };
  });
  const leftOut = await entities.judge({ processor, date: run.gameDate, runId: run.releaseId, correlationId }, found);
  if (leftOut.length > 0) log.warn({ processor, gameDate: run.gameDate, leftOut: leftOut.map(({ entity, reason }) => `${entity}: ${reason}`) }, 'players left out');
  return new Set(leftOut.map(({ entity }) => entity));
}
