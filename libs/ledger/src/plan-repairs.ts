import { isScraperEnabled, outputNamed, scrapers, transitions, withStandIns, type HealingPolicy, type ScraperName, type TransitionApp } from '@handoff/catalogue';
import { after, before, elapsed, isoInstant, milliseconds, OfficialGameId, pairOf, partsOfPair, type EpochMs, type ExpectedOutputRow, type GameDate, type Phase, type Purpose, type StoredFile } from '@handoff/contracts';
import type { SlateGame } from '@handoff/slate';
import { changed, type Gap, type GapAttempt } from './gaps.ts';
import { allRowsLost, rowsLost } from './states.ts';

/** An answer of a source that is stored, when it was fetched, and in which files it is. */
export interface KeptAnswer {
  readonly fetchedAt: EpochMs;
  readonly files: readonly StoredFile[];
}

/** What is done: a stored answer is loaded again, a source asked for the games, or a hand-off told to start its phase again for them. */
export type RepairWay =
  | { readonly kind: 'reload'; readonly scraper: ScraperName; readonly answer: KeptAnswer }
  | { readonly kind: 'scrape'; readonly scraper: ScraperName }
  | { readonly kind: 'again'; readonly app: TransitionApp; readonly to: Phase };

/** The smallest piece of work that can fill a gap, or a part of it. */
export interface Repair {
  readonly gap: Gap;
  readonly by: RepairWay;
  readonly purpose: Purpose;
  /** Empty: the whole slate. */
  readonly games: readonly OfficialGameId[];
  /** Of what has lost rows, and of what stands in for it, by pair: how many there were. */
  readonly least: Readonly<Record<string, number>>;
  /** Names the attempt: the same decision asks for the same work. */
  readonly attemptKey: string;
}

/** What is done about one gap: its next state, and the work that goes with it. */
export interface GapAction {
  readonly gap: Gap;
  readonly next: Gap;
  readonly repairs: readonly Repair[];
  /** For people: what, or why nothing. */
  readonly saying: string;
}

export interface HealingFacts {
  readonly gaps: readonly Gap[];
  /** Every row of the ledger of the gaps' dates. */
  readonly rows: readonly ExpectedOutputRow[];
  /** The games of the gaps' dates. */
  readonly slateOf: (gap: Gap) => readonly SlateGame[];
  /** What is stored of a scraper's answers for a date, oldest first, as far as it is worth loading again; absent: nothing. */
  readonly keptOf?: (scraper: ScraperName, gameDate: GameDate) => readonly KeptAnswer[];
  /** No game of the season is to come: what is old is asked of nobody. */
  readonly isOffSeason?: boolean;
  /** Who has the repairs begun, and under which correlation id. */
  readonly asked: Pick<GapAttempt, 'by' | 'correlationId'>;
  readonly now: EpochMs;
}

/** Phases in the order in which data passes them: what comes first is repaired first. */
const order: readonly Phase[] = ['phase1', 'phase2', 'phase3', 'phase4', 'phase5', 'phase6-grade', 'phase6-publish'];

/**
 * What is to be done about the gaps that are due: in dependency order, the newest date first, the smallest repair that
 * was not tried in this round, at most so many actions in one run. A round that is over, all its repairs tried and the
 * same set missing, stops the gap until the next; what is impossible is never tried.
 */
export function planRepairs(facts: HealingFacts, policy: HealingPolicy): readonly GapAction[] {
  const due = facts.gaps.filter(({ nextActionAt }) => nextActionAt !== null && nextActionAt <= facts.now);
  const ordered = due.toSorted((left, right) => order.indexOf(left.phase) - order.indexOf(right.phase) || right.gameDate.localeCompare(left.gameDate, 'en'));
  const actions: GapAction[] = [];
  let begun = 0;
  for (const gap of ordered) {
    const action = begun < policy.actionsPerRunMax ? actOn(gap, facts, policy) : undefined;
    if (action === undefined) continue;
    if (action.repairs.length > 0) begun += 1;
    actions.push(action);
  }
  return actions;
}

function actOn(gap: Gap, facts: HealingFacts, policy: HealingPolicy): GapAction {
  const { now } = facts;
  if (facts.isOffSeason === true && elapsed(gap.openedAt, now) >= policy.oldAfterMs) return stop(gap, 'off season', { now, policy });
  const steps = stepsOf(gap, facts);
  const step = steps[gap.attemptsInRound];
  if (step === undefined) return stop(gap, steps.length === 0 ? 'nothing can fill it' : `${gap.attemptsInRound} repairs left the same set missing`, { now, policy });
  const attemptCount = gap.attemptCount + 1;
  const attemptKey = `${gap.gameDate}_${gap.flow}_${gap.subject}_${gap.occurrence}_${attemptCount}`;
  const repairs = repairsOf(step, gap, facts).map((repair): Repair => ({ ...repair, gap, least: leastOf(gap, facts), attemptKey: `${attemptKey}_${repair.attemptKey}` }));
  const attempt: GapAttempt = { at: now, repair: step.saying, missing: gap.missing, messages: repairs.length, ...facts.asked };
  const isNewRound = gap.attemptsInRound === 0;
  const next: Gap = {
    ...changed(gap, now), status: 'open', attempts: [...gap.attempts, attempt].slice(-attemptsKept), attemptCount, round: gap.round + (isNewRound ? 1 : 0),
    attemptsInRound: gap.attemptsInRound + 1, nextActionAt: after(now, policy.attemptWaitMs),
  };
  return { gap, next, repairs, saying: `${step.saying} for ${step.games.length === 0 ? 'the slate' : step.games.join(', ')}` };
}

