import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topics } from '@handoff/catalogue';
import { environmentOf, exampleInstallation, planProvisioning, type Looked } from '@handoff/deploy';
import { hostableFunctions } from '@handoff/local';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commandLine } from './cli-world.ts';
import { driftExit } from './commands/drift.ts';
import { askingFunctions } from './installation-command.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-installation-'));
  writeFileSync(join(folder, 'installation.json'), JSON.stringify(exampleInstallation));
  vi.stubEnv('HANDOFF_INSTALLATION', join(folder, 'installation.json'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Google's tools as a project without anything in it would have them answer, but for what a line of a shell's `case` says. */
function withTools(cases = ''): void {
  const tools = join(folder, 'bin');
  mkdirSync(tools);
  for (const name of ['gcloud', 'bq']) {
    writeFileSync(join(tools, name), `#!/bin/sh\nprintf '%s\\n' "${name} $*" >> '${folder}/log'\ncase "${name} $*" in\n${cases}\n*) echo '[]';;\nesac\n`);
    chmodSync(join(tools, name), 0o755);
  }
  vi.stubEnv('PATH', `${tools}:/usr/bin:/bin`);
}
const ran = (): readonly string[] => (existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8').trim().split('\n') : []);
const changes = () => ran().filter((line) => !/ (list|get-iam-policy) |^bq query/.test(line));
const run = (...args: readonly string[]) => commandLine(args, folder);
const json = async (...args: readonly string[]) => {
  const { code, shown } = await run(...args, '--json');
  return { code, answer: JSON.parse(shown) as unknown };
};

describe('provision', () => {
  it('--script prints all that makes an installation, and asks nobody', async () => {
    withTools();
    const { code, shown } = await run('provision', '--script');
    expect([code, ran()]).toEqual([0, []]);
    for (const topic of topics) expect(shown).toContain(`\ngcloud pubsub topics create ${topic} --project=handoff-example --quiet\n`);
    expect(shown).toContain('# for people: Give it what SMTP_URL is to be');
  });

  it('--dry-run looks, and prints as a script what it would run', async () => {
    withTools(`*"topics list"*) echo '[{"name":"projects/handoff-example/topics/phase3-trigger"}]';;`);
    const { code, shown } = await run('provision', '--dry-run');
    expect([code, changes()]).toEqual([0, []]);
    expect(shown).toContain('topics create phase4-trigger');
    expect(shown).not.toContain('topics create phase3-trigger ');
    const { answer } = await json('provision', '--dry-run');
    expect(answer).toMatchObject({ schema: 'handoff.provisioning/1', dryRun: true, unchanged: 14, steps: expect.arrayContaining([expect.objectContaining({ name: 'topic phase4-trigger', state: 'absent', commands: [{ argv: ['gcloud', 'pubsub', 'topics', 'create', 'phase4-trigger', '--project=handoff-example', '--quiet'] }] })]) as unknown });
  });

  it('stops at the first command that fails: 2, with what remains', async () => {
    withTools(`*"iam service-accounts create fn-phase1-scrape"*) echo 'ERROR: PERMISSION_DENIED: not you' >&2; exit 1;;`);
    const { code, shown } = await run('provision');
    expect(code).toBe(2);
    expect(changes().at(-1)).toContain('fn-phase1-scrape');
    expect(shown).toContain('PERMISSION_DENIED: not you');
    expect(shown).toMatch(/\d+ steps remain, from account fn-phase2-raw on/);
  });

  it.each<[string, readonly string[], string, number]>([
    ['tools that are not installed', [], 'install Google Cloud\'s command line tools', 3],
    ['a script that is to look', ['--script', '--json'], '--script looks at nothing', 64],
    ['an installation that is not there', ['--installation', 'nowhere.json'], 'installation nowhere.json', 64],
  ])('ends in words for %s', async (_, args, says, exitCode) => {
    vi.stubEnv('PATH', folder);
    const { code, told } = await run('provision', ...args);
    expect([code, told]).toEqual([exitCode, expect.stringContaining(says)]);
  });
});

describe('drift', () => {
  it('names what is missing, what differs and what is there besides: 2', async () => {
    withTools(`*"scheduler jobs list"*) echo '[{"name":"projects/handoff-example/locations/us-central1/jobs/watchdog","schedule":"*/5 * * * *","state":"PAUSED"},{"name":"projects/handoff-example/locations/us-central1/jobs/old-watchdog"}]';;`);
    const { code, answer } = await json('drift', '--no-functions');
    expect([code, changes()]).toEqual([2, []]);
    expect(answer).toMatchObject({
      schema: 'handoff.drift/1',
      absent: expect.arrayContaining([{ part: 'jobs', name: 'job self-heal' }]) as unknown,
      different: [{ name: 'job watchdog' }, { name: 'job watchdog fires', differences: [{ path: 'state', found: 'PAUSED', wanted: 'ENABLED' }] }],
      strangers: [{ part: 'jobs', name: 'projects/handoff-example/locations/us-central1/jobs/old-watchdog' }],
    });
    const { shown } = await run('drift', '--no-functions');
    expect(shown).toContain('PAUSED');
  });

  it('ends with 0 where all is as it should be, and with 1 where there is only something besides', () => {
    const [step] = planProvisioning(exampleInstallation, askingFunctions);
    const findings: Looked['findings'] = [{ step: step!, state: 'there' }];
    expect([driftExit({ findings, strangers: [] }), driftExit({ findings, strangers: [{ part: 'jobs', name: 'old-watchdog' }] })]).toEqual([0, 1]);
  });

  it('could not check where it may not look: 3, and nothing reads as missing', async () => {
    withTools(`*"topics list"*) echo 'ERROR: PERMISSION_DENIED: not you' >&2; exit 1;;`);
    expect(await run('drift', '--no-functions')).toMatchObject({ code: 3, shown: '', told: expect.stringContaining('could not check: gcloud pubsub topics list') as unknown });
  });
});

describe('deploy', () => {
  it.each<[string, readonly string[], string, number]>([
    ['no function', [], 'name the functions to deploy', 64],
    ['a function that there is not', ['phase9'], 'there is no function phase9', 64],
    ['names beside --all', ['phase2-raw', '--all'], 'name the functions to deploy, or say --all', 64],
    ['a function that has not been bundled', ['phase2-raw'], 'npx nx build-cloud phase2-raw', 3],
  ])('ends in words for %s', async (_, args, says, exitCode) => {
    withTools();
    const { code, told } = await run('deploy', ...args);
    expect([code, told, changes()]).toEqual([exitCode, expect.stringContaining(says), []]);
  }, 60_000);

  it.each(hostableFunctions)('tells $name all that its configuration asks for', ({ host }) => {
    expect(() => host({ ports: {} as never, instance: { id: 'spec', isGone: () => false }, environment: environmentOf(exampleInstallation) })).not.toThrow();
  });

  it('gives the keys of sources to whoever asks them, which is somebody', () => {
    expect([...askingFunctions]).toEqual(['phase1-scrape']);
  });
});
