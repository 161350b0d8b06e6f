import { isoInstant, type EpochMs } from '@handoff/contracts';
import type { SourceResponse } from '@handoff/ports';
import { playerLookup } from '@handoff/slate';
import { jsonAnswer } from './json-answer.ts';
import type { RecordedInjury, RecordedSeason } from './recorded-season.ts';

function injuryJson(injury: RecordedInjury): object {
  const [first = '', ...family] = injury.player.split(' ');
  return { player: { first_name: first, last_name: family.join(' ') }, return_date: null, description: injury.description, status: injury.status, updated_at: isoInstant(injury.knownAt) };
}

/** Answers balldontlie's /v1/player_injuries: the last known status of every player who is not available. */
export function injuryAnswer(season: RecordedSeason, now: EpochMs): SourceResponse {
  const latest = new Map<string, RecordedInjury>();
  for (const injury of season.injuries) if (injury.knownAt <= now) latest.set(playerLookup(injury.player) ?? injury.player, injury);
  const listed = [...latest.values()].filter(({ status }) => status !== 'Available');
  return jsonAnswer(JSON.stringify({ data: listed.map(injuryJson), meta: { per_page: listed.length } }));
}
