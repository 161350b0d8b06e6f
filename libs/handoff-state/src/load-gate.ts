import { isOutputAsked, outputsOf, type Transition } from '@handoff/catalogue';
import { isInRetrospect, type EpochMs, type GameDate, type Purpose } from '@handoff/contracts';
import type { GateGame, GateInput, HandoffKey } from '@handoff/handoff';
import type { StateStore } from '@handoff/ports';
import { dueTime, type SlateGame } from '@handoff/slate';
import { completionsOf, releasesOf, type CompletionDocument, type ReleaseDocument } from './handoff-documents.ts';

export interface GateQuestion {
  readonly transition: Transition;
  readonly key: HandoffKey;
  readonly purpose: Purpose;
  /** unreadable: the games are those that something has completed for. */
  readonly slate: readonly SlateGame[] | 'unreadable';
  readonly now: EpochMs;
}

/** When the inputs of a hand-off are due: the transition's own clock, US Eastern. */
export function dueAtOf({ policy: { due } }: Pick<Transition, 'policy'>, gameDate: GameDate): EpochMs {
  return dueTime(gameDate, due);
}

/** Gathers what a gate decides by: the slate, the completions recorded for it and what was released before. */
export async function loadGate(state: StateStore, question: GateQuestion): Promise<GateInput> {
  const { transition, key } = question;
  const completions = (await state.query<CompletionDocument>({ collection: completionsOf(key) })).map(({ value }) => value);
  const releases = await state.query<ReleaseDocument>({ collection: releasesOf(key) });
  return {
    transition,
    outputs: outputsOf(transition.from, transition.flow).filter((output) => isOutputAsked(output, key.gameDate)),
    games: question.slate === 'unreadable' ? completedGames(completions) : question.slate.map((game) => gateGameOf(game, question)),
    completions,
    releases: releases.map(({ value }) => ({ revision: value.run.revision, isDegraded: value.run.isDegraded, games: value.run.games, consumed: value.consumed })),
    dueAt: dueAtOf(transition, key.gameDate),
  };
}

/** Postgame expects what is or will be played; pregame what has not tipped off yet, or, for past dates, all that was played. */
function gateGameOf(game: SlateGame, { transition, purpose, now }: GateQuestion): GateGame {
  const isPostponed = game.status === 'postponed';
  const isOpen = isInRetrospect(purpose) || (game.status === 'scheduled' && now < game.tipAt);
  return { officialId: game.officialId, isPostponed, isExpected: !isPostponed && (transition.flow === 'postgame' || isOpen) };
}

const completedGames = (completions: readonly CompletionDocument[]): readonly GateGame[] =>
  [...new Set(completions.map(({ scope }) => scope))].flatMap((scope) => (scope === 'slate' ? [] : [{ officialId: scope, isExpected: true, isPostponed: false }]));
