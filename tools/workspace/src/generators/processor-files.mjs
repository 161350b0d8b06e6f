// What `nx g processor` writes: rows that name their game and nothing else, so that every gate and ledger entry
// holds at once, and a spec that fails until they say something.

export const derivedRowText = ({ row, table, description, scope }) => `
/** ${table}. ${description} */
export const ${row} = z.object({
  game_date: date(),
${scope === 'game' ? '  nba_game_id: text(),\n' : ''}  ...derivedProvenance,
});
export type ${row} = z.infer<typeof ${row}>;
`;

export function processorTransform({ row, content, input, transform, scope, description }) {
  const rows = scope === 'game' ? 'games.map((game) => ({ game_date: gameDate, nba_game_id: game }))' : '[{ game_date: gameDate }]';
  const parameter = scope === 'game' ? '{ gameDate, games }' : '{ gameDate }';
  return `import type { ${['GameDate', 'OfficialGameId', row, 'WithoutProvenance'].sort().join(', ')} } from '@handoff/contracts';

export type ${content} = WithoutProvenance<${row}>;

export interface ${input} {
  readonly gameDate: GameDate;
  /** The games of the run. */
  readonly games: readonly OfficialGameId[];
}

/** ${description} */
export function ${transform}(${parameter}: ${input}): readonly ${content}[] {
  return ${rows};
}
`;
}

export function processorSpec({ row, rows, transform, file, lib, maker, scope }) {
  const identity = scope === 'game' ? "game_date: '2026-01-15', nba_game_id: '0022500578'" : "game_date: '2026-01-15'";
  return `import { gameDate, OfficialGameId } from '@handoff/contracts';
import { expect, it } from 'vitest';
import { ${transform} } from './${file}.ts';

it('says of a game what was worked out by hand', () => {
  const made = ${transform}({ gameDate: gameDate('2026-01-15'), games: [OfficialGameId.parse('0022500578')] });
  // Fill in: the columns in ${row} (libs/contracts/src/rows/${rows}.ts), the inputs in ${transform} (libs/${lib}/src/${file}.ts),
  // what loads them (libs/flows/run-processors/src/${maker}.ts), and here the values of one game.
  expect(made).toEqual([{ ${identity}, a_column_of_your_own: 'its value' }]);
});
`;
}