/** How many rows there were of what has lost rows, and of what may stand in for it. */
const leastOf = (gap: Gap, { rows }: HealingFacts): Repair['least'] => Object.fromEntries(lostIn(gap, rows).map((row) => [pairOf(row.output, row.scope), row.row_count]));

/** One piece of work for each stored answer, and else for the games before and after tip-off. */
function repairsOf({ ways, games }: RepairStep, gap: Gap, facts: HealingFacts): readonly Pick<Repair, 'by' | 'purpose' | 'games' | 'attemptKey'>[] {
  return byTipOff(gap, games, facts).flatMap(({ purpose, games: ofPurpose }) => ways.map((by) => ({ by, purpose, games: ofPurpose, attemptKey: by.kind === 'reload' ? `${purpose}_${isoInstant(by.answer.fetchedAt)}` : purpose })));
}

/** As many as three weeks of a gap that nothing fills; the log has all. */
const attemptsKept = 100;

function stop(gap: Gap, saying: string, { now, policy }: { readonly now: EpochMs; readonly policy: HealingPolicy }): GapAction {
  const nextActionAt = after(now, roundWait(gap, { now, policy }));
  return { gap, next: { ...changed(gap, now), status: 'stopped', attemptsInRound: 0, nextActionAt }, repairs: [], saying: `stopped: ${saying}` };
}

/** 1 h, 2 h, 4 h ... between the rounds of a young gap; an old one has one a day, and after as long again one a week. */
function roundWait({ openedAt, round }: Gap, { now, policy }: { readonly now: EpochMs; readonly policy: HealingPolicy }) {
  if (elapsed(openedAt, now) >= policy.restsAfterMs) return policy.restWaitMs;
  if (elapsed(openedAt, now) >= policy.oldAfterMs) return policy.oldWaitMs;
  return milliseconds(Math.min(policy.waitMaxMs, policy.firstWaitMs * 2 ** Math.max(0, round - 1)));
}

/** Which of a gap's games can be filled: all that were or will be played, or those whose moment has not passed. */
type When = 'ever' | 'before-tip-off';

/** The games of a gap that can be filled; empty: the whole slate. A slate that is not known says nothing. */
function gamesThatCanBe(gap: Gap, slate: readonly SlateGame[], { when, now }: { readonly when: When; readonly now: EpochMs }): readonly OfficialGameId[] | 'nothing' {
  const scopes = [...new Set(gap.missing.map((pair) => partsOfPair(pair).scope))];
  const possible = slate.filter(({ status, tipAt }) => status !== 'postponed' && (when === 'ever' || tipAt > now));
  if (scopes.includes('slate')) return slate.length > 0 && possible.length === 0 ? 'nothing' : [];
  const games = scopes.map((scope) => OfficialGameId.parse(scope)).filter((game) => slate.length === 0 || possible.some(({ officialId }) => officialId === game));
  return games.length === 0 ? 'nothing' : games;
}

/** Sources have results and schedules at any time, and lines until tip-off; of what phases make the hand-offs say which are made up for. */
function isMadeInRetrospect({ flow, phase, subject }: Gap): boolean {
  if (phase === 'phase2') return outputNamed(subject)?.recovery !== 'time-bound';
  return transitions.some((transition) => transition.to === phase && transition.flow === flow && transition.purposes.includes('repair'));
}

/** What has lost rows of what a gap lacks, or of what may stand in for that. */
function lostIn({ gameDate, missing }: Gap, rows: readonly ExpectedOutputRow[], reasons: readonly string[] = [rowsLost]): readonly ExpectedOutputRow[] {
  const pairs = new Set(missing.map(partsOfPair).flatMap(({ output, scope }) => withStandIns(output).map((name) => pairOf(name, scope))));
  return rows.filter((row) => row.game_date === gameDate && reasons.includes(row.reason) && pairs.has(pairOf(row.output, row.scope)));
}

/** One try to fill a gap. */
interface RepairStep {
  readonly ways: readonly RepairWay[];
  /** Empty: the whole slate. */
  readonly games: readonly OfficialGameId[];
  readonly saying: string;
}

