// npm run properties [-- --seed N] [--times N] [-- PATH]: every property with cases that no test has drawn yet. The seed that
// fails is printed; with it the same cases are drawn again. Emulators are not asked: what is searched for here is our own.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string' }, times: { type: 'string', default: '20' } } });
const whole = (name, text) => {
  if (/^[1-9]\d{0,9}$/.test(text)) return text;
  process.stderr.write(`properties: --${name} is '${text}': a whole number above 0 is wanted\n`);
  process.exit(64);
};
const seed = whole('seed', values.seed ?? String(randomInt(1, 2 ** 31 - 1)));
const times = whole('times', values.times);

const found = spawnSync('git', ['grep', '-lF', "from 'fast-check'", '--', ...(positionals.length > 0 ? positionals : ['libs', 'apps', 'tools'])], { encoding: 'utf8' });
const specs = found.stdout.split('\n').filter((file) => file.endsWith('.spec.ts') && !file.includes('-firestore/'));
if (specs.length === 0) {
  process.stderr.write('properties: no spec there has any\n');
  process.exit(64);
}
process.stdout.write(`${specs.length} files, ${times} times the cases, seed ${seed}\n`);
const { status } = spawnSync('npx', ['vitest', 'run', '--root', '.', '--testTimeout', '1800000', '--reporter', 'default', ...specs], {
  stdio: 'inherit', env: { ...process.env, HANDOFF_PROPERTY_SEED: seed, HANDOFF_PROPERTY_TIMES: times },
});
process.stdout.write(status === 0 ? `seed ${seed} holds\n` : `again: npm run properties -- --seed ${seed} --times ${times}\n`);
process.exitCode = status ?? 1;
