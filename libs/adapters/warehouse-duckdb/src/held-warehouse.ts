// A process of its own for files.spec.ts: opens the warehouse file given, writes, says so, and holds the file until it is killed.
import { epochMs } from '@handoff/contracts';
import { openDuckDbWarehouse } from './index.ts';
import { notes } from './notes-table.ts';

const warehouse = await openDuckDbWarehouse({ path: process.argv[2] ?? '', tables: [notes], clock: { now: () => epochMs(1_769_256_000_000) } });
await warehouse.merge({ table: notes.name, rows: [{ id: 'a', on_date: '2026-01-24', body: 'kept' }] });
await warehouse.streamInsert(notes.name, [{ id: 'b', on_date: '2026-01-24', body: 'streamed' }]);
process.stdout.write('acknowledged\n');
process.stdin.resume();
