// Who may import whom, by tag. The table is docs/architecture.md's; a project has one type and one scope.
const may = {
  contract: ['contract'],
  domain: ['domain', 'contract'],
  port: ['domain', 'contract'],
  protocol: ['protocol', 'port', 'domain', 'contract'],
  flow: ['protocol', 'port', 'domain', 'contract'],
  adapter: ['port', 'domain', 'contract'],
  composition: ['adapter', 'runtime', 'protocol', 'port', 'domain', 'contract'],
  runtime: ['runtime', 'protocol', 'port', 'domain', 'contract'],
  testing: ['testing', 'port', 'domain', 'contract'],
  app: ['flow', 'composition', 'runtime', 'protocol', 'port', 'domain', 'contract'],
  tool: ['tool', 'app', 'flow', 'protocol', 'adapter', 'composition', 'runtime', 'port', 'domain', 'contract'],
};

const scopes = {
  shared: ['shared'],
  phase: ['phase', 'shared'],
  healing: ['healing', 'phase', 'shared'],
  health: ['health', 'phase', 'shared'],
  ops: ['ops', 'phase', 'healing', 'health', 'shared'],
};

const sdks = ['@google-cloud/*', '@duckdb/*', 'lmdb', 'google-auth-library', 'google-gax', 'undici', 'nodemailer'];
const withoutSdk = new Set(['contract', 'domain', 'port', 'protocol', 'flow', 'testing']);

const constraint = (dimension, name, allowed, extra = {}) => ({
  sourceTag: `${dimension}:${name}`,
  onlyDependOnLibsWithTags: allowed.map((tag) => `${dimension}:${tag}`),
  ...extra,
});

export const depConstraints = [
  ...Object.entries(may).map(([type, allowed]) => constraint('type', type, allowed, withoutSdk.has(type) ? { bannedExternalImports: sdks } : {})),
  ...Object.entries(scopes).map(([scope, allowed]) => constraint('scope', scope, allowed)),
];

/** Specs may use the testing lib and adapters besides: contract suites run where the adapter is, flows on a whole profile. */
export const specDepConstraints = depConstraints.map((entry) =>
  entry.sourceTag.startsWith('type:') && entry.sourceTag !== 'type:contract'
    ? {
        ...entry,
        onlyDependOnLibsWithTags: [...new Set([...entry.onlyDependOnLibsWithTags, 'type:testing', 'type:adapter', 'type:port', 'type:protocol', 'type:domain', ...(entry.sourceTag === 'type:flow' ? ['type:composition'] : [])])],
      }
    : entry,
);

export const types = Object.keys(may);
export const scopeNames = Object.keys(scopes);
