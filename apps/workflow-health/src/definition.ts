import { answerWorkflows, checkWorkflows, WorkflowQuestion } from '@handoff/flow-check-health';
import { question, type FunctionDefinition } from '@handoff/ports';
import { Config } from './config.ts';

export const definition: FunctionDefinition<Config> = {
  name: 'workflow-health',
  config: Config,
  routes: [],
  onSchedule: (context, config) => checkWorkflows(config.SPORT, context),
  onQuestion: question(WorkflowQuestion, (asked, ports, config: Config) => answerWorkflows(config.SPORT, asked, ports)),
};
