import { createHash } from 'node:crypto';
import { expiringCollections, functionNames, stateIndexes, tables, tableSubscriptions, views } from '@handoff/catalogue';
import type { TableDefinition, ViewDefinition } from '@handoff/contracts';
import { expiryField } from '@handoff/ports';
import type { Installation } from '../installation.ts';
import { columnTypeOf, tableStatement, viewStatement } from '../schemas/bigquery-schemas.ts';
import type { Step } from '../step.ts';
import { gcloud, gcloudJson, query } from './google.ts';
import { accountIdOf, busAgentOf, memberOf } from './names.ts';

const datasetOf = (name: string): string => name.slice(0, name.indexOf('.'));
const inDataset = (name: string): string => name.slice(name.indexOf('.') + 1);
const datasets = [...new Set([...tables, ...views].map(({ name }) => datasetOf(name)))].sort();

const regionOf = ({ bigQueryLocation }: Installation): string => `\`region-${bigQueryLocation.toLowerCase()}\`.INFORMATION_SCHEMA`;

/** Datasets with who may use them, tables, and views over them. */
export const planTables = (installation: Installation): readonly Step[] => [
  ...datasets.map((dataset) => planDataset(dataset, installation)),
  ...datasets.flatMap((dataset) => planGrants(dataset, installation)),
  ...tables.map((table) => planTable(table, installation)),
  ...views.map((view) => planView(view, installation)),
];

const planDataset = (dataset: string, installation: Installation): Step => ({
  part: 'tables', name: `dataset ${dataset}`,
  look: { command: query(installation, `SELECT schema_name FROM ${regionOf(installation)}.SCHEMATA`), where: { schema_name: dataset } },
  wanted: [],
  create: [query(installation, `CREATE SCHEMA IF NOT EXISTS \`${dataset}\` OPTIONS (location = '${installation.bigQueryLocation}')`)], update: [],
});

/** Functions read and write rows; Pub/Sub appends to the datasets that have logs. */
function planGrants(dataset: string, installation: Installation): readonly Step[] {
  const role = 'roles/bigquery.dataEditor';
  const hasLogs = tableSubscriptions.some(({ table }) => datasetOf(table) === dataset);
  const grantees = [...functionNames.map((name) => ({ title: accountIdOf(name), member: memberOf(name, installation) })), ...(hasLogs ? [{ title: 'Pub/Sub', member: busAgentOf(installation) }] : [])];
  const text = `GRANT \`${role}\` ON SCHEMA \`${dataset}\` TO ${grantees.map(({ member }) => `'${member}'`).join(', ')}`;
  return [{
    part: 'tables', name: `${role} of dataset ${dataset}`,
    look: { command: query(installation, `SELECT privilege_type, grantee FROM ${regionOf(installation)}.OBJECT_PRIVILEGES WHERE object_name = '${dataset}'`), where: { privilege_type: role } },
    wanted: grantees.map(({ member }) => ({ grantee: member })),
    create: [query(installation, text)], update: [query(installation, text)],
  }];
}

/** A column that is new is added, and empty in the rows that are there. What has another type people have to decide about: the step is different still, and says so. */
function planTable(table: TableDefinition, installation: Installation): Step {
  const added = table.columns.map((column) => `ADD COLUMN IF NOT EXISTS ${column.name} ${columnTypeOf(column)}`).join(', ');
  const [schema, name] = [datasetOf(table.name), inDataset(table.name)];
  return {
    part: 'tables', name: `table ${table.name}`,
    look: {
      command: query(installation, `SELECT table_schema, table_name, column_name, data_type FROM ${regionOf(installation)}.COLUMNS`),
      where: { table_schema: schema, table_name: name },
    },
    wanted: table.columns.map((column) => ({ column_name: column.name, data_type: columnTypeOf(column) })),
    create: [query(installation, tableStatement(table))],
    update: [query(installation, `ALTER TABLE \`${table.name}\` ${added}`)],
  };
}

