import type { Output } from '@handoff/catalogue';
import { epochMs, hashOf, hours, minutes, gameDate, OfficialGameId, type EpochMs } from '@handoff/contracts';
import type { GateDecision, GateGame, GateInput, PriorRelease, RecordedCompletion, Release } from './gate.ts';

/** Builders for the specs of the gate. Due: 2026-01-25 06:30 ET, with four hours of grace. */
export const gateDueAt = epochMs(Date.UTC(2026, 0, 25, 11, 30));
export const gateGraceMs = hours(4);

export const aGateGame = (number: number, over: Partial<GateGame> = {}): GateGame => ({
  officialId: OfficialGameId.parse(`00225000${String(number).padStart(2, '0')}`), isExpected: true, isPostponed: false, ...over,
});

/** Outputs of made-up needs under real names; only `need`, `scope` and `alternativeOf` matter to a gate. */
export const aGateOutput = (name: Output['name'], over: Partial<Output> = {}): Output => ({
  name, phase: 'phase2', flow: 'postgame', scope: 'game', need: 'required', recovery: 'convergent', due: { days: 1, hour: 6, minute: 30 }, ...over,
});

export interface CompletionWords {
  readonly output: string;
  readonly scope: string;
  readonly content?: string;
  /** Minutes after midnight UTC of the game date at which the source was asked; recorded at the same moment unless said. */
  readonly version?: number;
  readonly recorded?: number;
  readonly rowCount?: number;
  readonly expectedRowCount?: number;
  readonly quality?: number;
}

const moment = (minute: number): EpochMs => epochMs(Date.UTC(2026, 0, 24) + minutes(minute));

export const aCompletion = ({ output, scope, content = 'first', version = 0, recorded = version, rowCount = 10, ...measured }: CompletionWords): RecordedCompletion => ({
  gameDate: gameDate('2026-01-24'), output, scope: scope === 'slate' ? 'slate' : OfficialGameId.parse(scope), contentHash: hashOf(content), rowCount, ...measured,
  sourceVersionAt: moment(version), recordedAt: moment(recorded),
});

/** What an operator's policy is made of; nothing is asked of quality and age unless a spec says so. */
export const aGatePolicy: GateInput['transition']['policy'] = { due: { days: 1, hour: 6, minute: 30 }, graceMs: gateGraceMs, coverageMin: 0.8, coverageMinOf: {}, qualityMin: 50, freshForMs: null, onError: 'closed' };

export const aGate = (over: Partial<GateInput>): GateInput => ({
  transition: { flow: 'postgame', from: 'phase2', policy: aGatePolicy },
  outputs: [], games: [], completions: [], releases: [], dueAt: gateDueAt, ...over,
});

/** What a release leaves behind for the next look. */
export const releasedAs = ({ verdict, revision, games, consumed }: Extract<GateDecision, Release>): PriorRelease => ({ revision, games, consumed, isDegraded: verdict === 'release-degraded' });
