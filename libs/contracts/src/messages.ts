import { z } from 'zod';
import { Flow, OfficialGameId, Phase, Scope, Sport } from './identity.ts';
import { GameDate, Instant } from './time.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Id = z.string().min(1).max(200);

/** Asks phase1-scrape to run one scraper once. Written by the controller with its decision. */
export const ScrapeRequested = z.object({
  sport: Sport,
  requestId: Id,
  decisionId: Id,
  workflow: z.string().min(1),
  scraper: z.string().min(1),
  gameDate: GameDate,
  /** A range: the first date is `gameDate`. Backfills use it; live requests name one date. */
  untilDate: GameDate.optional(),
  requestedAt: Instant,
});
export type ScrapeRequested = z.infer<typeof ScrapeRequested>;

/** A source's answer has been stored under its catalogue prefix. */
export const FileStored = z.object({
  sport: Sport,
  executionId: Id,
  scraper: z.string().min(1),
  workflow: z.string().min(1),
  path: z.string().min(1),
  gameDate: GameDate,
  contentHash: Hash,
  /** When the source was asked: of two files for one scope the later one is the newer version. */
  fetchedAt: Instant,
});
export type FileStored = z.infer<typeof FileStored>;

/** One output now holds this content for this scope. */
export const Completion = z.object({
  output: z.string().min(1),
  scope: Scope,
  contentHash: Hash,
  rowCount: z.int().nonnegative(),
});
export type Completion = z.infer<typeof Completion>;

/** A run wrote its outputs for one game date: all its completions, in one message. */
export const OutputsCompleted = z.object({
  sport: Sport,
  phase: Phase,
  flow: Flow,
  gameDate: GameDate,
  /** The run that wrote them: a scrape execution id or a release id. */
  executionId: Id,
  /** Orders versions of one output and scope: the fetch time of the newest input. */
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

/** A phase run was released: work for one phase, date, flow and revision. */
export const PhaseTriggered = z.object({
  sport: Sport,
  phase: Phase,
  flow: Flow,
  gameDate: GameDate,
  revision: z.int().positive(),
  /** Deterministic: sport, date, flow, phase and revision. */
  releaseId: Id,
  /** The games to work on. */
  games: z.array(OfficialGameId),
  isDegraded: z.boolean(),
  missing: z.array(z.string()),
  sourceVersionAt: Instant,
});
export type PhaseTriggered = z.infer<typeof PhaseTriggered>;

/** Asks the worker for all predictions of one game. */
export const PredictionRequested = z.object({
  sport: Sport,
  requestId: Id,
  releaseId: Id,
  gameDate: GameDate,
  game: OfficialGameId,
  revision: z.int().positive(),
  isDegraded: z.boolean(),
  sourceVersionAt: Instant,
});
export type PredictionRequested = z.infer<typeof PredictionRequested>;

/** What a schedule job sends to its function. */
export const JobTick = z.object({ job: z.string().min(1), scheduledAt: Instant });
export type JobTick = z.infer<typeof JobTick>;
