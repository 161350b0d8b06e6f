import { z } from 'zod';
import { Flow, OfficialGameId, Phase, Scope, Sport, Tricode } from './identity.ts';
import { GameDate, Instant } from './time.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Id = z.string().min(1).max(200);

/**
 * live: part of a slate's day. history: loading past dates. repair: making up for what a past slate lacks. The last two
 * see a slate as just before its first tip-off, and stop where the catalogue's transitions are not made for them, since
 * nothing is predicted after the fact.
 */
export const Purpose = z.enum(['live', 'history', 'repair']);
export type Purpose = z.infer<typeof Purpose>;

/** True for work on a slate as it was before its first tip-off. */
export const isInRetrospect = (purpose: Purpose): boolean => purpose !== 'live';

const common = { sport: Sport, purpose: Purpose };

/** A season at most: every date of a range is looked at. */
const rangeDaysMax = 366;

/** True for dates in order, and not more than can be asked for at once. */
function isRange({ gameDate, untilDate }: { readonly gameDate: GameDate; readonly untilDate: GameDate }): boolean {
  const days = (Date.parse(untilDate) - Date.parse(gameDate)) / 86_400_000;
  return days >= 0 && days < rangeDaysMax;
}

/** Games to which a piece of work is limited; absent: it is not. */
const Games = z.array(OfficialGameId).min(1).optional();

const notARange = { error: `the last date has to be the first or after it, by less than ${rangeDaysMax} days`, path: ['untilDate'] };

/** Asks phase1-scrape to run one scraper once. Written by the controller with its decision. */
export const ScrapeRequested = z.object({
  ...common,
  /** Deterministic; also the execution id of the run. */
  requestId: Id,
  decisionId: Id,
  workflow: z.string().min(1),
  scraper: z.string().min(1),
  gameDate: GameDate,
  /** The last date of a range that starts at `gameDate`; equal to it for one date. */
  untilDate: GameDate,
  requestedAt: Instant,
  /** Absent: everything that the source says of the dates. Else these games alone are wanted, and loaded whether or not their answer was loaded before. */
  games: Games,
}).refine(isRange, notARange);
export type ScrapeRequested = z.infer<typeof ScrapeRequested>;

/** One stored answer of a source. */
export const StoredFile = z.object({ path: z.string().min(1), contentHash: Hash });
export type StoredFile = z.infer<typeof StoredFile>;

/** A scraper run has stored its answers under its catalogue prefix. */
export const FilesStored = z.object({
  ...common,
  executionId: Id,
  workflow: z.string().min(1),
  gameDate: GameDate,
  untilDate: GameDate,
  files: z.array(StoredFile).min(1),
  /** When the source was asked: of two files for one scope the later one is the newer version. */
  fetchedAt: Instant,
  /** Absent: everything in the files. */
  games: Games,
  /** Content that was loaded before is loaded all the same, since rows of it are missing. What names its games is, too. */
  reload: z.literal(true).optional(),
  /** Absent: the files are loaded whole. Else another look at games that could not be written when they were. */
  recheck: z.object({
    games: z.array(OfficialGameId).min(1),
    /** 1 for the first look after the load. */
    attempt: z.int().positive(),
    /** People's order to insert what is missing in spite of streamed rows. */
    force: z.object({ reason: z.string().min(1) }).optional(),
  }).optional(),
}).refine(isRange, notARange);
export type FilesStored = z.infer<typeof FilesStored>;

/** One output now holds this content for this date and scope. */
export const Completion = z.object({
  gameDate: GameDate,
  output: z.string().min(1),
  scope: Scope,
  contentHash: Hash,
  rowCount: z.int().nonnegative(),
  /** How many rows the inputs ask for; absent where that is not known, or makes no sense. */
  expectedRowCount: z.int().nonnegative().optional(),
  /** The mean quality of the rows, 0 to 100; absent where rows have none. */
  quality: z.number().min(0).max(100).optional(),
});
export type Completion = z.infer<typeof Completion>;

/** A run wrote its outputs: all its completions in one message. Loading history, of many dates. */
export const OutputsCompleted = z.object({
  ...common,
  phase: Phase,
  flow: Flow,
  /** The run that wrote them: a scrape's request id, or a trigger's. */
  executionId: Id,
  /** Orders versions of one output and scope: when the newest input was fetched. */
  sourceVersionAt: Instant,
  completions: z.array(Completion).min(1),
});
export type OutputsCompleted = z.infer<typeof OutputsCompleted>;

/** A gate's verdict, as it is stored, sent and shown. */
export const GateOutcome = z.object({
  verdict: z.enum(['wait', 'release', 'release-degraded', 'block']),
  /** The least, over the required outputs, of present over expected scopes; 1 when nothing is expected. */
  coverage: z.number().min(0).max(1),
  reasons: z.array(z.string()),
});
export type GateOutcome = z.infer<typeof GateOutcome>;

