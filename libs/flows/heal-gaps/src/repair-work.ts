import { dueTopic, type RetryKind } from '@handoff/catalogue';
import { partsOfPair, type EpochMs, type FilesStored, type GateDue, type ScrapeRequested, type Sport } from '@handoff/contracts';
import type { Repair } from '@handoff/ledger';
import type { FailedWork, Redo } from '@handoff/retry';

interface Asking {
  readonly sport: Sport;
  readonly now: EpochMs;
  readonly correlationId: string;
}

const kinds: Readonly<Record<Repair['by']['kind'], RetryKind>> = { reload: 'raw', scrape: 'scrape', again: 'hand-off' };

/** A repair as the retry queue takes it: one piece of work, which has succeeded when the rows that were missing are there. */
export function workOf(repair: Repair, asking: Asking): FailedWork {
  const { gap, games, least, attemptKey } = repair;
  const missing = gap.missing.map(partsOfPair).filter(({ scope }) => scope === 'slate' || games.length === 0 || games.some((game) => game === scope));
  return {
    workKey: `heal|${attemptKey}`,
    kind: kinds[repair.by.kind],
    phase: gap.phase,
    processorName: gap.subject,
    gameDate: gap.gameDate,
    correlationId: asking.correlationId,
    inputHash: attemptKey,
    redo: redoOf(repair, asking),
    awaits: { gameDate: gap.gameDate, outputs: [...new Set(missing.map(({ output }) => output))], games: [...new Set(missing.flatMap(({ scope }) => (scope === 'slate' ? [] : [scope])))], ...(Object.keys(least).length === 0 ? {} : { least }) },
    isToldByGap: true,
  };
}

function redoOf({ by, gap, games, purpose, attemptKey }: Repair, { sport, now }: Asking): Redo {
  if (by.kind === 'reload') {
    const { files, fetchedAt } = by.answer;
    const payload: FilesStored = { sport, purpose, executionId: `heal_${attemptKey}`, workflow: 'self-heal', gameDate: gap.gameDate, untilDate: gap.gameDate, files: [...files], fetchedAt, reload: true, ...(games.length === 0 ? {} : { games: [...games] }) };
    return { topic: 'phase1-scrapers-complete', payload, messageKey: `heal_${attemptKey}` };
  }
  if (by.kind === 'scrape') {
    // The id of the request is made when it is sent: items that ask for the same at one moment share one.
    const payload: Omit<ScrapeRequested, 'requestId' | 'decisionId'> = { sport, purpose, workflow: 'self-heal', scraper: by.scraper, gameDate: gap.gameDate, untilDate: gap.gameDate, requestedAt: now, games: [...games] };
    return { topic: 'scrape-requests', payload, messageKey: null };
  }
  const payload: GateDue = { sport, purpose, app: by.app, flow: gap.flow, to: by.to, gameDate: gap.gameDate, dueAt: now, again: { games: [...games], reason: `missing: ${gap.missing.slice(0, 20).join(', ')}` } };
  return { topic: dueTopic(by.app), payload, messageKey: `heal_${attemptKey}` };
}
