import { Flow, GameDate, Phase, Sport } from '@handoff/contracts';
import { replayProfileNames, type ReplayProfileName } from '@handoff/local';
import { usageError } from './exit-codes.ts';

/** @throws `date-malformed` for what is no calendar date. */
export function dateOption(name: string, value: string): GameDate {
  const parsed = GameDate.safeParse(value);
  if (!parsed.success) throw usageError('date-malformed', `${name} ${value} is not a date: write it as YYYY-MM-DD`);
  return parsed.data;
}

/** @throws `sport-unknown` with those that there are. */
export function sportOption(value: string): Sport {
  const parsed = Sport.safeParse(value);
  if (!parsed.success) throw usageError('sport-unknown', `there is no sport ${value}: choose one of ${Sport.options.join(', ')}`);
  return parsed.data;
}

/** @throws `phase-unknown` with those that there are. */
export function phaseOption(value: string): Phase {
  const parsed = Phase.safeParse(value);
  if (!parsed.success) throw usageError('phase-unknown', `there is no phase ${value}: choose one of ${Phase.options.join(', ')}`);
  return parsed.data;
}

/** @throws `flow-unknown` with those that there are. */
export function flowOption(value: string): Flow {
  const parsed = Flow.safeParse(value);
  if (!parsed.success) throw usageError('flow-unknown', `there is no flow ${value}: choose one of ${Flow.options.join(', ')}`);
  return parsed.data;
}

/** @throws `profile-unknown` with those that there are. */
export function profileOption(value: string): ReplayProfileName {
  const known = replayProfileNames.find((name) => name === value);
  if (known === undefined) throw usageError('profile-unknown', `there is no profile ${value} to replay on: choose one of ${replayProfileNames.join(', ')}`);
  return known;
}

/** @throws `usage` for what is no whole number from 1 to `most`. */
export function wholeOption(name: string, value: string, most: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || number > most) throw usageError('usage', `${name} ${value} is not a whole number from 1 to ${most}`);
  return number;
}
