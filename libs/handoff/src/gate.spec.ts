import { after, before, milliseconds, pairOf, type EpochMs } from '@handoff/contracts';
import { describe, expect, it } from 'vitest';
import { aCompletion, aGate, aGateGame, aGateOutput, aGatePolicy, gateDueAt, gateGraceMs, releasedAs } from './gate-inputs.ts';
import { decideGate, type GateDecision, type GateInput, type PriorRelease, type Release } from './gate.ts';

const box = aGateOutput('nba_raw.bdl_player_boxscores');
const alternative = aGateOutput('nba_raw.nbac_player_boxscores', { need: 'alternative', alternativeOf: box.name });
const odds = aGateOutput('nba_raw.odds_api_player_points_props', { need: 'soft' });
const report = aGateOutput('nba_predictions.system_daily_performance', { scope: 'slate' });
const games = (count: number) => Array.from({ length: count }, (_, index) => aGateGame(index + 1));
const boxOf = (...numbers: number[]) => numbers.map((number) => aCompletion({ output: box.name, scope: aGateGame(number).officialId }));

const graceEnd = after(gateDueAt, gateGraceMs);
const moments: Readonly<Record<string, EpochMs>> = {
  'long before': before(gateDueAt, gateGraceMs),
  'just before due': before(gateDueAt, milliseconds(1)),
  'at due': gateDueAt,
  'just before the end of grace': before(graceEnd, milliseconds(1)),
  'at the end of grace': graceEnd,
};
const at = (input: Partial<GateInput>, when: keyof typeof moments): GateDecision => decideGate(aGate(input), moments[when]!);
const released = (decision: GateDecision): Extract<GateDecision, Release> => {
  if (decision.verdict !== 'release' && decision.verdict !== 'release-degraded') throw new Error(`not released: ${decision.verdict} ${decision.reasons.join(', ')}`);
  return decision;
};

describe('a first release', () => {
  it.each`
    present | expected | when                              | verdict               | coverage
    ${5}    | ${5}     | ${'long before'}                  | ${'release'}          | ${1}
    ${4}    | ${5}     | ${'long before'}                  | ${'wait'}             | ${0.8}
    ${4}    | ${5}     | ${'at due'}                       | ${'wait'}             | ${0.8}
    ${4}    | ${5}     | ${'just before the end of grace'} | ${'wait'}             | ${0.8}
    ${4}    | ${5}     | ${'at the end of grace'}          | ${'release-degraded'} | ${0.8}
    ${3}    | ${4}     | ${'at the end of grace'}          | ${'block'}            | ${0.75}
    ${0}    | ${5}     | ${'at the end of grace'}          | ${'block'}            | ${0}
    ${0}    | ${0}     | ${'at the end of grace'}          | ${'wait'}             | ${1}
  `('with $present of $expected games $when: $verdict', ({ present, expected, when, verdict, coverage }: { present: number; expected: number; when: string; verdict: string; coverage: number }) => {
    const numbers = Array.from({ length: present }, (_, index) => index + 1);
    expect(at({ outputs: [box], games: games(expected), completions: boxOf(...numbers) }, when)).toMatchObject({ verdict, coverage });
  });

  it('waits until the end of grace and names what is missing', () => {
    expect(at({ outputs: [box], games: games(2), completions: boxOf(1) }, 'at due')).toMatchObject({ until: graceEnd, reasons: [`missing:${box.name}|0022500002`] });
  });

  it('has no moment to wait for when no game is expected', () => {
    expect(at({ outputs: [box], games: [aGateGame(1, { isExpected: false })] }, 'at the end of grace')).toMatchObject({ verdict: 'wait', until: undefined, reasons: ['no-games-expected'] });
  });

  it('goes ahead incomplete with the games that are whole, and lists the missing pairs', () => {
    const decision = released(at({ outputs: [box], games: games(5), completions: boxOf(1, 2, 3, 4) }, 'at the end of grace'));
    expect(decision).toMatchObject({ revision: 1, missing: [pairOf(box.name, '0022500005')] });
    expect(decision.games).toEqual(games(4).map(({ officialId }) => officialId));
  });

  it('takes the least coverage of its required outputs', () => {
    const summary = aGateOutput('nba_analytics.player_game_summary');
    const completions = [...boxOf(1, 2, 3, 4, 5), ...[1, 2, 3].map((number) => aCompletion({ output: summary.name, scope: aGateGame(number).officialId }))];
    expect(at({ outputs: [box, summary], games: games(5), completions }, 'at the end of grace')).toMatchObject({ verdict: 'block', coverage: 0.6 });
  });

  it('says with a block what would release it, and releases when that comes', () => {
    const blocked = at({ outputs: [box], games: games(4), completions: boxOf(1, 2, 3) }, 'at the end of grace');
    expect(blocked).toMatchObject({ verdict: 'block', missing: [pairOf(box.name, '0022500004')], reasons: ['coverage-below-80-percent', `missing:${box.name}|0022500004`] });
    expect(at({ outputs: [box], games: games(4), completions: boxOf(1, 2, 3, 4) }, 'at the end of grace')).toMatchObject({ verdict: 'release', missing: [] });
  });
});