/** What can be tried in one round, smallest first: what was stored is loaded again before anybody is asked, since it was there. */
function stepsOf(gap: Gap, facts: HealingFacts): readonly RepairStep[] {
  const slate = facts.slateOf(gap);
  const ever = gamesThatCanBe(gap, slate, { when: 'ever', now: facts.now });
  const possible = isMadeInRetrospect(gap) ? ever : gamesThatCanBe(gap, slate, { when: 'before-tip-off', now: facts.now });
  const reloads = ever === 'nothing' ? [] : reloadsOf(gap, facts).map(([scraper, ways]): RepairStep => ({ ways, games: ever, saying: `reload ${scraper}` }));
  const others = possible === 'nothing' ? [] : askedOf(gap, facts).map((way): RepairStep => ({ ways: [way], games: possible, saying: `${way.kind} ${way.kind === 'again' ? way.app : way.scraper}` }));
  return [...reloads, ...others];
}

/** The scrapers whose stored answers hold what was lost, each with them. */
function reloadsOf(gap: Gap, { rows, keptOf = () => [] }: HealingFacts): readonly (readonly [ScraperName, readonly RepairWay[]])[] {
  return lostScrapersOf(gap, rows).flatMap((scraper) => {
    const ways = keptOf(scraper, gap.gameDate).map((answer): RepairWay => ({ kind: 'reload', scraper, answer }));
    return ways.length === 0 ? [] : [[scraper, ways] as const];
  });
}

/** The scrapers whose answers were loaded for a gap and are lost, a part of their rows or all of them. */
export function lostScrapersOf(gap: Gap, rows: readonly ExpectedOutputRow[]): readonly ScraperName[] {
  if (gap.phase !== 'phase2') return [];
  const lost = new Set(lostIn(gap, rows, [rowsLost, allRowsLost]).map(({ output }) => output));
  return scrapers.filter(({ loads }) => lost.has(loads)).map(({ name }) => name);
}

/** Who can be asked. Where nothing but rows of its own is lost, no other source brings them back. */
function askedOf(gap: Gap, { rows }: HealingFacts): readonly RepairWay[] {
  if (gap.phase === 'phase2') {
    const lost = new Set(lostIn(gap, rows).map((row) => pairOf(row.output, row.scope)));
    const names = gap.missing.every((pair) => lost.has(pair)) ? [gap.subject] : withStandIns(gap.subject);
    const own = scrapers.filter((scraper) => names.includes(scraper.loads) && isScraperEnabled(scraper, gap.gameDate));
    return own.toSorted((left, right) => names.indexOf(left.loads) - names.indexOf(right.loads)).map(({ name }) => ({ kind: 'scrape', scraper: name }));
  }
  const to = entryOf(gap.phase, gap, rows);
  const transition = transitions.find((candidate) => candidate.to === to && candidate.flow === gap.flow);
  return transition === undefined ? [] : [{ kind: 'again', app: transition.app, to }, { kind: 'again', app: transition.app, to }];
}

/** The phase to start again: the gap's own, or an earlier one whose outputs were missed and are made up for with it. What a phase can go without is not made up for. */
function entryOf(phase: Phase, gap: Gap, rows: readonly ExpectedOutputRow[]): Phase {
  const upstream = transitions.find(({ to, flow }) => to === phase && flow === gap.flow)?.from;
  if (upstream === undefined) return phase;
  const isMissed = rows.some((row) => row.game_date === gap.gameDate && row.flow === gap.flow && row.phase === upstream && row.state === 'MISSED' && outputNamed(row.output)?.need !== 'soft');
  return isMissed ? entryOf(upstream, gap, rows) : phase;
}

interface Purposed {
  readonly purpose: Purpose;
  readonly games: readonly OfficialGameId[];
}

/** What is made before a game is made live while it has not begun, and in retrospect after. Sources and results know no such line. */
function byTipOff(gap: Gap, games: readonly OfficialGameId[], { slateOf, now }: HealingFacts): readonly Purposed[] {
  if (gap.purpose === 'history') return [{ purpose: 'history', games }];
  if (gap.flow === 'postgame' || gap.phase === 'phase2') return [{ purpose: 'live', games }];
  const slate = slateOf(gap);
  const hasBegun = (game: SlateGame): boolean => game.tipAt <= now;
  if (games.length === 0) return [{ purpose: slate.length > 0 && slate.every(hasBegun) ? 'repair' : 'live', games }];
  const begun = games.filter((game) => slate.some((one) => one.officialId === game && hasBegun(one)));
  const ahead = games.filter((game) => !begun.includes(game));
  return [...(ahead.length > 0 ? [{ purpose: 'live' as const, games: ahead }] : []), ...(begun.length > 0 ? [{ purpose: 'repair' as const, games: begun }] : [])];
}

export type GapSeverity = 'warning' | 'error' | 'critical';

/** How loud an open gap is told of by its age; undefined while it is young. */
export function gapSeverity({ openedAt }: Pick<Gap, 'openedAt'>, { escalateAfterMs: { warning, error, critical } }: HealingPolicy, now: EpochMs): GapSeverity | undefined {
  if (openedAt <= before(now, critical)) return 'critical';
  if (openedAt <= before(now, error)) return 'error';
  return openedAt <= before(now, warning) ? 'warning' : undefined;
}
