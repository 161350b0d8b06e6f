import { createHash } from 'node:crypto';
import { GoogleFailure } from '@handoff/loopback-http';

export type Row = Readonly<Record<string, string>>;
/** What INFORMATION_SCHEMA shows, by the name of its view. */
export type Shown = Record<string, readonly Row[]>;

interface Statement {
  readonly kind: string;
  readonly pattern: RegExp;
  /** Rows that are there afterwards besides, by the view that shows them. */
  readonly adds: (found: RegExpExecArray) => Shown;
}

const partsOf = (name: string): Row => ({ table_schema: name.split('.')[0] ?? '', table_name: name.split('.')[1] ?? '' });

/** Columns as `name TYPE`, whatever stands before and after each. */
const columns = (name: string, list: readonly string[]): Shown => ({
  COLUMNS: list.map((text) => {
    const [column = '', type = ''] = text.trim().replace('ADD COLUMN IF NOT EXISTS ', '').replace(' NOT NULL', '').split(' ');
    return { ...partsOf(name), column_name: column, data_type: type };
  }),
});

/** The statements that the plans send, by their text: nothing else is understood. */
const statements: readonly Statement[] = [
  { kind: 'CREATE_SCHEMA', pattern: /^CREATE SCHEMA IF NOT EXISTS `(\w+)`/, adds: ([, name = '']) => ({ SCHEMATA: [{ schema_name: name }] }) },
  {
    kind: 'GRANT', pattern: /^GRANT `([\w./]+)` ON SCHEMA `(\w+)` TO (.*)$/,
    adds: ([, role = '', name = '', list = '']) => ({ OBJECT_PRIVILEGES: list.split(', ').map((grantee) => ({ object_name: name, privilege_type: role, grantee: grantee.slice(1, -1) })) }),
  },
  { kind: 'CREATE_TABLE', pattern: /^CREATE TABLE IF NOT EXISTS `([\w.]+)` \(\n(.*?)\n\)\n/s, adds: ([, name = '', list = '']) => columns(name, list.split(',\n')) },
  { kind: 'ALTER_TABLE', pattern: /^ALTER TABLE `([\w.]+)` (.*)$/, adds: ([, name = '', list = '']) => columns(name, list.split(', ')) },
  { kind: 'CREATE_VIEW', pattern: /^CREATE OR REPLACE VIEW `([\w.]+)` AS\n(.*);$/s, adds: ([, name = '', text = '']) => ({ VIEWS: [{ ...partsOf(name), text_digest: createHash('sha256').update(text.replaceAll(/\s+/g, '')).digest('hex') }] }) },
];

const selection = /^SELECT (.*) FROM `region-us`\.INFORMATION_SCHEMA\.(\w+)(?: WHERE (\w+) = '(\w+)')?$/;

/** What a statement answers; `shown` is changed by it. @throws GoogleFailure (400) where it is none of ours. */
export function runStatement(text: string, shown: Shown): { readonly kind: string; readonly names: readonly string[]; readonly rows: readonly Row[] } {
  const statement = text.replace(/^--.*\n/, '').replace(/TO_HEX\(.*\) AS text_digest/, 'text_digest').trim();
  const [, list = '', view = '', column, value] = selection.exec(statement) ?? [];
  if (view !== '') return { kind: 'SELECT', names: list.split(', '), rows: (shown[view] ?? []).filter((row) => column === undefined || row[column] === value) };
  for (const { kind, pattern, adds } of statements) {
    const found = pattern.exec(statement);
    if (found === null) continue;
    for (const [name, rows] of Object.entries(adds(found))) shown[name] = [...new Map([...(shown[name] ?? []), ...rows].map((row) => [keyOf(row), row])).values()];
    return { kind, names: [], rows: [] };
  }
  throw new GoogleFailure(400, 'invalidQuery', `Syntax error: ${statement.slice(0, 60)}`);
}

/** Of what there is only one: the text of a view and the type of a column are the newest. */
const keyOf = (row: Row): string => JSON.stringify(Object.entries(row).filter(([name]) => name !== 'text_digest' && name !== 'data_type'));