describe('a threshold of an operator', () => {
  const transition = (coverageMin: number) => ({ ...aGate({}).transition, policy: { ...aGate({}).transition.policy, coverageMin } });

  it('of 57 % is named in whole percent', () => {
    expect(at({ transition: transition(0.57), outputs: [box], games: games(2), completions: boxOf(1) }, 'at the end of grace')).toMatchObject({ verdict: 'block', reasons: ['coverage-below-57-percent', expect.any(String)] });
  });

  it('of nothing still releases neither no game at all, nor without what is needed of the slate', () => {
    const outputs = [box, report];
    const slate = aCompletion({ output: report.name, scope: 'slate' });
    expect(at({ transition: transition(0), outputs, games: games(2), completions: [slate] }, 'at the end of grace')).toMatchObject({ verdict: 'block' });
    expect(at({ transition: transition(0), outputs, games: games(2), completions: boxOf(1, 2) }, 'at the end of grace')).toMatchObject({ verdict: 'block' });
    expect(at({ transition: transition(0), outputs, games: games(2), completions: [slate, ...boxOf(1)] }, 'at the end of grace')).toMatchObject({ verdict: 'release-degraded', games: ['0022500001'] });
  });
});

describe('needs', () => {
  it.each`
    when                 | verdict
    ${'just before due'} | ${'wait'}
    ${'at due'}          | ${'release'}
  `('a soft input that is missing $when: $verdict', ({ when, verdict }: { when: string; verdict: string }) => {
    const decision = at({ outputs: [box, odds], games: games(1), completions: boxOf(1) }, when);
    expect(decision).toMatchObject({ verdict, coverage: 1, reasons: [`soft-missing:${odds.name}|0022500001`] });
    if (decision.verdict === 'wait') expect(decision.until).toBe(gateDueAt);
  });

  it('a soft input that is there is waited for no longer', () => {
    const completions = [...boxOf(1), aCompletion({ output: odds.name, scope: '0022500001' })];
    expect(at({ outputs: [box, odds], games: games(1), completions }, 'long before')).toMatchObject({ verdict: 'release', reasons: [] });
  });

  it('an alternative stands in for a missing output in the same scope only', () => {
    const completions = [...boxOf(1), aCompletion({ output: alternative.name, scope: '0022500002' })];
    expect(at({ outputs: [box, alternative], games: games(2), completions }, 'long before')).toMatchObject({ verdict: 'release', coverage: 1 });
    expect(at({ outputs: [box, alternative], games: games(3), completions }, 'long before')).toMatchObject({ verdict: 'wait', reasons: [`missing:${box.name}|0022500003`] });
  });

  it('an alternative stands in for its own output, not for any', () => {
    const summary = aGateOutput('nba_analytics.player_game_summary');
    const completions = [...boxOf(1), aCompletion({ output: alternative.name, scope: '0022500001' })];
    expect(at({ outputs: [box, alternative, summary], games: games(1), completions }, 'long before')).toMatchObject({ verdict: 'wait', reasons: [`missing:${summary.name}|0022500001`] });
  });

  it('an alternative is never waited for', () => {
    expect(at({ outputs: [box, alternative], games: games(2), completions: boxOf(1, 2) }, 'long before')).toMatchObject({ verdict: 'release', reasons: [] });
  });

  it('an output of the whole slate is one pair, and without it nothing goes ahead incomplete', () => {
    expect(at({ outputs: [box, report], games: games(5), completions: boxOf(1, 2, 3, 4, 5) }, 'at the end of grace')).toMatchObject({ verdict: 'block', missing: [pairOf(report.name, 'slate')] });
    const completions = [...boxOf(1, 2, 3, 4, 5), aCompletion({ output: report.name, scope: 'slate' })];
    expect(at({ outputs: [box, report], games: games(5), completions }, 'long before')).toMatchObject({ verdict: 'release' });
  });
});

