import type { HttpSource, SourceRequest, SourceResponse } from '@handoff/ports';
import { isAbout } from './concerned.ts';
import type { Fault, FaultKind } from './fault.ts';
import type { FaultPlan } from './fault-plan.ts';
import { kindsOf, refuseStruck, sourceErrors } from './port-errors.ts';

/**
 * Makes of an answer the one that the fault gives; it knows the source's format, which this library does not. `before`
 * are the faults that have changed the answer already.
 */
export type Rewrite = (response: SourceResponse, request: SourceRequest, fault: Fault, before: readonly Fault[]) => SourceResponse | Promise<SourceResponse>;

/** By kind: `empty`, `missing-games`, `partial`, `stale` and whatever else changes what an answer says. */
export type Rewrites = Readonly<Partial<Record<FaultKind, Rewrite>>>;

/** An answer that was cut off in the middle. Fits any format. */
const cutOff: Rewrite = (response) => ({ ...response, body: response.body.subarray(0, Math.floor(response.body.length / 2)) });

const gone: Rewrite = () => ({ status: 404, contentType: 'application/json', body: new TextEncoder().encode('{"error":"not found"}') });

/**
 * Kinds that change every answer that they strike: their rate is of calls, and what narrows them says which answers are
 * meant. The rate and the names of the others are of what an answer holds.
 */
const wholeAnswer: ReadonlySet<FaultKind> = new Set<FaultKind>(['malformed', 'not-found', 'empty', 'empty-then-good', 'stale', 'delay', 'alias-names']);

/**
 * A source that fails or answers wrongly by plan. Targets: `source`, and `source:<scraper>`. `malformed` cuts
 * the body in two and `not-found` answers 404 unless the caller brings a rewrite of its own. A fault that changes
 * nothing about an answer has not fired on it.
 *
 * @throws RangeError when the plan has a fault on a source that is neither an error nor has a rewrite: it would
 *   never fire.
 */
export function faultySource(port: HttpSource, plan: FaultPlan, rewrites: Rewrites = {}): HttpSource {
  const rewriting: Rewrites = { malformed: cutOff, 'not-found': gone, ...rewrites };
  const rewritten = Object.keys(rewriting) as FaultKind[];
  const known = [...kindsOf(sourceErrors), ...rewritten, ...elsewhere];
  const unfit = plan.faults.find(({ target, kind }) => /^source(:|$)/.test(target) && !known.includes(kind));
  if (unfit !== undefined) throw new RangeError(`fault ${unfit.kind} on ${unfit.target} has no rewrite: what the source would answer is not known`);
  return {
    async fetch(request) {
      const targets = ['source', `source:${request.scraper}`];
      // What a source would have said tells what a question is about; asking changes nothing about it.
      const told = isNarrowed(plan, targets) ? await port.fetch(request) : undefined;
      const fits = (fault: Fault): boolean => isAbout(fault, told === undefined ? '' : [request, Buffer.from(told.body).toString('utf8')]);
      refuseStruck(plan, sourceErrors, { targets, fits });
      let response = told ?? (await port.fetch(request));
      const before: Fault[] = [];
      for (const fault of plan.active({ targets, kinds: rewritten })) {
        if (wholeAnswer.has(fault.kind) && (!fits(fault) || (fault.rate !== undefined && plan.random.next() >= fault.rate))) continue;
        const changed = await rewriting[fault.kind]?.(response, request, fault, before);
        if (changed === undefined || isSame(response, changed)) continue;
        plan.count(fault);
        before.push(fault);
        response = changed;
      }
      return response;
    },
  };
}

/** Faults on a source that strike where its answers are stored or asked for, not at the source. */
const elsewhere: readonly FaultKind[] = ['latency', 'unknown-path', 'disable-source'];

const isNarrowed = (plan: FaultPlan, targets: readonly string[]): boolean =>
  plan.faults.some(({ target, games, players, processors }) => targets.includes(target) && [games, players, processors].some((names) => names !== undefined));

const isSame = (one: SourceResponse, other: SourceResponse): boolean => one.status === other.status && Buffer.compare(one.body, other.body) === 0;