/** Of a view's text without its white space, which a service may keep as it likes. Lower-case hexadecimal. */
const viewDigest = String.raw`TO_HEX(SHA256(REGEXP_REPLACE(view_definition, r'\s+', '')))`;
const digestOf = (text: string): string => createHash('sha256').update(text.replaceAll(/\s+/g, '')).digest('hex');

function planView(view: ViewDefinition, installation: Installation): Step {
  const make = [query(installation, viewStatement(view))];
  return {
    part: 'tables', name: `view ${view.name}`,
    look: { command: query(installation, `SELECT table_schema, table_name, ${viewDigest} AS text_digest FROM ${regionOf(installation)}.VIEWS`), where: { table_schema: datasetOf(view.name), table_name: inDataset(view.name) } },
    wanted: [{ text_digest: digestOf(view.text) }],
    create: make, update: make,
  };
}

/** The database of the state store, its indexes, and which of its documents the store deletes by itself. */
export function planState(installation: Installation): readonly Step[] {
  const database = `projects/${installation.project}/databases/(default)`;
  return [
    {
      part: 'state', name: 'database (default)',
      look: { command: gcloudJson(installation, 'firestore', 'databases', 'list'), where: { name: database } },
      wanted: [{ type: 'FIRESTORE_NATIVE', locationId: installation.firestoreLocation, deleteProtectionState: 'DELETE_PROTECTION_ENABLED' }],
      create: [gcloud(installation, 'firestore', 'databases', 'create', `--location=${installation.firestoreLocation}`, '--type=firestore-native', '--delete-protection')],
      update: [gcloud(installation, 'firestore', 'databases', 'update', '--database=(default)', '--delete-protection')],
    },
    ...stateIndexes.map(({ collection, fields }): Step => {
      const shown = fields.map(({ field, direction }) => ({ fieldPath: field, order: direction === 'asc' ? 'ASCENDING' : 'DESCENDING' }));
      return {
        part: 'state', name: `index of ${collection} by ${fields.map(({ field }) => field).join(', ')}`,
        look: { command: gcloudJson(installation, 'firestore', 'indexes', 'composite', 'list', `--filter=name:/collectionGroups/${collection}/`), where: { fields: shown } },
        wanted: [],
        create: [gcloud(installation, 'firestore', 'indexes', 'composite', 'create', `--collection-group=${collection}`, ...shown.map(({ fieldPath, order }) => `--field-config=field-path=${fieldPath},order=${order.toLowerCase()}`), '--async')], update: [],
      };
    }),
    // One after the other, and not each field's two changes at once.
    ...expiringCollections.map(({ collection }) => planUnindexed(collection, `${database}/collectionGroups/${collection}/fields/${expiryField}`, installation)),
    ...expiringCollections.map(({ collection }) => planExpiry(collection, `${database}/collectionGroups/${collection}/fields/${expiryField}`, installation)),
  ];
}

/** Without an index: nobody asks by it, and one over times that rise would take each write at its end. */
function planUnindexed(collection: string, field: string, installation: Installation): Step {
  const create = [gcloud(installation, 'firestore', 'indexes', 'fields', 'update', expiryField, `--collection-group=${collection}`, '--disable-indexes', '--async')];
  return { part: 'state', name: `no index of the expiry of ${collection}`, look: { command: gcloudJson(installation, 'firestore', 'indexes', 'fields', 'list'), where: { name: field } }, wanted: [], create, update: [], isSlow: true };
}

function planExpiry(collection: string, field: string, installation: Installation): Step {
  const expire = [gcloud(installation, 'firestore', 'fields', 'ttls', 'update', expiryField, `--collection-group=${collection}`, '--enable-ttl', '--async')];
  return { part: 'state', name: `expiry of ${collection}`, look: { command: gcloudJson(installation, 'firestore', 'fields', 'ttls', 'list'), where: { name: field } }, wanted: [{ ttlConfig: {} }], create: expire, update: expire, isSlow: true };
}
