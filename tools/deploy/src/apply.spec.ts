import { beforeEach, describe, expect, it } from 'vitest';
import { apply, type Applied } from './apply.ts';
import { imagined, ImaginedCloud } from './imagined-cloud.ts';
import { look, type Cloud, type Execute } from './look.ts';
import type { Step } from './step.ts';

let cloud: ImaginedCloud;
beforeEach(() => { cloud = new ImaginedCloud(); });

const steps = [imagined('a', '1'), imagined('b', '2'), imagined('c', '3')];
const made = async (wanted: readonly Step[] = steps): Promise<readonly Applied[]> => apply((await look(wanted, cloud)).findings, cloud);
/** The same cloud by other tools. */
const reaching = (execute: Execute): Cloud => ({ execute, project: cloud.project, projectNumber: cloud.projectNumber });
const outcomes = (applied: readonly Applied[]) => applied.map(({ outcome }) => outcome);

describe('a run', () => {
  it('creates what is absent, in order, and the next one changes nothing', async () => {
    expect(outcomes(await made())).toEqual(['created', 'created', 'created']);
    expect(cloud.ran).toEqual(['create things a', 'create things b', 'create things c']);
    expect(outcomes(await made())).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect(cloud.ran).toHaveLength(3);
  });

  it('updates what differs alone, by the name under which it was found', async () => {
    await made();
    cloud.ran.length = 0;
    expect(outcomes(await made([imagined('a', '1'), imagined('b', 'other'), imagined('c', '3')]))).toEqual(['unchanged', 'updated', 'unchanged']);
    expect(cloud.ran).toEqual(['update things b']);
  });

  it('stops at the first that fails, says why in the words of the tool, and what remains; the next one goes on', async () => {
    cloud.refused.set('create things b', 'PERMISSION_DENIED: you may not');
    const applied = await made();
    expect(outcomes(applied)).toEqual(['created', 'failed', 'remaining']);
    expect(applied[1]?.problem).toBe('cloud create things b 2 ended with 1: ERROR: PERMISSION_DENIED: you may not\nand advice after');
    cloud.refused.clear();
    expect(outcomes(await made())).toEqual(['unchanged', 'created', 'created']);
  });

  it('has failed where its commands end well and leave what was there', async () => {
    await made();
    cloud.idle.add('update things b');
    const applied = await made([imagined('b', 'other')]);
    expect(applied).toMatchObject([{ outcome: 'failed', problem: 'its commands ended well, and it is different still in value' }]);
  });

  it('says what it has done where it cannot see it any more', async () => {
    const { findings } = await look(steps, cloud);
    cloud.refused.set('list', 'UNAVAILABLE');
    expect(await apply(findings, cloud)).toMatchObject(steps.map(() => ({ outcome: 'created', problem: expect.stringContaining('it was not seen afterwards') as string })));
  });

  it('leaves to people what nothing of ours makes, and goes on', async () => {
    expect(outcomes(await made([imagined('a', '1', { create: [], byHand: 'Write it.' }), imagined('b', '2')]))).toEqual(['for-people', 'created']);
  });

  it('removes what is not to be there, and is content where it is not', async () => {
    const closed = imagined('open', '', { isUnwanted: true, wanted: [], create: [], update: [{ argv: ['cloud', 'remove', 'things', 'open'] }] });
    expect(outcomes(await made([closed]))).toEqual(['unchanged']);
    cloud.lists.set('things', [{ name: 'open' }]);
    const { findings } = await look([closed], cloud);
    expect(findings).toMatchObject([{ state: 'different' }]);
    await apply(findings, cloud);
    expect(cloud.ran).toEqual(['remove things open']);
  });

  it('has not failed where a service takes its time to show what it was asked for', async () => {
    cloud.idle.add('create things a');
    expect(await made([imagined('a', '1', { isSlow: true })])).toMatchObject([{ outcome: 'created', problem: expect.stringContaining('does not show yet') as string }]);
  });

  it('says the error of a tool that writes of its waiting besides', async () => {
    cloud.refused.set('create things a', 'see below');
    const waiting = reaching(async (command) => ({ ...(await cloud.execute(command)), ...(command.argv[1] === 'create' ? { exitCode: 1, stderr: 'Waiting on bqjob ... (0s)\rWaiting on bqjob ... (1s)\n', stdout: 'BigQuery error in query operation: Not authorised' } : {}) }));
    const applied = await apply((await look([imagined('a', '1')], cloud)).findings, waiting);
    expect(applied[0]?.problem).toBe('cloud create things a 1 ended with 1: BigQuery error in query operation: Not authorised');
  });

  it('does not ask people for what another step makes', async () => {
    expect(outcomes(await made([imagined('a', '1', { create: [], isMadeElsewhere: true })]))).toEqual(['unchanged']);
  });
});

describe('a look', () => {
  it('reads once what many steps look at', async () => {
    const asked: string[] = [];
    await look(steps, reaching((command) => { asked.push(command.argv.join(' ')); return cloud.execute(command); }));
    expect(asked).toEqual(['cloud list things']);
  });

  it.each(['NOT_FOUND: Secret [x] not found', 'PERMISSION_DENIED: Cloud Pub/Sub API has not been used in project 123456789012 before or it is disabled.', 'HTTPError 404: The specified bucket does not exist.'])('takes for absent what the tool says is not there: %s', async (said) => {
    cloud.refused.set('list', said);
    expect((await look([imagined('a', '1')], cloud)).findings.map(({ state }) => state)).toEqual(['absent']);
  });

  it.each(['PERMISSION_DENIED: the caller may not, or it was not found', 'PERMISSION_DENIED: Cloud Pub/Sub API has not been used in project 999 before or it is disabled.', 'NOT_FOUND: Requested project not found or user does not have access to it', 'the credentials file was not found', 'UNAVAILABLE', 'quota'])('does not take for absent what it was refused: %s', async (said) => {
    cloud.refused.set('list', said);
    await expect(look(steps, cloud)).rejects.toMatchObject({ code: 'cloud-command-failed' });
  });

  it('does not take for absent what it cannot read', async () => {
    await expect(look(steps, reaching(() => Promise.resolve({ exitCode: 0, stdout: 'Listed 0 items.', stderr: '' })))).rejects.toMatchObject({ code: 'cloud-command-failed' });
  });

  it('names what is there and is no step\'s', async () => {
    await made();
    cloud.lists.get('things')?.push({ name: 'old' });
    expect((await look(steps, cloud)).strangers).toEqual([{ part: 'topics', name: 'old' }]);
  });
});
