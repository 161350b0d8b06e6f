export type { ParsedPayload, PayloadTransform, SpokenOf, TransformContext, Unresolved } from './payload.ts';
export { transformOf, transforms } from './transforms.ts';
export { parseOddsEvents, type OddsEvent } from './odds-api.ts';
export { balldontlieTeam, balldontlieTeamId } from './balldontlie-teams.ts';
