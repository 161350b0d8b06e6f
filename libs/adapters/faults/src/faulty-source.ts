import type { HttpSource, SourceRequest, SourceResponse } from '@handoff/ports';
import type { Fault, FaultKind } from './fault.ts';
import type { FaultPlan } from './fault-plan.ts';
import { errorOf, kindsOf, sourceErrors } from './port-errors.ts';

/** Makes of a true answer the one that the fault gives; it knows the source's format, which this library does not. */
export type Rewrite = (response: SourceResponse, request: SourceRequest, fault: Fault) => SourceResponse | Promise<SourceResponse>;

/** By kind: `empty`, `missing-games`, `partial`, `stale` and whatever else changes what an answer says. */
export type Rewrites = Readonly<Partial<Record<FaultKind, Rewrite>>>;

/** An answer that was cut off in the middle. Fits any format. */
const cutOff: Rewrite = (response) => ({ ...response, body: response.body.subarray(0, Math.floor(response.body.length / 2)) });

/**
 * A source that fails or answers wrongly by plan. Targets: `source`, and `source:<scraper>`. `malformed` cuts
 * the body in two unless the caller brings a rewrite of its own.
 *
 * @throws RangeError when the plan has a fault on a source that is neither an error nor has a rewrite: it would
 *   never fire.
 */
export function faultySource(port: HttpSource, plan: FaultPlan, rewrites: Rewrites = {}): HttpSource {
  const rewriting: Rewrites = { malformed: cutOff, ...rewrites };
  const kinds = [...kindsOf(sourceErrors), ...(Object.keys(rewriting) as FaultKind[])];
  const unfit = plan.faults.find(({ target, kind }) => /^source(:|$)/.test(target) && !kinds.includes(kind));
  if (unfit !== undefined) throw new RangeError(`fault ${unfit.kind} on ${unfit.target} has no rewrite: what the source would answer is not known`);
  return {
    async fetch(request) {
      const fault = plan.strike({ targets: ['source', `source:${request.scraper}`], kinds });
      if (fault === undefined) return port.fetch(request);
      const rewrite = rewriting[fault.kind];
      if (rewrite === undefined) throw errorOf(sourceErrors, fault, plan.clock.now());
      return rewrite(await port.fetch(request), request, fault);
    },
  };
}
