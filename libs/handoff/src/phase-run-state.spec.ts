import { expect, it } from 'vitest';
import type { GateDecision } from './gate.ts';
import { phaseRunState, type ReleaseFacts } from './phase-run-state.ts';

const wait: GateDecision = { verdict: 'wait', coverage: 0.5, reasons: ['missing:a|b'], until: undefined };
const block: GateDecision = { verdict: 'block', coverage: 0.5, reasons: ['coverage-below-80-percent'], missing: ['a|b'] };
const unchanged: GateDecision = { verdict: 'unchanged', coverage: 1, reasons: ['already-released'], revision: 1 };
const release = (over: Partial<ReleaseFacts>): ReleaseFacts => ({ messageId: 'm', claim: 'done', ended: 'complete', ...over });

it.each<readonly [state: string, what: string, decision: GateDecision, release: ReleaseFacts | undefined]>([
  ['collecting', 'nothing released, and still time', wait, undefined],
  ['blocked', 'nothing released, and the gate closed', block, undefined],
  ['released', 'the trigger is in the outbox', unchanged, release({ messageId: null, claim: 'absent', ended: undefined })],
  ['published', 'the trigger is on its way', unchanged, release({ claim: 'absent', ended: undefined })],
  ['published', 'an attempt has failed and the trigger comes again', unchanged, release({ claim: 'released', ended: undefined })],
  ['running', 'a worker has it', unchanged, release({ claim: 'running', ended: undefined })],
  ['running', 'its parts are still at work', unchanged, release({ claim: 'done', ended: undefined })],
  ['running', 'a worker has it although the publish was never confirmed', unchanged, release({ messageId: null, claim: 'running', ended: undefined })],
  ['complete', 'it has ended', unchanged, release({})],
  ['complete', 'a later revision had written already', unchanged, release({ ended: 'superseded' })],
  ['degraded', 'it has ended without some of its inputs', unchanged, release({ ended: 'degraded' })],
  ['failed', 'it was refused for good', unchanged, release({ ended: 'failed' })],
  ['failed', 'it was refused for good, which the history does not tell yet', unchanged, release({ claim: 'rejected', ended: undefined })],
  ['complete', 'whatever the gate would say of what came after', block, release({})],
])('%s: %s', (state, _what, decision, facts) => {
  expect(phaseRunState(decision, facts)).toBe(state);
});
