import { attempted, type Attempts } from '@handoff/attempts';
import { PipelineError, seconds, type DurationMs } from '@handoff/contracts';

/** What a channel answered: an HTTP status, or a reply of SMTP. */
export interface ChannelAnswer {
  readonly status: number;
  readonly text: string;
  /** How long it asks us to wait. */
  readonly retryAfter?: DurationMs;
}

/** Of one attempt: whoever waits for a notice to be sent is a function with work of its own. */
export const noticeTimeoutMs = seconds(5);

/** Three attempts, 0.5 and 1 s apart (reference section 15): after that another channel is quicker. */
const attemptsMax = 3;
const firstWaitMs = seconds(0.5);
/** A channel that asks for more is not waited for. */
const retryAfterMax = seconds(5);
/** As much of an answer as is told: it says what is wrong with the notice. */
const answerCharactersMax = 300;

export interface NoticeAttempts {
  readonly wait: (span: DurationMs) => Promise<void>;
  /** At least 0 and less than 1. */
  readonly random: () => number;
}

/** What an attempt threw, where trying again may help. */
class Away extends Error {
  readonly retryAfter: DurationMs | undefined;

  constructor(problem: string, options: { readonly cause?: unknown; readonly retryAfter?: DurationMs } = {}) {
    super(problem, options.cause === undefined ? undefined : { cause: options.cause });
    this.retryAfter = options.retryAfter;
  }
}

/** True for an answer after which the same may be taken: too many, too late, or a fault of theirs. */
const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/**
 * Sends a notice by `post`, again while its channel is away. Addresses are secrets, and in no error.
 *
 * @throws `channel-unavailable` (retry), `channel-refused` (defer).
 */
export async function sendNotice(channel: string, { wait, random }: NoticeAttempts, post: () => Promise<ChannelAnswer>): Promise<void> {
  const attempts: Attempts = { attemptsMax, firstWaitMs, wait, random, waitAsked: (error) => (error instanceof Away ? error.retryAfter : undefined) };
  const isWorthWaiting = (error: unknown): boolean => error instanceof Away && (error.retryAfter ?? 0) <= retryAfterMax;
  try {
    await attempted(attempts, isWorthWaiting, () => once(channel, post));
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    throw new PipelineError({ code: 'channel-unavailable', message: `${channel} takes no notices: ${error.message}`, facts: { channel } });
  }
}

async function once(channel: string, post: () => Promise<ChannelAnswer>): Promise<void> {
  const { status, text, retryAfter } = await answerOf(post);
  if (status < 400) return;
  const problem = `${status} ${text.slice(0, answerCharactersMax)}`.trim();
  if (isPassing(status)) throw new Away(problem, retryAfter === undefined ? {} : { retryAfter });
  throw new PipelineError({ code: 'channel-refused', message: `${channel} refuses our notice: ${problem}`, facts: { channel, status } });
}

/** A connection that fails says so by a code, of its own or of its cause; anything else is a bug. */
async function answerOf(post: () => Promise<ChannelAnswer>): Promise<ChannelAnswer> {
  try {
    return await post();
  } catch (error) {
    const code = codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined);
    if (code === undefined) throw error;
    throw new Away(code, { cause: error });
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'TimeoutError') return 'no answer in time';
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
