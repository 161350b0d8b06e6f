import { courseLines, factLines, titleText } from '@handoff/incidents';
import { isoInstant } from '@handoff/contracts';
import { postJson, sendNotice, type NoticeAttempts } from '@handoff/remote-calls';
import type { Notice, NoticeChannel } from '@handoff/ports';

/** Where Events API v2 takes events (PagerDuty's reference, 2026). */
export const pagerDutyUrl = 'https://events.pagerduty.com/v2/enqueue';

export interface PagerDutyOptions extends NoticeAttempts {
  /** Names the service that is alerted about, and lets us do so: a secret. */
  readonly routingKey: string;
  readonly url: string;
  readonly runbookBase: string;
  /** Which installation this is: `production`. */
  readonly source: string;
}

export interface PagerDutyEvent {
  readonly routing_key: string;
  readonly event_action: 'trigger' | 'resolve';
  /** Events with one key are one incident there, which the end of ours closes. */
  readonly dedup_key: string;
  readonly payload?: {
    readonly summary: string;
    readonly source: string;
    readonly severity: Notice['severity'];
    readonly timestamp: string;
    readonly component: string;
    readonly class: string;
    readonly custom_details: Readonly<Record<string, string>>;
  };
  readonly links?: readonly { readonly href: string; readonly text: string }[];
}

/** PagerDuty's limits: of the summary; of the whole event 512 KB, which so many details of this length stay below. */
const summaryCharactersMax = 1_024;
const detailCharactersMax = 4_000;
const detailsMax = 50;

/** A notice as an event: the first of an incident triggers it, later ones are attached to it, its end resolves it. */
export function eventOf(notice: Notice, { routingKey, runbookBase, source }: Pick<PagerDutyOptions, 'routingKey' | 'runbookBase' | 'source'>): PagerDutyEvent {
  const { kind, cause, subject, incidentId, severity, openedAt, meaning, command, runbook } = notice;
  const named = { routing_key: routingKey, dedup_key: `${cause}/${incidentId}` };
  if (kind === 'resolved') return { ...named, event_action: 'resolve' };
  const details = [{ name: 'meaning', text: meaning }, ...(command === undefined ? [] : [{ name: 'run', text: command }]), ...courseLines(notice), ...factLines(notice)];
  return {
    ...named, event_action: 'trigger',
    payload: {
      summary: titleText(notice).slice(0, summaryCharactersMax), source, severity, timestamp: isoInstant(openedAt), component: subject, class: cause,
      custom_details: Object.fromEntries(details.slice(0, detailsMax).map(({ name, text }) => [name, text.slice(0, detailCharactersMax)])),
    },
    links: [{ href: `${runbookBase}${runbook}`, text: `runbook of ${cause}` }],
  };
}

/** PagerDuty, by its Events API v2. */
export class PagerDutyChannel implements NoticeChannel {
  readonly name = 'pagerduty';
  readonly #options: PagerDutyOptions;

  constructor(options: PagerDutyOptions) {
    this.#options = options;
  }

  send(notice: Notice): Promise<void> {
    return sendNotice(this.name, this.#options, () => postJson(fetch, this.#options.url, eventOf(notice, this.#options)));
  }
}
