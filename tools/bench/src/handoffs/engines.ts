import type { OpenEngine } from './engine.ts';
import { embeddedSink, lmdbSink, openFloor } from './floor-engine.ts';
import { openEmbeddedOnDisk, openOwnEngine } from './own-engine.ts';
import { bossQueue, graphileQueue, openPostgres, tableQueue, type PostgresSetting } from './postgres-engines.ts';

/** Where an engine is opened: the PostgreSQL of the run, where there is one. */
export interface EngineSetting {
  readonly root: string;
  /** The folder of its socket; empty without one. */
  readonly postgresHost: string;
}

export interface NamedEngine {
  readonly name: string;
  readonly kind: 'ours' | 'floor' | 'database' | 'queue';
  readonly title: string;
  readonly open: (setting: EngineSetting) => OpenEngine;
}

/** Enough that the statements of many dates share a flush; more made none of the engines faster on 2 cores. */
export const connections = 20;

const postgresSetting = ({ root, postgresHost }: EngineSetting): PostgresSetting => ({ root, cluster: { host: postgresHost, user: 'postgres' }, connections });

export const engines: readonly NamedEngine[] = [
  { name: 'ours', kind: 'ours', title: 'handoff, embedded, flushed', open: () => openOwnEngine(openEmbeddedOnDisk) },
  { name: 'floor', kind: 'floor', title: 'floor: its journal and lmdb, the documents alone', open: () => openFloor(embeddedSink) },
  { name: 'floor-lmdb', kind: 'floor', title: 'floor: lmdb by itself, the documents alone', open: () => openFloor(lmdbSink) },
  { name: 'postgres', kind: 'database', title: 'PostgreSQL, each statement by itself', open: (setting) => openPostgres(postgresSetting(setting), tableQueue({ takersMax: 8, batchMax: 1 }), false) },
  { name: 'postgres-batched', kind: 'database', title: 'PostgreSQL, statements in batches', open: (setting) => openPostgres(postgresSetting(setting), tableQueue({ takersMax: 1, batchMax: 1_000 }), true) },
  { name: 'graphile-worker', kind: 'queue', title: 'graphile-worker', open: (setting) => openPostgres(postgresSetting(setting), graphileQueue, true) },
  { name: 'pg-boss', kind: 'queue', title: 'pg-boss', open: (setting) => openPostgres(postgresSetting(setting), bossQueue, true) },
];
