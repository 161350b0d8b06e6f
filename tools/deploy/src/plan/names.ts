import { alertChannels, functionNames, sources, type FunctionName } from '@handoff/catalogue';
import type { Installation } from '../installation.ts';

/** Accounts that are no function's. */
export type AccountName = FunctionName | 'invoker' | 'builder';

/** 30 characters at most, Google's limit of 2026: the longest function has 26. */
const accountPrefix = 'fn-';

export const accountIdOf = (name: AccountName): string => `${accountPrefix}${name}`;
export const accountOf = (name: AccountName, { project }: Installation): string => `${accountIdOf(name)}@${project}.iam.gserviceaccount.com`;
export const memberOf = (name: AccountName, installation: Installation): string => `serviceAccount:${accountOf(name, installation)}`;

/** Pub/Sub's own account in the project: it pushes in our name, keeps dead letters, and appends to tables. */
export const busAgentOf = ({ projectNumber }: Installation): string => `serviceAccount:service-${projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`;

/** Where a function listens, known before it is there: Google keeps this address for functions of the second generation. */
export const addressOf = (name: string, { region, project }: Installation): string => `https://${region}-${project}.cloudfunctions.net/${name}`;

/** A secret: the variable that a function reads it from, the name under which it is kept, and who is given it. */
export interface SecretPlan {
  readonly variable: string;
  readonly name: string;
  readonly readers: readonly FunctionName[];
}

const secretNameOf = (variable: string): string => variable.toLowerCase().replaceAll('_', '-');

/** Every secret: of the channels for whoever tells people, which is every function; of the sources for those alone that ask them. */
export function secretsOf(asking: ReadonlySet<FunctionName>): readonly SecretPlan[] {
  const keys = sources.flatMap((source) => ('secret' in source && source.enabled.length > 0 ? [source.secret.variable] : []));
  return [
    ...alertChannels.map(({ secret: { variable } }) => ({ variable, name: secretNameOf(variable), readers: functionNames })),
    ...keys.map((variable) => ({ variable, name: secretNameOf(variable), readers: functionNames.filter((name) => asking.has(name)) })),
  ];
}
