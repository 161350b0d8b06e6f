import type { EpochMs, GameDate, OfficialGameId } from '@handoff/contracts';
import type { SlateGame } from '@handoff/slate';

/** One scraper run as the execution log tells it. */
export interface ScraperRun {
  readonly workflow: string;
  readonly scraper: string;
  readonly gameDate: string;
  readonly status: string;
  readonly triggeredAt: EpochMs;
}

/** Everything that the controller decides by. */
export interface ControllerFacts {
  readonly now: EpochMs;
  /** The slates around today, by game date. */
  readonly slates: ReadonlyMap<GameDate, readonly SlateGame[]>;
  /** False when no schedule was loaded in the last two days: then no games is not an answer. */
  readonly isScheduleKnown: boolean;
  /** Games with a box score, in any of the raw box-score tables; undefined where one of them could not be read. */
  readonly collected: ReadonlySet<OfficialGameId> | undefined;
  /** Scraper runs of the last two days, in order of time. */
  readonly runs: readonly ScraperRun[];
}

export type AlertLevel = 'NONE' | 'INFO' | 'WARNING' | 'CRITICAL';

/** What is decided about one workflow. A reason is never empty. */
export interface WorkflowDecision {
  readonly workflow: string;
  readonly action: 'RUN' | 'SKIP' | 'ABORT';
  /** Kebab-case. */
  readonly reason: string;
  readonly scrapers: readonly string[];
  /** The dates to ask for; equal for one date. Present with RUN. */
  readonly from: GameDate;
  readonly until: GameDate;
  readonly targetGames: readonly OfficialGameId[];
  readonly alertLevel: AlertLevel;
  readonly priority: string;
}
