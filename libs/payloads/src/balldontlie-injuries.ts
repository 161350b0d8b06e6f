import type { InjuryRow } from '@handoff/contracts';
import { gameDateOf, playerLookup } from '@handoff/slate';
import { z } from 'zod';
import { hasNextPage, optionalText, PageMeta } from './fields.ts';
import { Findings } from './findings.ts';
import type { ParsedPayload, PayloadTransform, TransformContext } from './payload.ts';
import { rawRows } from './raw-rows.ts';
import { readPayload } from './read-payload.ts';

const Injury = z.object({
  player: z.object({ first_name: z.string(), last_name: z.string() }),
  status: z.string(),
  description: optionalText,
});

const Injuries = z.object({ data: z.array(Injury), meta: PageMeta });

// The source's words, letters only. A player who cannot play for whatever reason is out.
const statuses: ReadonlyMap<string, string> = new Map([
  ['out', 'OUT'], ['outforseason', 'OUT'], ['suspension', 'OUT'], ['suspended', 'OUT'], ['inactive', 'OUT'],
  ['doubtful', 'DOUBTFUL'],
  ['questionable', 'QUESTIONABLE'], ['gametimedecision', 'QUESTIONABLE'], ['gtd', 'QUESTIONABLE'],
  ['probable', 'PROBABLE'],
  ['daytoday', 'DAY_TO_DAY'],
]);

type InjuryContent = Omit<InjuryRow, 'data_hash' | 'source_file_path' | 'fetched_at' | 'processed_at'>;

function contentOf(injury: z.infer<typeof Injury>, reportDate: string, findings: Findings): InjuryContent | undefined {
  const name = `${injury.player.first_name} ${injury.player.last_name}`.trim();
  const lookup = playerLookup(name);
  const status = statuses.get(injury.status.toLowerCase().replaceAll(/[^a-z]/g, ''));
  if (lookup === undefined) findings.unresolved('player', name, 'unreadable-name');
  if (status === undefined) findings.unresolved('status', injury.status, 'unknown-status');
  if (lookup === undefined || status === undefined) return undefined;
  return { report_date: reportDate, player_lookup: lookup, player_full_name: name, injury_status: status, description: injury.description };
}

function parse(text: string, context: TransformContext): ParsedPayload {
  const findings = new Findings();
  const injuries = readPayload(Injuries, text, { scraper: 'bdl_injuries', path: context.path });
  const reportDate = gameDateOf(context.fetchedAt);
  const contents = injuries.data.map((injury) => contentOf(injury, reportDate, findings)).filter((content) => content !== undefined);
  return findings.with(rawRows('bdl_injuries', contents, context, findings), hasNextPage(injuries.meta));
}

/** balldontlie /v1/player_injuries: who is on the report now. The report date is the Eastern date of asking. */
export const balldontlieInjuries: PayloadTransform = { scraper: 'bdl_injuries', parse };
