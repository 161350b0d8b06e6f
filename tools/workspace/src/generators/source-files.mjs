// What `nx g source` writes: a row, a transform that knows an answer's frame, and a spec that fails until it reads its entries.
import { quoted } from './naming.mjs';

export const rawRowText = (row, table) => `
/** ${table}: say what one row is, and name the unit of every number. */
export const ${row} = z.object({
  game_date: date(),
  /** The date id, \`20260115_MEM_ORL\`. */
  game_id: text(),
  nba_game_id: text(),
  player_lookup: text(),
  ...rawProvenance,
});
export type ${row} = z.infer<typeof ${row}>;
`;

export const payloadTransform = ({ transform, scraper, row, title }) => `import type { ${row} } from '@handoff/contracts';
import { z } from 'zod';
import { Findings } from './findings.ts';
import { KnownGames } from './known-games.ts';
import type { ParsedPayload, PayloadTransform, TransformContext } from './payload.ts';
import { rawRows } from './raw-rows.ts';
import { readPayload } from './read-payload.ts';

/** One entry of an answer: its fields as a captured answer shows them. */
const Entry = z.looseObject({});
type Entry = z.infer<typeof Entry>;

const Answer = z.object({ data: z.array(Entry) });

type Content = Omit<${row}, 'data_hash' | 'source_file_path' | 'processed_at'>;

/** The row of an entry; undefined, and a finding, where it cannot be understood. */
function contentOf(entry: Entry, _games: KnownGames, findings: Findings): Content | undefined {
  findings.unresolved('game', Object.keys(entry).join(','), 'unknown-game');
  return undefined;
}

function parse(text: string, context: TransformContext): ParsedPayload {
  const findings = new Findings();
  const answer = readPayload(Answer, text, { scraper: ${quoted(scraper)}, path: context.path });
  const games = new KnownGames(context.games, findings);
  const contents = answer.data.map((entry) => contentOf(entry, games, findings)).filter((content) => content !== undefined);
  return findings.with(rawRows(${quoted(scraper)}, contents, context, findings));
}

/** ${title}: say which endpoint, and what in its answers is not what it seems. */
export const ${transform}: PayloadTransform = { scraper: ${quoted(scraper)}, parse };
`;

export const payloadSpec = ({ transform, file, scope }) => `import { OfficialGameId, parseInstant, Tricode } from '@handoff/contracts';
import { gameDateOf, type KnownGame } from '@handoff/slate';
import { expect, it } from 'vitest';
import { ${transform} } from './${file}.ts';

const tipAt = parseInstant('2026-01-24T22:30:00Z');
const game: KnownGame = { officialId: OfficialGameId.parse('0022500644'), gameDate: gameDateOf(tipAt), tipAt, away: Tricode.parse('GSW'), home: Tricode.parse('MIN') };
const context = { gameDate: game.gameDate, fetchedAt: tipAt, processedAt: tipAt, path: 'a/b.json', games: [game] };

it('turns an entry of a captured answer into a row', () => {
  // Fill in: an answer as the source gave it, shortened to one entry.
  const answer = { data: [{}] };
  const { rows, unresolved } = ${transform}.parse(JSON.stringify(answer), context);
  expect(unresolved, 'write Entry and contentOf in ./${file}.ts').toEqual([]);
  expect(rows).toMatchObject([{ game_date: '2026-01-24'${scope === 'game' ? ", nba_game_id: '0022500644'" : ''} }]);
});
`;
