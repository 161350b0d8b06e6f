import { outputNamed, outputsOf, retriedWork, scraperOfPath, type FunctionName, type Output } from '@handoff/catalogue';
import { FilesStored, GameDate, hashOf, PhaseTriggered, PredictionRequested } from '@handoff/contracts';
import { workKeyOf } from '@handoff/handoff-state';
import type { OutgoingMessage } from '@handoff/ports';
import type { AwaitedRows, FailedWork } from '@handoff/retry';
import { z } from 'zod';

/** The work that a message asks of a function, as the retry queue keeps it; undefined where the queue does not take it. */
export function failedWorkOf(functionName: FunctionName, topic: string, message: OutgoingMessage): FailedWork | undefined {
  const retried = retriedWork[functionName];
  if (retried === undefined) return undefined;
  const { key, payload, correlationId } = message;
  return {
    workKey: `${functionName}|${workKeyOf(topic, key)}`,
    ...retried,
    processorName: functionName,
    gameDate: gameDateOf(payload),
    correlationId,
    inputHash: hashOf(JSON.stringify(payload)),
    redo: { topic, payload, messageKey: key },
    awaits: awaitedRowsOf(payload),
  };
}

const Dated = z.object({ gameDate: GameDate });

/** The game date of a message, wherever it has one; of several the first. */
const DatedMessage = z.union([
  Dated.transform(({ gameDate }) => gameDate),
  z.object({ run: Dated }).transform(({ run }) => run.gameDate),
  z.object({ runs: z.tuple([Dated], Dated) }).transform(({ runs }) => runs[0].gameDate),
  z.object({ completions: z.tuple([Dated], Dated) }).transform(({ completions }) => completions[0].gameDate),
]);

function gameDateOf(payload: unknown): GameDate | null {
  const parsed = DatedMessage.safeParse(payload);
  return parsed.success ? parsed.data : null;
}

/** The rows that must be there when a message's work is done. null where there may rightly be none, and of many dates: the function alone can tell. */
function awaitedRowsOf(payload: unknown): AwaitedRows | null {
  const triggered = PhaseTriggered.safeParse(payload);
  if (triggered.success) return awaitedOfRun(triggered.data);
  const requested = PredictionRequested.safeParse(payload);
  if (requested.success) return { gameDate: requested.data.run.gameDate, outputs: ['nba_predictions.player_prop_predictions'], games: [] };
  const stored = FilesStored.safeParse(payload);
  return stored.success ? awaitedOfFiles(stored.data) : null;
}

function awaitedOfRun({ phase, flow, runs: [run, ...others] }: PhaseTriggered): AwaitedRows | null {
  const names = outputsOf(phase, flow).filter(isNeverEmpty).map(({ name }) => name);
  if (run === undefined || others.length > 0 || names.length === 0 || run.games.length === 0) return null;
  return { gameDate: run.gameDate, outputs: names, games: flow === 'postgame' ? run.games : [] };
}

/** Grades are of predictions, of which a date may have none. */
const isNeverEmpty = ({ need, phase, emptyWithout }: Output): boolean => need === 'required' && phase !== 'phase6-grade' && emptyWithout === undefined;

function awaitedOfFiles({ gameDate, untilDate, files: [file] }: FilesStored): AwaitedRows | null {
  const table = file === undefined ? undefined : scraperOfPath(file.path)?.loads;
  const output = table === undefined ? undefined : outputNamed(table);
  if (output === undefined || output.flow !== 'postgame' || gameDate !== untilDate) return null;
  return { gameDate, outputs: [output.name], games: [] };
}
