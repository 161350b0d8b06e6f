import { readdirSync, readFileSync } from 'node:fs';
import { alertCodes, functionNames, stateLifetimes, type AlertCode, type ExpiringCollection, type StateLifetime } from '@handoff/catalogue';
import { days, errorKinds, type Disposition } from '@handoff/contracts';

/** A page of docs/ that derives from others, as it should be. */
export interface IndexPage {
  /** Below the workspace's root. */
  readonly path: string;
  readonly text: string;
}

/** The indexes of the runbooks, from the catalogue's alert codes, of the errors, from their kinds, of what is kept in the state store, and of the decisions, from their files. */
export function documentIndexes(): readonly IndexPage[] {
  return [
    { path: 'docs/runbooks/README.md', text: runbookIndex(alertCodes) },
    { path: 'docs/errors.md', text: errorIndex() },
    { path: 'docs/state.md', text: lifetimeIndex() },
    { path: 'docs/adr/README.md', text: decisionIndex(decisions()) },
  ];
}

interface Decision {
  readonly file: string;
  readonly title: string;
  readonly status: string;
}

function decisions(): readonly Decision[] {
  return readdirSync('docs/adr').filter((file) => /^\d{4}-.*\.md$/.test(file)).sort().map((file) => {
    const text = readFileSync(`docs/adr/${file}`, 'utf8');
    const title = /^# \d{4} (.+)$/m.exec(text)?.[1];
    const status = /^Status: (.+)$/m.exec(text)?.[1];
    if (title === undefined || status === undefined) throw new RangeError(`docs/adr/${file} has no title "# NNNN Title" or no line "Status: …"`);
    return { file, title, status };
  });
}

const runbookIndex = (codes: readonly AlertCode[]): string => `# Runbooks

One page per alert code of \`libs/catalogue/src/alerts.ts\`. This page is written by \`npm run docs\`; change the catalogue, not the page. How to query the stores is in [look inside](../guides/look-inside.md).

| code | severity | meaning |
|---|---|---|
${codes.map(({ code, severity, meaning }) => `| [${code}](${code}.md) | ${severity} | ${meaning} |`).join('\n')}
`;

/** The runbook of an error: its own page, or that of the alert under which its disposition is told. */
function runbookOf(code: string, disposition: Disposition): string {
  if (alertCodes.some((alert) => alert.code === code)) return code;
  const told: Readonly<Record<Disposition, string>> = { retry: 'retries-exhausted', reject: 'message-rejected', defer: 'platform-fault' };
  return told[disposition];
}

const errorIndex = (): string => `# Errors

Every error that the workspace raises, by its stable code; what the host does with it follows from its disposition ([failure policy](failure-policy.md)). This page is written by \`npm run docs\` from \`libs/contracts/src/error-codes.ts\`; change that, not the page.

| code | disposition | meaning | runbook |
|---|---|---|---|
${Object.entries(errorKinds).map(([code, { disposition, meaning }]) => `| \`${code}\` | ${disposition} | ${meaning} | [${runbookOf(code, disposition)}](runbooks/${runbookOf(code, disposition)}.md) |`).join('\n')}
`;

const decisionIndex = (known: readonly Decision[]): string => `# Decisions

One page per decision, in the order in which they were made. This page is written by \`npm run docs\`; [0001](${known[0]?.file ?? ''}) says when a decision gets a page and how it is written.

| number | decision | status |
|---|---|---|
${known.map(({ file, title, status }) => `| ${file.slice(0, 4)} | [${title}](${file}) | ${status} |`).join('\n')}
`;

const lifetimeIndex = (): string => `# How long state is kept

Every collection of the state store. Documents that expire are deleted by Firestore's time-to-live policies, as a rule within a day after their time; until then they are read as ever, and each write puts their time off. This page is written by \`npm run docs\` from \`libs/catalogue/src/state-lifetimes.ts\`, and the policies in \`schemas/firestore\` by \`npm run schemas\`; change the catalogue, not the page. Why so: [0052](adr/0052-state-expires-unless-in-hand.md). What a collection holds: [look inside](guides/look-inside.md).

| collection | kept | why |
|---|---|---|
${stateLifetimes.filter(({ collection }) => !isFurtherClaim(collection)).map((lifetime) => `| \`${isClaim(lifetime.collection) ? 'claims_<function>' : lifetime.collection}\` | ${keptText(lifetime)} | ${lifetime.why} |`).join('\n')}
`;

const claimCollections: readonly string[] = functionNames.map((name) => `claims_${name}`);
const isClaim = (collection: string): boolean => claimCollections.includes(collection);
/** One line stands for the claims of all functions. */
const isFurtherClaim = (collection: string): boolean => claimCollections.indexOf(collection) > 0;

function keptText(lifetime: StateLifetime | ExpiringCollection): string {
  if ('keptForMs' in lifetime) return `${lifetime.keptForMs / days(1)} days after its last write${lifetime.isOver === undefined ? '' : ', once it is over'}`;
  return lifetime.kept === 'for-good' ? 'for good' : 'until its work deletes it';
}