describe('after a release', () => {
  const outputs = [box, alternative, odds];
  const first = releasedAs(released(at({ outputs, games: games(3), completions: boxOf(1, 2, 3) }, 'at due')));
  const next = (over: Partial<GateInput>): GateDecision => at({ outputs, games: games(3), releases: [first], completions: boxOf(1, 2, 3), ...over }, 'at the end of grace');
  const newer = (number: number, over = {}) => aCompletion({ output: box.name, scope: aGateGame(number).officialId, content: 'second', version: 10, ...over });

  it('nothing new: unchanged at the revision that was released', () => {
    expect(next({})).toMatchObject({ verdict: 'unchanged', revision: 1 });
  });

  it('newer content opens the next revision about that game alone', () => {
    expect(next({ completions: [...boxOf(1, 2, 3), newer(2)] })).toMatchObject({ verdict: 'release', revision: 2, games: ['0022500002'], reasons: ['content-changed'] });
  });

  it('the same content asked for again later changes nothing', () => {
    expect(next({ completions: [...boxOf(1, 2, 3), newer(2, { content: 'first' })] })).toMatchObject({ verdict: 'unchanged' });
  });

  it('an older version that arrives late changes nothing, whatever its content', () => {
    expect(next({ completions: [...boxOf(1, 2, 3), newer(2, { version: -10, recorded: 20 })] })).toMatchObject({ verdict: 'unchanged' });
  });

  it('content that goes back to an earlier one, newer, is news', () => {
    const second = releasedAs(released(next({ completions: [...boxOf(1, 2, 3), newer(2)] })));
    const back = aCompletion({ output: box.name, scope: '0022500002', content: 'first', version: 20 });
    expect(next({ releases: [first, second], completions: [...boxOf(1, 3), newer(2), back] })).toMatchObject({ verdict: 'release', revision: 3, games: ['0022500002'] });
  });

  it.each([['first', 'second'], ['second', 'first']])('of two contents of one moment the one not taken yet is the newer: %s listed first', (one, other) => {
    const completions = [one, other].map((content) => aCompletion({ output: box.name, scope: '0022500001', content }));
    const decision = released(at({ outputs, games: games(1), releases: [first], completions }, 'at the end of grace'));
    expect(decision).toMatchObject({ revision: 2, games: ['0022500001'] });
    expect(at({ outputs, games: games(1), releases: [first, releasedAs(decision)], completions }, 'at the end of grace')).toMatchObject({ verdict: 'unchanged' });
  });

  it('an alternative beside its primary is no news; where the primary was missing it was taken, and the primary is', () => {
    expect(next({ completions: [...boxOf(1, 2, 3), aCompletion({ output: alternative.name, scope: '0022500001', version: 10 })] })).toMatchObject({ verdict: 'unchanged' });
    const stoodIn = [...boxOf(1, 2), aCompletion({ output: alternative.name, scope: '0022500003' })];
    const release = releasedAs(released(at({ outputs, games: games(3), completions: stoodIn }, 'at due')));
    expect(next({ releases: [release], completions: [...stoodIn, newer(3)] })).toMatchObject({ verdict: 'release', games: ['0022500003'] });
  });

  it('content of an output that the gate does not ask for is no news', () => {
    expect(next({ completions: [...boxOf(1, 2, 3), aCompletion({ output: report.name, scope: '0022500001', version: 10 })] })).toMatchObject({ verdict: 'unchanged' });
  });

  it('news of the whole slate concerns every game that is still expected', () => {
    const injuries = aGateOutput('nba_raw.bdl_injuries', { need: 'soft', scope: 'slate' });
    const standing = [aGateGame(1), aGateGame(2, { isExpected: false }), aGateGame(3)];
    const completions = [...boxOf(1, 2, 3), aCompletion({ output: injuries.name, scope: 'slate' })];
    expect(next({ outputs: [box, injuries], games: standing, completions })).toMatchObject({ verdict: 'release', games: ['0022500001', '0022500003'] });
  });

  it('a game that is postponed is part of the next revision, so that it is taken back', () => {
    const standing = [aGateGame(1), aGateGame(2, { isExpected: false, isPostponed: true }), aGateGame(3)];
    expect(next({ games: standing, completions: [...boxOf(1, 2, 3), newer(2)] })).toMatchObject({ verdict: 'release', games: ['0022500002'] });
  });

  it('a game that was postponed before the release is ignored', () => {
    const standing = [...games(3), aGateGame(4, { isExpected: false, isPostponed: true })];
    expect(next({ games: standing, completions: [...boxOf(1, 2, 3), newer(4)] })).toMatchObject({ verdict: 'unchanged' });
    expect(at({ outputs, games: standing, completions: [...boxOf(1, 2, 3), newer(4)] }, 'at due')).toMatchObject({ verdict: 'release', games: games(3).map(({ officialId }) => officialId) });
  });

  it('a game that has tipped off is ignored', () => {
    expect(next({ games: [aGateGame(1), aGateGame(2, { isExpected: false }), aGateGame(3)], completions: [...boxOf(1, 2, 3), newer(2)] })).toMatchObject({ verdict: 'unchanged' });
  });

  it('a game that joined is released when it is whole', () => {
    const summary = aGateOutput('nba_analytics.player_game_summary');
    const joined = { outputs: [box, summary], games: [aGateGame(1), aGateGame(4)], releases: [{ ...first, consumed: { [pairOf(box.name, '0022500001')]: boxOf(1)[0]!.contentHash, [pairOf(summary.name, '0022500001')]: boxOf(1)[0]!.contentHash } }] };
    const completions = [...boxOf(1, 4), aCompletion({ output: summary.name, scope: '0022500001' })];
    expect(next({ ...joined, completions })).toMatchObject({ verdict: 'unchanged' });
    expect(next({ ...joined, completions: [...completions, aCompletion({ output: summary.name, scope: '0022500004' })] })).toMatchObject({ verdict: 'release', games: ['0022500004'] });
  });

  it('what was missing upgrades a degraded release', () => {
    const degraded = releasedAs(released(at({ outputs: [box], games: games(6), completions: boxOf(1, 2, 3, 4, 5) }, 'at the end of grace')));
    expect(decideGate(aGate({ outputs: [box], games: games(6), releases: [degraded], completions: boxOf(1, 2, 3, 4, 5, 6) }), graceEnd)).toMatchObject({ verdict: 'release', revision: 2, games: ['0022500006'], missing: [], upgrades: true });
  });

  it('without an output of the whole slate releases nothing more', () => {
    const whole = aCompletion({ output: report.name, scope: 'slate' });
    const transition = { ...aGate({}).transition, policy: { ...aGatePolicy, qualityMin: 50 } };
    const input = { transition, outputs: [box, report], games: games(2) };
    const released1 = releasedAs(released(at({ ...input, completions: [whole, ...boxOf(1, 2)] }, 'at due')));
    const poor = aCompletion({ output: report.name, scope: 'slate', content: 'poor', version: 10, quality: 10 });
    expect(at({ ...input, releases: [released1], completions: [whole, poor, ...boxOf(1, 2)] }, 'at the end of grace')).toMatchObject({ verdict: 'unchanged' });
  });

  it('of two that were missing the first upgrades nothing yet', () => {
    const outputs = [box];
    const degraded = releasedAs(released(at({ outputs, games: games(10), completions: boxOf(1, 2, 3, 4, 5, 6, 7, 8) }, 'at the end of grace')));
    const second = released(decideGate(aGate({ outputs, games: games(10), releases: [degraded], completions: boxOf(1, 2, 3, 4, 5, 6, 7, 8, 9) }), graceEnd));
    expect(second).toMatchObject({ verdict: 'release-degraded', revision: 2, games: ['0022500009'], upgrades: false });
    const third = decideGate(aGate({ outputs, games: games(10), releases: [degraded, releasedAs(second)], completions: boxOf(1, 2, 3, 4, 5, 6, 7, 8, 9, 10) }), graceEnd);
    expect(third).toMatchObject({ verdict: 'release', revision: 3, games: ['0022500010'], upgrades: true });
  });

  it('a correction of a whole release upgrades nothing', () => {
    expect(next({ completions: [...boxOf(1, 2, 3), newer(2)] })).toMatchObject({ upgrades: false });
  });

  it('is never of an older version than the release before it', () => {
    const late = aGate({ outputs: [box], games: games(2), completions: [aCompletion({ output: box.name, scope: '0022500001', version: 30 })] });
    const degraded: PriorRelease = { revision: 1, isDegraded: true, games: [aGateGame(1).officialId], consumed: { [pairOf(box.name, '0022500001')]: late.completions[0]!.contentHash } };
    const decision = released(decideGate({ ...late, releases: [degraded], completions: [...late.completions, aCompletion({ output: box.name, scope: '0022500002', version: 5, recorded: 60 })] }, graceEnd));
    expect(decision).toMatchObject({ games: ['0022500002'], sourceVersionAt: late.completions[0]!.sourceVersionAt });
  });
});

