import { workflowHealthDefaults } from '@handoff/catalogue';
import { minutes, type Sport } from '@handoff/contracts';
import { loadWorkflowHealth, shownReport } from '@handoff/pipeline-health';
import type { Ports } from '@handoff/ports';
import { z } from 'zod';

const { lookBackHours, lookBackHoursMax, gapThreshold, gapThresholdMax } = workflowHealthDefaults;

/** What `workflow-health` may be asked on demand (requirement F231): whole numbers, as text where they come in a query. */
export const WorkflowQuestion = z.strictObject({
  hours: z.coerce.number().int().min(1).max(lookBackHoursMax).default(lookBackHours),
  thresholdMinutes: z.coerce.number().int().min(1).max(gapThresholdMax / 60_000).default(gapThreshold / 60_000),
});
export type WorkflowQuestion = z.infer<typeof WorkflowQuestion>;

/** All that the checks have seen over the hours that are asked for. Reads only, and tells nobody else. */
export async function answerWorkflows(sport: Sport, { hours, thresholdMinutes }: WorkflowQuestion, ports: Ports): Promise<Readonly<Record<string, unknown>>> {
  return { schema: 'handoff.workflow-health/1', ...shownReport(await loadWorkflowHealth(ports, { sport, lookBackHours: hours, gapThreshold: minutes(thresholdMinutes), isReview: true })) };
}
