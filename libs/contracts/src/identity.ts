import { z } from 'zod';

/** The league's own id, ten digits: `0022500578`. The game key inside the pipeline. */
export const OfficialGameId = z.string().regex(/^\d{10}$/).brand<'OfficialGameId'>();
export type OfficialGameId = z.infer<typeof OfficialGameId>;

/** `YYYYMMDD_AWAY_HOME`: `20260115_MEM_ORL`. Used by the tables that the owner's queries know. */
export const DateGameId = z.string().regex(/^\d{8}_[A-Z]{3}_[A-Z]{3}$/).brand<'DateGameId'>();
export type DateGameId = z.infer<typeof DateGameId>;

/** `YYYYMMDD/AWYHOM`: `20260115/MEMORL`. */
export const GameCode = z.string().regex(/^\d{8}\/[A-Z]{6}$/).brand<'GameCode'>();
export type GameCode = z.infer<typeof GameCode>;

/** A team's canonical three-letter code, as the league writes it. */
export const Tricode = z.string().regex(/^[A-Z]{3}$/).brand<'Tricode'>();
export type Tricode = z.infer<typeof Tricode>;

/** A player's name reduced to letters and digits, without accents or suffix: `lukadoncic`. */
export const PlayerLookup = z.string().regex(/^[a-z0-9]+$/).brand<'PlayerLookup'>();
export type PlayerLookup = z.infer<typeof PlayerLookup>;

/** `slate`, or one official game id. */
export const Scope = z.union([z.literal('slate'), OfficialGameId]);
export type Scope = z.infer<typeof Scope>;

export const Sport = z.enum(['nba']);
export type Sport = z.infer<typeof Sport>;

export const Flow = z.enum(['pregame', 'postgame']);
export type Flow = z.infer<typeof Flow>;

export const Phase = z.enum(['phase1', 'phase2', 'phase3', 'phase4', 'phase5', 'phase6-publish', 'phase6-grade']);
export type Phase = z.infer<typeof Phase>;
