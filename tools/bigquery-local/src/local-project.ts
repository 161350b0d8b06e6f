import type { TableDefinition } from '@handoff/contracts';
import type { Clock, ObjectStore } from '@handoff/ports';
import type { EmbeddedSql } from '@handoff/warehouse-duckdb';
import { alreadyExists, invalid, notFound } from './rest-failure.ts';
import { definitionOf, resourceOf, tableAnswer, type TableChange, type TableResource } from './table-resources.ts';
import { WriteConflicts } from './write-conflicts.ts';

export interface LocalProjectOptions {
  readonly name: string;
  readonly location: string;
  readonly clock: Clock;
  /** Buckets from which load jobs read `gs://` sources. */
  readonly objects: (bucket: string) => ObjectStore;
}

/** The datasets and tables of one project: what the REST interface says of them, over the engine that holds the rows. */
export class LocalProject {
  readonly engine: EmbeddedSql;
  readonly options: LocalProjectOptions;
  readonly writeConflicts = new WriteConflicts();
  private readonly datasets = new Set<string>();
  private readonly resources = new Map<string, TableResource>();

  constructor(engine: EmbeddedSql, options: LocalProjectOptions) {
    this.engine = engine;
    this.options = options;
    for (const table of engine.definitions().values()) {
      this.datasets.add(table.name.split('.')[0] ?? '');
      this.resources.set(table.name, resourceOf(table));
    }
  }

  createDataset(id: string): void {
    if (this.datasets.has(id)) throw alreadyExists(`Dataset ${this.options.name}:${id}`);
    this.datasets.add(id);
  }

  datasetIds(): readonly string[] {
    return [...this.datasets].sort();
  }

  /** @throws a GoogleFailure for a dataset that does not exist. */
  dataset(id: string): string {
    if (!this.datasets.has(id)) throw notFound(`Dataset ${this.options.name}:${id}`);
    return id;
  }

  async createTable(dataset: string, resource: TableResource): Promise<void> {
    const definition = definitionOf(this.dataset(dataset), resource);
    if (this.resources.has(definition.name)) throw alreadyExists(`Table ${this.options.name}:${definition.name}`);
    if (definition.columns.length === 0) throw invalid('A table needs a schema with at least one field');
    await this.engine.createTable(definition);
    this.resources.set(definition.name, resource);
  }

  /** Changes what is said of a table, not its columns. */
  changeTable(name: string, change: TableChange): void {
    const resource = this.resource(name);
    const { schema, ...rest } = change;
    if (schema !== undefined && JSON.stringify(schema) !== JSON.stringify(resource.schema)) throw invalid('bigquery-local does not change the columns of a table: see docs/local-google.md');
    this.resources.set(name, { ...resource, ...rest, tableReference: resource.tableReference });
  }

  async deleteTable(name: string): Promise<void> {
    this.resource(name);
    await this.engine.dropTable(name);
    this.resources.delete(name);
  }

  tableNames(dataset: string): readonly string[] {
    return [...this.resources.keys()].filter((name) => name.startsWith(`${this.dataset(dataset)}.`)).sort();
  }

  hasTable(name: string): boolean {
    return this.resources.has(name);
  }

  /** @throws a GoogleFailure for a table that does not exist. */
  definition(name: string): TableDefinition {
    this.resource(name);
    const definition = this.engine.definitions().get(name);
    if (definition === undefined) throw notFound(`Table ${this.options.name}:${name}`);
    return definition;
  }

  /** What tables.get answers. */
  async describeTable(name: string): Promise<Readonly<Record<string, unknown>>> {
    const resource = this.resource(name);
    const { name: project, location } = this.options;
    const [{ total }, buffered] = await Promise.all([this.engine.read(name, { first: 0, count: 0 }), this.engine.buffered(name)]);
    return tableAnswer(resource, { project, dataset: name.split('.')[0] ?? '', location, isView: this.engine.isView(name), rows: total, buffered });
  }

  /** Drops the tables whose time is over. */
  async expireTables(): Promise<void> {
    const now = this.options.clock.now();
    for (const [name, { expirationTime }] of this.resources) if (expirationTime !== undefined && expirationTime <= now) await this.deleteTable(name);
  }

  private resource(name: string): TableResource {
    const resource = this.resources.get(name);
    if (resource === undefined) throw notFound(`Table ${this.options.name}:${name}`);
    return resource;
  }
}
