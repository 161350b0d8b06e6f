import fc, { type Parameters } from 'fast-check';

export * from 'fast-check';

/** What draws the cases of every property. A number by `npm run properties`; otherwise always the same one, so that a test that was passed is passed. */
const seed = Number(process.env['HANDOFF_PROPERTY_SEED'] ?? 1);
/** How many times its cases each property is tried with. */
const times = Number(process.env['HANDOFF_PROPERTY_TIMES'] ?? 1);

const drawn = <Case>(parameters: Parameters<Case>): Parameters<Case> => ({ seed, ...parameters, numRuns: (parameters.numRuns ?? 100) * times });

/** Also under its own name: what is exported here goes before what the star brings. */
export const assert: typeof fc.assert = ((property: never, parameters: Parameters<unknown> = {}) => fc.assert(property, drawn(parameters))) as typeof fc.assert;

export default { ...fc, assert };
