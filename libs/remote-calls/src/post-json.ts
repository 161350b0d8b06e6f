import { seconds } from '@handoff/contracts';
import { noticeTimeoutMs, type ChannelAnswer } from './send-notice.ts';

/** As much of the platform's `fetch` as a channel needs. */
export type Fetch = (url: string, options: { readonly method: 'POST'; readonly headers: Readonly<Record<string, string>>; readonly body: string; readonly redirect: 'error'; readonly signal: AbortSignal }) => Promise<{ readonly status: number; readonly headers: { get(name: string): string | null }; text(): Promise<string> }>;

/** Posts JSON and reads what is answered; what a slow server does not answer in time is a `TimeoutError`. */
export async function postJson(fetch: Fetch, url: string, value: unknown): Promise<ChannelAnswer> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(value), redirect: 'error', signal: AbortSignal.timeout(noticeTimeoutMs) });
  const asked = Number(response.headers.get('retry-after') ?? Number.NaN);
  return { status: response.status, text: await response.text(), ...(Number.isFinite(asked) ? { retryAfter: seconds(asked) } : {}) };
}
