import { absenceRules, intervalOf, jobs, meaningOf, type AbsenceRule } from '@handoff/catalogue';
import { elapsed, seconds, type DurationMs, type EpochMs } from '@handoff/contracts';
import { incidentId } from '@handoff/incidents';
import type { Notice, NoticeChannel } from '@handoff/ports';
import { z } from 'zod';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the file that provisioning applies, which is of no project
import watchdogSilent from '../../../../schemas/monitoring/watchdog-silent.policy.json' with { type: 'json' };

/** As much of a policy of Cloud Monitoring as the simulator evaluates. */
const Policy = z.object({
  userLabels: z.object({ cause: z.string(), subject: z.string() }),
  conditions: z.tuple([z.object({ conditionAbsent: z.object({ duration: z.string().regex(/^\d+s$/) }) })]),
});

/** The files that provisioning applies, by the cause that they alert about. */
const policies: Readonly<Record<string, unknown>> = { 'watchdog-silent': watchdogSilent };

/** How long nothing may be heard, as the policy's file says it. */
export function absenceIn(policy: unknown): DurationMs {
  const { conditions: [{ conditionAbsent }] } = Policy.parse(policy);
  return seconds(Number(conditionAbsent.duration.slice(0, -1)));
}

/** What a rule knows of one that it listens to. */
interface Listening {
  readonly rule: AbsenceRule;
  readonly absentFor: DurationMs;
  readonly interval: DurationMs;
  heardAt: EpochMs | undefined;
  lookedAt: EpochMs | undefined;
  openedAt: EpochMs | undefined;
}

/**
 * The platform's own alerts, in its stead: nothing of the product takes part in them. They go by a channel of the
 * platform's own, which no fault of ours concerns.
 */
export class PlatformAlerts {
  readonly #channel: NoticeChannel;
  readonly #listening: readonly Listening[];

  constructor(channel: NoticeChannel) {
    this.#channel = channel;
    this.#listening = absenceRules.map((rule) => {
      const job = jobs.find(({ name }) => name === rule.logged.function);
      if (job === undefined) throw new RangeError(`${rule.logged.function} has no job`);
      return { rule, absentFor: absenceIn(policies[rule.cause]), interval: intervalOf(job), heardAt: undefined, lookedAt: undefined, openedAt: undefined };
    });
  }

  /** A round that was due: made and ended well, or not. Rounds that were not due here, since nothing was about to go wrong, count as made. */
  async note(name: string, at: EpochMs, isWell: boolean): Promise<void> {
    for (const one of this.#listening.filter(({ rule }) => rule.logged.function === name)) {
      const isSkipped = one.lookedAt === undefined || elapsed(one.lookedAt, at) > one.interval;
      if (isWell) one.heardAt = at;
      else if (isSkipped && one.openedAt === undefined) one.heardAt = (at - one.interval) as EpochMs;
      one.lookedAt = at;
      await this.#judge(one, at);
    }
  }

  async #judge(one: Listening, at: EpochMs): Promise<void> {
    const isAbsent = one.heardAt !== undefined && elapsed(one.heardAt, at) >= one.absentFor;
    if (isAbsent && one.openedAt === undefined) {
      one.openedAt = at;
      await this.#channel.send(noticeOf(one.rule, 'opened', at, at));
    } else if (!isAbsent && one.openedAt !== undefined) {
      await this.#channel.send(noticeOf(one.rule, 'resolved', one.openedAt, at));
      one.openedAt = undefined;
    }
  }
}

function noticeOf({ cause, subject }: AbsenceRule, kind: 'opened' | 'resolved', openedAt: EpochMs, at: EpochMs): Notice {
  return {
    kind, incidentId: incidentId(cause, subject), cause, subject, severity: 'critical', headline: `${subject} is not heard of`, meaning: meaningOf(cause), facts: {}, openedAt, at, age: elapsed(openedAt, at),
    count: 1, others: [], consequences: [], runbook: `docs/runbooks/${cause}.md`, command: undefined,
  };
}
