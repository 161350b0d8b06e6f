import { completionTopics, dueTopic, transitions, type Topic, type TransitionApp } from '@handoff/catalogue';
import { GateDue, OutputsCompleted } from '@handoff/contracts';
import { route, type FunctionDefinition } from '@handoff/ports';
import { z } from 'zod';
import { recordCompletions } from './record-completions.ts';
import { reconsiderGate } from './reconsider-gate.ts';

/** What an operator may set on a transition; everything else is the catalogue's. */
export const TransitionConfig = z.object({
  /** Coverage from which an incomplete set goes ahead after its grace, instead of the catalogue's. */
  COVERAGE_THRESHOLD_PCT: z.coerce.number().min(0).max(100).optional(),
});
export type TransitionConfig = z.infer<typeof TransitionConfig>;

/** The function of a transition app: five apps are five rows of the catalogue. */
export function transitionDefinition(app: TransitionApp): FunctionDefinition<TransitionConfig> {
  const upstream = new Set<Topic>(transitions.filter((transition) => transition.app === app).flatMap(({ from }) => (from === 'phase1' ? [] : [completionTopics[from]])));
  return {
    name: app,
    config: TransitionConfig,
    routes: [
      ...[...upstream].map((topic) => route<TransitionConfig, typeof OutputsCompleted>(topic, OutputsCompleted, (message, context, config) => recordCompletions(app, message, context, thresholdOf(config)))),
      route<TransitionConfig, typeof GateDue>(dueTopic(app), GateDue, (message, context, config) => reconsiderGate(app, message, context, thresholdOf(config))),
    ],
  };
}

const thresholdOf = ({ COVERAGE_THRESHOLD_PCT: percent }: TransitionConfig): number | undefined => (percent === undefined ? undefined : percent / 100);
