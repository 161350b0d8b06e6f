import type { LocalEvent } from '@handoff/local';
import pc from 'picocolors';

type Body = Readonly<Record<string, unknown>>;
type Narrator = (body: Body, event: LocalEvent) => string | undefined;

/** `1 game`, `6 games`. */
const counted = (value: unknown, what: string): string => `${text(value)} ${what}${Number(value) === 1 ? '' : 's'}`;

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** What is said of a function's outcome; an outcome that is not here is routine, and said nothing of. */
const narrators: Readonly<Record<string, Narrator>> = {
  'master-controller/decided': (body) => (body['run'] === 0 && body['abort'] === 0 ? undefined : `controller decides ${pc.green(`${text(body['run'])} RUN`)}, ${text(body['skip'])} SKIP${body['abort'] === 0 ? '' : pc.red(`, ${text(body['abort'])} ABORT`)}`),
  'phase1-scrape/success': (body) => `scraped ${text(body['scraper'])}: ${counted(body['records'], 'record')}`,
  'phase1-scrape/no_data': (body) => pc.yellow(`scraped ${text(body['scraper'])}: no data`),
  'phase2-raw/loaded': (body) => (body['inserted'] === 0 && body['updated'] === 0 ? undefined : `loaded ${text(body['scraper'])}: ${text(body['inserted'])} new, ${text(body['updated'])} changed rows${Number(body['missing']) > 0 ? pc.yellow(`, ${counted(body['missing'], 'game')} missing`) : ''}`),
  'phase2-raw/no_data': (body) => (Number(body['missing']) > 0 ? pc.yellow(`no rows in ${text(body['scraper'])}`) : undefined),
  'phase3-analytics/processed': (body) => `phase 3 ${text(body['flow'])}: ${text(body['rows'])} rows`,
  'phase4-features/processed': (body) => `phase 4: ${text(body['rows'])} rows`,
  'phase5-predict-coordinator/batch-complete': (body) => `phase 5: ${counted(body['rows'], 'prediction')} stand for ${counted(body['games'], 'game')}`,
  'phase5-predict-worker/invalidated': (body) => pc.yellow(`a game is postponed: ${text(body['takenBack'])} predictions taken back`),
  'phase6-publish/published': (body) => `published ${text(body['files'])} files (${text(body['flow'])})`,
  'phase6-grade/graded': (body) => `graded: ${text(body['rows'])} rows${Number(body['ungradable']) > 0 ? pc.yellow(`, ${text(body['ungradable'])} ungradable`) : ''}`,
};

/** One line about an event that matters; undefined for one that does not. Refusals always matter. */
export function narrate(event: LocalEvent): string | undefined {
  const { body, status } = event.response;
  const outcome = text(body['outcome']);
  if (status >= 300 || outcome === 'rejected' || outcome === 'deferred') return pc.red(`${event.function} answers ${outcome}: ${text(body['code'])} ${text(body['message'])}`.trimEnd());
  if (outcome === 'released') return handoffLine(event);
  return narrators[`${event.function}/${outcome}`]?.(body, event);
}

function handoffLine(event: LocalEvent): string | undefined {
  const { function: name } = event;
  const { body } = event.response;
  if (Number(body['releases']) > 1) return `${pc.cyan('hand-off')} ${name}: ${text(body['releases'])} dates from ${text(body['first'])}`;
  return `${pc.cyan('hand-off')} ${name} for ${text(body['first'])}, revision ${text(body['revision'])}, ${counted(body['games'], 'game')}`;
}
