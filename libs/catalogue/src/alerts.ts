/** How loud an alert is when nothing is known beyond its cause. */
export interface AlertCode {
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'error' | 'critical';
  /** One line for people: what it means. The runbook docs/runbooks/<code>.md says the rest. */
  readonly meaning: string;
}

/** Every cause that the product alerts about. The code is its name in runbooks, reports and diagnosis. */
export const alertCodes = [
  { code: 'unknown-storage-path', severity: 'critical', meaning: 'A stored file is under no prefix of the catalogue, so nothing would load it.' },
  { code: 'unknown-output', severity: 'critical', meaning: 'A completion names an output that the catalogue does not know.' },
  { code: 'malformed-message', severity: 'error', meaning: 'A message does not have the shape that its contract asks for.' },
  { code: 'payload-malformed', severity: 'error', meaning: 'A source answered in a shape that its contract does not know.' },
  { code: 'no-rows-for-final-games', severity: 'warning', meaning: 'A source has no rows for games that are final.' },
  { code: 'unresolved-identity', severity: 'warning', meaning: 'Rows of a source name a game or a team that could not be identified.' },
  { code: 'gate-blocked', severity: 'critical', meaning: 'A phase was not released: too little of what it needs is there after its grace.' },
  { code: 'gate-degraded', severity: 'warning', meaning: 'A phase was released with some of its inputs missing.' },
  { code: 'workflow-aborted', severity: 'critical', meaning: 'The controller could not decide about a workflow.' },
  { code: 'games-not-collected', severity: 'warning', meaning: 'A collection window closed with final games still without a box score.' },
  { code: 'discovery-exhausted', severity: 'warning', meaning: 'A workflow that looks for something each day has used up its attempts without finding it.' },
  { code: 'message-rejected', severity: 'error', meaning: 'A message can never succeed and was put aside; its own code says why.' },
  { code: 'function-failed', severity: 'error', meaning: 'A function failed on an error that nobody classified: a bug.' },
  { code: 'message-dead-lettered', severity: 'error', meaning: 'A message used up its deliveries.' },
  { code: 'platform-fault', severity: 'critical', meaning: 'A part of our own platform refuses work: permission, missing table, schema, configuration or space.' },
] as const satisfies readonly AlertCode[];

export type AlertCause = (typeof alertCodes)[number]['code'];
