// Makes tools/local/recordings from ../shared/data: `npx tsx tools/local/scripts/make-recordings.mts`.
import { fileURLToPath } from 'node:url';
import { makeRecordings } from '../src/make-recordings.ts';

const folder = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const manifest = makeRecordings(folder('../../../../shared/data'), folder('../recordings'));
for (const [name, { rows }] of Object.entries(manifest.files)) process.stdout.write(`${name}: ${rows} rows\n`);
