// Finds every way to stream rows into BigQuery. Streamed rows cannot be changed for 30 minutes or more, so that a later
// MERGE, UPDATE or DELETE over them is refused, or misses them: tables are loaded by job or MERGE, and audit events go
// to a topic with a BigQuery subscription (docs/adr/0014-history-as-events.md).

const methods = new Set(['insertAll', 'streamInsert', 'createInsertStream', '_insertAndCreateTable', 'appendRows']);
const storageWriteClient = '@google-cloud/bigquery-storage';
const message = 'No streaming insert: write tables through Warehouse.merge, and history through the pipeline-events topic.';

const nameOf = (node) => (node.type === 'Identifier' || node.type === 'PrivateIdentifier' ? node.name : node.type === 'Literal' ? String(node.value) : '');

/** `anything.table('t')`, or something that is called a table. */
const isTable = (node) => {
  if (node.type === 'CallExpression') return node.callee.type === 'MemberExpression' && nameOf(node.callee.property) === 'table';
  if (node.type === 'MemberExpression') return /table$/i.test(nameOf(node.property));
  return node.type === 'Identifier' && /table$/i.test(node.name);
};

export const noStreamingInsert = {
  meta: { type: 'problem', docs: { description: 'Refuses streaming inserts into BigQuery.' }, schema: [] },
  create(context) {
    const report = (node) => { context.report({ node, message }); };
    return {
      MemberExpression(node) {
        if (methods.has(nameOf(node.property))) report(node);
      },
      CallExpression(node) {
        const { callee } = node;
        if (callee.type === 'MemberExpression' && nameOf(callee.property) === 'insert' && isTable(callee.object)) report(node);
      },
      ImportDeclaration(node) {
        if (node.source.value === storageWriteClient) report(node);
      },
      Literal(node) {
        if (typeof node.value === 'string' && /\/insertAll\b/.test(node.value)) report(node);
      },
      TemplateElement(node) {
        if (/\/insertAll\b/.test(node.value.raw)) report(node);
      },
    };
  },
};

/** Where streaming is what the code is about: what stands in for BigQuery, and what plays another writer. */
const standIns = ['libs/adapters/warehouse-duckdb/**', 'libs/testing/**', 'tools/bigquery-local/**', 'tools/simulator/**', '**/*.spec.ts', 'tools/workspace/eslint/**'];

export const streamingFence = {
  files: ['**/*.ts', '**/*.mjs', '**/*.cjs', '**/*.js'],
  ignores: standIns,
  plugins: { handoff: { rules: { 'no-streaming-insert': noStreamingInsert } } },
  rules: { 'handoff/no-streaming-insert': 'error' },
};
