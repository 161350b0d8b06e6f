import { setTimeout as sleep } from 'node:timers/promises';
import { attempted, type Attempts } from '@handoff/attempts';
import { milliseconds } from '@handoff/contracts';
import { isTransient } from './errors.ts';

/** Under two seconds in all: what lasts longer is the host's to repeat, with the message back in the queue. */
export const defaultAttempts: Attempts = { attemptsMax: 4, firstWaitMs: milliseconds(250), wait: (span) => sleep(span), random: Math.random };

/**
 * Sends a request, again while BigQuery cannot answer. The only place that repeats: the client has been told not
 * to. What is sent is a read, or a job with an id of its own.
 */
export const sentAgain = <Result>(attempts: Attempts, send: () => Promise<Result>): Promise<Result> => attempted(attempts, isTransient, send);