describe('what an input is worth', () => {
  const features = aGateOutput('nba_predictions.ml_feature_store_v2');
  const policed = (over: Partial<typeof aGatePolicy>) => ({ ...aGate({}).transition, policy: { ...aGatePolicy, ...over } });
  const measured = (number: number, over: Partial<Parameters<typeof aCompletion>[0]>) => aCompletion({ output: features.name, scope: aGateGame(number).officialId, ...over });

  it.each`
    quality      | when                     | verdict
    ${50}        | ${'long before'}         | ${'release'}
    ${49.9}      | ${'long before'}         | ${'wait'}
    ${49.9}      | ${'at the end of grace'} | ${'block'}
    ${undefined} | ${'long before'}         | ${'release'}
  `('a mean quality of $quality $when: $verdict', ({ quality, when, verdict }: { quality: number | undefined; when: string; verdict: string }) => {
    const decision = at({ outputs: [features], games: games(1), completions: [measured(1, quality === undefined ? {} : { quality })] }, when);
    expect(decision.verdict).toBe(verdict);
    if (verdict !== 'release') expect(decision.reasons.at(-1)).toBe(`quality-below-50:${features.name}|0022500001`);
  });

  it.each`
    minutes           | verdict      | what
    ${0}              | ${'release'} | ${'exactly as old as it may be'}
    ${-1}             | ${'wait'}    | ${'a minute older'}
  `('an input $what: $verdict', ({ minutes, verdict }: { minutes: number; verdict: string }) => {
    // Due 35.5 hours after the midnight that versions count from.
    const transition = policed({ freshForMs: milliseconds(35.5 * 3_600_000) });
    const decision = at({ transition, outputs: [box], games: games(1), completions: [aCompletion({ output: box.name, scope: '0022500001', version: minutes })] }, 'at due');
    expect(decision.verdict).toBe(verdict);
    if (verdict === 'wait') expect(decision.reasons).toEqual([`stale:${box.name}|0022500001`]);
  });

  it('a stale input that is fetched again as it was is fresh', () => {
    const transition = policed({ freshForMs: milliseconds(35.5 * 3_600_000) });
    expect(at({ transition, outputs: [box], games: games(1), completions: [aCompletion({ output: box.name, scope: '0022500001', version: 5 })] }, 'at due')).toMatchObject({ verdict: 'release' });
  });

  it.each`
    rows  | asked | when                              | verdict               | coverage
    ${20} | ${20} | ${'long before'}                  | ${'release'}          | ${1}
    ${22} | ${20} | ${'long before'}                  | ${'release'}          | ${1}
    ${16} | ${20} | ${'long before'}                  | ${'release'}          | ${0.8}
    ${15} | ${20} | ${'just before the end of grace'} | ${'wait'}             | ${0.75}
    ${15} | ${20} | ${'at the end of grace'}          | ${'release-degraded'} | ${0.75}
    ${12} | ${20} | ${'at the end of grace'}          | ${'release-degraded'} | ${0.6}
    ${11} | ${20} | ${'at the end of grace'}          | ${'block'}            | ${0}
    ${0}  | ${0}  | ${'long before'}                  | ${'release'}          | ${1}
  `('$rows of $asked rows with a minimum of 60 % $when: $verdict', ({ rows, asked, when, verdict, coverage }: { rows: number; asked: number; when: string; verdict: string; coverage: number }) => {
    const transition = policed({ coverageMinOf: { [features.name]: 0.6 } });
    expect(at({ transition, outputs: [features], games: games(1), completions: [measured(1, { rowCount: rows, expectedRowCount: asked })] }, when)).toMatchObject({ verdict, coverage });
  });

  it('a minimum of one input is no minimum of another', () => {
    const transition = policed({ coverageMinOf: { [features.name]: 0.6 } });
    const completions = [1, 2, 3].map((number) => measured(number, {}));
    expect(at({ transition, outputs: [features], games: games(5), completions }, 'at the end of grace')).toMatchObject({ verdict: 'release-degraded', coverage: 0.6 });
    expect(at({ transition, outputs: [features, box], games: games(5), completions: [...completions, ...boxOf(1, 2, 3)] }, 'at the end of grace')).toMatchObject({ verdict: 'block' });
  });

  it('an operator’s lower threshold lowers the minima above it, and a higher one raises none of them', () => {
    const completions = [1].map((number) => measured(number, {}));
    const ask = (coverageMin: number) => at({ transition: policed({ coverageMin, coverageMinOf: { [features.name]: 0.6 } }), outputs: [features], games: games(2), completions }, 'at the end of grace');
    expect(ask(0.5)).toMatchObject({ verdict: 'release-degraded' });
    expect(ask(0.9)).toMatchObject({ verdict: 'block' });
  });

  it('a partial input that is made whole upgrades the release that went ahead with it', () => {
    const transition = policed({ coverageMinOf: { [features.name]: 0.6 } });
    const input = { transition, outputs: [features], games: games(1) };
    const degraded = releasedAs(released(at({ ...input, completions: [measured(1, { rowCount: 14, expectedRowCount: 20 })] }, 'at the end of grace')));
    expect(degraded.isDegraded).toBe(true);
    const whole = measured(1, { content: 'whole', version: 10, rowCount: 20, expectedRowCount: 20 });
    expect(at({ ...input, releases: [degraded], completions: [measured(1, { rowCount: 14, expectedRowCount: 20 }), whole] }, 'at the end of grace')).toMatchObject({ verdict: 'release', revision: 2, upgrades: true });
  });
});
