import { setTimeout as pause } from 'node:timers/promises';
import { milliseconds } from '@handoff/contracts';
import { repeated, type Attempts } from '@handoff/remote-calls';
import { isTransient } from './errors.ts';

/** Under two seconds in all: what lasts longer is the host's to repeat, with the message back in the queue. */
export const defaultAttempts: Attempts = { attemptsMax: 4, firstPauseMs: milliseconds(250), pause: (span) => pause(span), random: Math.random };

/**
 * Sends a request, again while BigQuery cannot answer. The only place that repeats: the client has been told not
 * to. What is sent is a read, or a job with an id of its own.
 */
export const sentAgain = <Result>(attempts: Attempts, send: () => Promise<Result>): Promise<Result> => repeated(send, { ...attempts, mayRepeat: isTransient });
