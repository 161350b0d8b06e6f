import type { TableKey } from './embedded-table.ts';

/** One change as text; a removed key has no text. */
export interface JournaledChange {
  readonly table: string;
  readonly key: TableKey;
  readonly text: string | undefined;
}

/** Lengths in code units, so that keys and texts may hold anything: `state s 12 40\n<key><text>`; -1 for a removal. */
export function encodeChange({ table, key, text }: JournaledChange): string {
  const name = String(key);
  return `${table} ${typeof key === 'number' ? 'n' : 's'} ${name.length} ${text === undefined ? -1 : text.length}\n${name}${text ?? ''}`;
}

export function* decodeChanges(payload: string): Generator<JournaledChange> {
  for (let at = 0; at < payload.length;) {
    const keyAt = payload.indexOf('\n', at) + 1;
    const [table = '', kind, keyLength, textLength] = payload.slice(at, keyAt - 1).split(' ');
    const textAt = keyAt + Number(keyLength);
    const name = payload.slice(keyAt, textAt);
    const isRemoval = textLength === '-1';
    at = isRemoval ? textAt : textAt + Number(textLength);
    yield { table, key: kind === 'n' ? Number(name) : name, text: isRemoval ? undefined : payload.slice(textAt, at) };
  }
}