/** One released phase run: a phase, date and flow at a revision, and the games to work on. */
export const PhaseRun = z.object({
  gameDate: GameDate,
  revision: z.int().positive(),
  /** Deterministic: sport, date, flow, phase and revision. */
  releaseId: Id,
  games: z.array(OfficialGameId),
  /** Some of what the whole slate needs is missing: what is made carries the label until it has come. */
  isDegraded: z.boolean(),
  missing: z.array(z.string()),
  /** True when an earlier revision was degraded and nothing is missing any more: its rows lose the label. */
  upgrades: z.boolean(),
  sourceVersionAt: Instant,
});
export type PhaseRun = z.infer<typeof PhaseRun>;

/** Starts the released runs of one phase and flow; one run, or many dates when loading history. */
export const PhaseTriggered = z.object({
  ...common,
  /** Deterministic: derived from the releases. */
  triggerId: Id,
  phase: Phase,
  flow: Flow,
  runs: z.array(PhaseRun).min(1),
});
export type PhaseTriggered = z.infer<typeof PhaseTriggered>;

/** Which sending of a request this is: 1 the first. A request that got no answer is sent again under a key of its own. */
const Attempt = z.int().positive().default(1);

/** Asks a worker for all predictions of some games of one run. */
export const PredictionRequested = z.object({ ...common, requestId: Id, triggerId: Id, games: z.array(OfficialGameId).min(1), run: PhaseRun, attempt: Attempt });
export type PredictionRequested = z.infer<typeof PredictionRequested>;

/**
 * Why a player gets no prediction. Every reason is permanent for what is known now: asking again changes nothing until
 * newer content arrives, and that comes with a revision of its own.
 */
export const SkipReason = z.enum([
  'game-not-on-slate', 'game-postponed', 'tipped-off', 'ruled-out', 'no-features', 'no-historical-data', 'quality-below-minimum', 'later-revision-stands',
]);
export type SkipReason = z.infer<typeof SkipReason>;

const ofPlayer = { game: OfficialGameId, player: z.string().min(1) };

/** What became of one player. Only who has failed is not answered for yet. */
export const PlayerAnswer = z.discriminatedUnion('state', [
  z.object({ ...ofPlayer, state: z.literal('predicted') }),
  z.object({ ...ofPlayer, state: z.literal('skipped'), reason: SkipReason }),
  z.object({ ...ofPlayer, state: z.literal('failed'), reason: z.string() }),
]);
export type PlayerAnswer = z.infer<typeof PlayerAnswer>;

/** A worker has written the predictions that it was asked for, and tells of every player of the games. */
export const PredictionsReady = z.object({
  ...common, requestId: Id, triggerId: Id, run: PhaseRun, completions: z.array(Completion).min(1), attempt: Attempt, players: z.array(PlayerAnswer).default([]),
});
export type PredictionsReady = z.infer<typeof PredictionsReady>;

/** Tells a gate that it is due: to look again although nothing new came. */
export const GateDue = z.object({
  ...common, app: z.string().min(1), flow: Flow, to: Phase, gameDate: GameDate, dueAt: Instant,
  /**
   * Present: what was released of these games counts as not released, so that what is there of them starts the phase
   * again, as a revision of its own; no games: the whole slate. For outputs that are not there although their inputs are.
   */
  again: z.object({ games: z.array(OfficialGameId), reason: z.string().min(1) }).optional(),
});
export type GateDue = z.infer<typeof GateDue>;

/** Games that were played and have no box score; written by the completeness check. */
export const BoxscoreGapsDetected = z.object({
  sport: Sport,
  /** Deterministic: the check that found them. */
  checkId: Id,
  detectedAt: Instant,
  gaps: z.array(z.object({ gameDate: GameDate, games: z.array(OfficialGameId).min(1), teams: z.array(Tricode).min(1) })).min(1),
});
export type BoxscoreGapsDetected = z.infer<typeof BoxscoreGapsDetected>;

/** Gaps of which something is to be done; written by the ledger. What they are is in the gap ledger. */
export const GapsDetected = z.object({
  sport: Sport,
  /** Deterministic: the look that found them. */
  lookId: Id,
  detectedAt: Instant,
  /** Date, flow and subject of each. */
  gaps: z.array(z.string().min(1)).min(1),
});
export type GapsDetected = z.infer<typeof GapsDetected>;

/** What a schedule job sends to its function. */
export const JobTick = z.object({ job: z.string().min(1), scheduledAt: Instant });
export type JobTick = z.infer<typeof JobTick>;

/** What the watchdog sends to itself, to see that messages arrive. */
export const WatchdogCanary = z.object({ sport: Sport, publishedAt: Instant });
export type WatchdogCanary = z.infer<typeof WatchdogCanary>;
