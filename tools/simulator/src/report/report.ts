import { z } from 'zod';

const Count = z.int().nonnegative();
const Instant = z.iso.datetime();

/** What `handoff simulate --json` prints of one run. */
export const SimulationReport = z.object({
  schema: z.literal('handoff.simulation/1'),
  scenario: z.object({ name: z.string(), seed: Count, sport: z.string(), from: z.iso.date(), to: z.iso.date() }),
  ok: z.boolean().describe('True when every invariant held and every fault fired.'),
  faults: z.array(z.object({ target: z.string(), kind: z.string(), fired: Count })).describe('In the order of the scenario.'),
  invariants: z.array(z.object({
    name: z.string(), held: z.boolean(), violations: z.array(z.string()),
    notJudged: z.string().optional().describe('Why this run says nothing about it.'),
  })),
  incidents: z.array(z.object({
    cause: z.string().describe('The alert code that names it; of a fault that no monitor looks for, its kind.'),
    target: z.string(),
    openedAt: Instant.describe('When the fault first struck.'),
    detectedAt: Instant.nullable(),
    resolvedAt: Instant.nullable().describe('When the fault, the incident about it and every gap that it opened were over; null where something convergent is not as in a clean run, or people are still reminded of the incident.'),
    detectionMinutes: z.number().nullable(),
    healedBy: z.enum(['machine', 'source', 'nobody']),
  })),
  alerts: z.array(z.object({ at: Instant, channel: z.string(), severity: z.string(), cause: z.string(), subject: z.string(), title: z.string(), count: Count })),
  coverage: z.array(z.object({ gameDate: z.iso.date(), output: z.string(), expected: Count, present: Count, state: z.string() })),
  counts: z.object({
    messages: Count, deliveries: Count, redeliveries: Count, duplicatesDropped: Count, retries: Count, rejected: Count, deferred: Count, deadLetters: Count, warehouseStatements: Count, loadJobs: Count,
  }),
  rows: z.array(z.object({ table: z.string(), rows: Count, digest: z.string() })),
  simulatedHours: z.number(),
  wallSeconds: z.number().describe('0 under --json, so that one seed and one commit give one report.'),
});
export type SimulationReport = z.infer<typeof SimulationReport>;
