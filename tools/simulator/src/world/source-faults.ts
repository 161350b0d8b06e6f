import { after, before, epochMs, minutes, type EpochMs } from '@handoff/contracts';
import { faultySource, type Fault, type FaultKind, type FaultPlan, type Rewrite, type Rewrites } from '@handoff/faults';
import type { Clock, HttpSource, SourceRequest, SourceResponse } from '@handoff/ports';
import { RecordedSource, type RecordedSeason } from '@handoff/sources-recorded';
import { withErrors, withNothing, withoutGames, withPartOfTheRows, withSidesReversed, type Alteration } from './altered-season.ts';

const alterations: Readonly<Partial<Record<FaultKind, Alteration>>> = {
  'missing-games': withoutGames,
  empty: withNothing,
  partial: withPartOfTheRows,
  'corrected-later': withErrors,
  'reversed-teams': withSidesReversed,
};

/** Teams as other sources write them. */
const otherNames: readonly (readonly [RegExp, string])[] = [
  [/"BKN"/g, '"BRK"'], [/"PHX"/g, '"PHO"'], [/"CHA"/g, '"CHO"'], [/"NOP"/g, '"NO"'], [/"GSW"/g, '"GS"'], [/"SAS"/g, '"SA"'], [/"NYK"/g, '"NY"'], [/"WAS"/g, '"WSH"'], [/"UTA"/g, '"UTAH"'],
  [/"Los Angeles Clippers"/g, '"LA Clippers"'], [/"Los Angeles Lakers"/g, '"LA Lakers"'],
];

const lagOfDelay = minutes(120);
const emptyFor = minutes(30);

/**
 * The recorded sources with the faults of a plan: what they say is what the real source would say if the world, its
 * memory of it or the moment were another one.
 */
export function simulatedSources(season: RecordedSeason, clock: Clock, plan: FaultPlan): HttpSource {
  return new SimulatedSources(season, clock, plan).port;
}

class SimulatedSources {
  readonly port: HttpSource;
  readonly #season: RecordedSeason;
  readonly #clock: Clock;
  readonly #plan: FaultPlan;
  /** When the run began: what is stale without saying since when is so from the start. */
  readonly #startedAt: EpochMs;
  /** When a request was first asked, for what is empty at first. */
  readonly #firstAskedAt = new Map<string, EpochMs>();

  constructor(season: RecordedSeason, clock: Clock, plan: FaultPlan) {
    this.#season = season;
    this.#clock = clock;
    this.#plan = plan;
    this.#startedAt = clock.now();
    const altered: Rewrite = (_response, request, fault, earlier) => this.#answer(request, [...earlier, fault]);
    const kinds: readonly FaultKind[] = [...(Object.keys(alterations) as FaultKind[]), 'stale', 'delay'];
    const rewrites: Rewrites = {
      ...Object.fromEntries(kinds.map((kind) => [kind, altered])),
      'empty-then-good': (response, request, fault, earlier) => (this.#isEmptyYet(request, fault) ? this.#answer(request, [...earlier, { ...fault, kind: 'empty' }]) : response),
      'alias-names': (response) => ({ ...response, body: Buffer.from(otherNames.reduce((text, [name, other]) => text.replace(name, other), Buffer.from(response.body).toString('utf8'))) }),
    };
    const recorded = new RecordedSource(season, clock);
    this.port = plan.faults.some(({ target }) => target.startsWith('source:')) ? faultySource(recorded, plan, rewrites) : recorded;
  }

  /** What the source answers out of the world that these faults make, one after another. */
  #answer(request: SourceRequest, faults: readonly Fault[]): Promise<SourceResponse> {
    const now = faults.reduce((moment, fault) => this.#momentOf(fault, moment), this.#clock.now());
    const season = faults.reduce((known, fault) => alterations[fault.kind]?.(known, fault, { plan: this.#plan, scraper: request.scraper, now }) ?? known, this.#season);
    return new RecordedSource(season, { now: () => now }).fetch(request);
  }

  /** The moment as of which the source answers. */
  #momentOf(fault: Fault, now: EpochMs): EpochMs {
    switch (fault.kind) {
      case 'delay':
        return before(now, fault.span ?? lagOfDelay);
      case 'stale':
        return epochMs(Math.min(now, before(fault.at ?? this.#startedAt, fault.span ?? minutes(0))));
      default:
        return now;
    }
  }

  #isEmptyYet(request: SourceRequest, fault: Fault): boolean {
    const key = `${this.#plan.faults.indexOf(fault)}|${request.path}|${JSON.stringify(request.query)}`;
    const now = this.#clock.now();
    const first = this.#firstAskedAt.get(key) ?? now;
    this.#firstAskedAt.set(key, first);
    return now < after(first, fault.span ?? emptyFor);
  }
}
