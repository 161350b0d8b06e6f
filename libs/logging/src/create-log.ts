import type { Writable } from 'node:stream';
import { isoInstant } from '@handoff/contracts';
import type { Clock, Log, LogFields } from '@handoff/ports';
import { createLogger, format, transports, type Logger } from 'winston';

export interface LogOptions {
  /** The least severe level that is written. */
  readonly level: 'info' | 'warn' | 'error' | 'silent';
  /** Lines are stamped with this clock, so that a simulated day logs simulated times. */
  readonly clock: Clock;
  /** Where lines go; one JSON object each, as Cloud Logging reads them. */
  readonly stream: Writable;
  readonly fields?: LogFields;
}

/** Cloud Logging's names for our levels. */
const severities: Readonly<Record<string, string>> = { info: 'INFO', warn: 'WARNING', error: 'ERROR' };

/** Structured logging on winston: one JSON line per event, with `severity`, `time`, `message` and the fields. */
export function createLog(options: LogOptions): Log {
  const logger = createLogger({
    level: options.level === 'silent' ? 'error' : options.level,
    silent: options.level === 'silent',
    format: format.combine(
      format((entry) => {
        entry['severity'] = severities[entry.level] ?? 'DEFAULT';
        entry['time'] = isoInstant(options.clock.now());
        return entry;
      })(),
      format.json({ replacer: (_key, value: unknown) => (value instanceof Error ? describeError(value) : value) }),
    ),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston declares its transports as interfaces
    transports: [new transports.Stream({ stream: options.stream })],
  });
  return new WinstonLog(logger, options.fields ?? {});
}

class WinstonLog implements Log {
  readonly #logger: Logger;
  readonly #fields: LogFields;

  constructor(logger: Logger, fields: LogFields) {
    this.#logger = logger;
    this.#fields = fields;
  }

  info(fields: LogFields, message: string): void {
    this.#write('info', fields, message);
  }

  warn(fields: LogFields, message: string): void {
    this.#write('warn', fields, message);
  }

  error(fields: LogFields, message: string): void {
    this.#write('error', fields, message);
  }

  child(fields: LogFields): Log {
    return new WinstonLog(this.#logger, { ...this.#fields, ...fields });
  }

  #write(level: string, fields: LogFields, message: string): void {
    if (this.#logger.silent || !this.#logger.isLevelEnabled(level)) return;
    this.#logger.log(level, message, { ...this.#fields, ...fields });
  }
}

function describeError(error: Error): Readonly<Record<string, unknown>> {
  const { name, message, stack, cause } = error;
  const facts = 'facts' in error ? { facts: error.facts } : {};
  const code = 'code' in error ? { code: error.code } : {};
  return { name, message, stack, ...code, ...facts, ...(cause instanceof Error ? { cause: describeError(cause) } : {}) };
}
