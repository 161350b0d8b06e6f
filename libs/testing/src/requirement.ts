/** What a spec needs of vitest's test context. */
export interface Skippable {
  skip(reason?: string): never;
}

/** What a machine may lack, and a run may insist on: HANDOFF_REQUIRE names some, separated by commas. */
export type Requirement = 'data' | 'emulators' | 'gcloud';

/**
 * Skips a test that needs what is not here, with the reason.
 *
 * @throws Error when HANDOFF_REQUIRE names what is needed: then the test fails.
 */
export function skipWithout(requirement: Requirement, reason: string, context: Skippable): never {
  failIfRequired(requirement, reason);
  return context.skip(reason);
}

/** @throws Error when HANDOFF_REQUIRE names what is not here. */
export function failIfRequired(requirement: Requirement, reason: string): void {
  if ((process.env['HANDOFF_REQUIRE'] ?? '').split(',').includes(requirement)) throw new Error(`${reason}, and HANDOFF_REQUIRE names ${requirement}`);
}
