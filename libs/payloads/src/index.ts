export type { ParsedPayload, PayloadTransform, SpokenOf, TransformContext, Unresolved } from './payload.ts';
export { transformOf, transforms } from './transforms.ts';
export { parseEspnScoreboard, type EspnEvent } from './espn.ts';
export { parseOddsEvents, type OddsEvent } from './odds-api.ts';
export { balldontlieTeam, balldontlieTeamId } from './balldontlie-teams.ts';
