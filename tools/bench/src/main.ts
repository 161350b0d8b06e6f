import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { loadRecordings } from '@handoff/sources-recorded';
import { measureEmulatedHandoffs } from './emulated-handoff.ts';
import { benchmarkHandoffs } from './handoffs/benchmark-handoffs.ts';
import { runEngine } from './handoffs/engine-process.ts';
import { handoffsSection } from './handoffs/report-handoffs.ts';
import { benchmarkFiles } from './load-files.ts';
import type { Measurement } from './measurements.ts';
import { withSection } from './page.ts';
import { benchmarkDay, type DayMeasurement } from './replayed-day.ts';
import { benchmarkSeason } from './season.ts';
import { benchmarkDrawnWeeks, benchmarkSimulation, simulationSection } from './simulated-day.ts';

/**
 * `npm run bench`: measures, prints, and writes docs/benchmarks.md. `npm run bench -- handoffs` measures the hand-offs
 * alone, `npm run bench -- simulation` a simulated day, `npm run bench -- emulated` those on Google's emulators, and each leaves the rest of the page as it is. `engine`
 * is how the benchmark calls itself for one engine.
 */
export async function main(root: string, [command, ...rest]: readonly string[]): Promise<void> {
  switch (command) {
    case 'engine':
      return runEngine(root, rest[0] ?? '', rest[1] ?? '');
    case 'handoffs':
      return measureHandoffs(root);
    case 'simulation':
      return measureSimulation(root);
    case 'emulated':
      return measureEmulatedHandoffs(root);
    case undefined:
      await measureLoads(root);
      await measureHandoffs(root);
      await measureSimulation(root);
      return measureEmulatedHandoffs(root);
    default:
      throw new RangeError(`there is no benchmark ${command}: say handoffs, simulation, emulated, or nothing for all`);
  }
}

async function measureHandoffs(root: string): Promise<void> {
  const benchmark = await benchmarkHandoffs(root, (line) => { process.stdout.write(`${line}\n`); });
  const file = join(root, 'docs', 'benchmarks.md');
  writeFileSync(file, withSection(readFileSync(file, 'utf8'), handoffsSection(benchmark)));
}

async function measureSimulation(root: string): Promise<void> {
  const measured = await benchmarkSimulation(loadRecordings(join(root, 'tools', 'local', 'recordings', 'nba')));
  for (const { name, secondsPerDay, cpuSecondsPerDay } of measured) process.stdout.write(`a simulated day, ${name}: ${secondsPerDay.toFixed(2)} s, ${cpuSecondsPerDay.toFixed(2)} s of CPU\n`);
  const drawn = benchmarkDrawnWeeks(root);
  process.stdout.write(`a simulated day, ${drawn.runs} drawn weeks in ${drawn.processes} processes: ${drawn.secondsPerDay.toFixed(2)} s\n`);
  const file = join(root, 'docs', 'benchmarks.md');
  writeFileSync(file, withSection(readFileSync(file, 'utf8'), simulationSection(measured, drawn)));
}

async function measureLoads(root: string): Promise<void> {
  const season = loadRecordings(join(root, 'tools', 'local', 'recordings', 'nba'));
  const measurements: Measurement[] = [];
  const measure = async (work: Promise<Measurement>): Promise<void> => {
    const measurement = await work;
    measurements.push(measurement);
    process.stdout.write(`${measurement.name}: ${measurement.seconds.toFixed(2)} s\n`);
  };
  await measure(benchmarkFiles(season, { name: '89 files of box scores', files: 89, rows: 7_018, earlierSeconds: 684 }));
  await measure(benchmarkFiles(season, { name: 'one file of box scores', files: 1, rows: 6_982, earlierSeconds: 405 }));
  await measure(benchmarkSeason(season));
  const day = await benchmarkDay(season);
  process.stdout.write(`a replayed day: ${day.secondsPerDay.toFixed(2)} s\n`);
  writeFileSync(join(root, 'docs', 'benchmarks.md'), report(measurements, day));
}

function report(measurements: readonly Measurement[], day: DayMeasurement): string {
  const [cpu] = cpus();
  const rows = measurements.map(({ name, rows: count, seconds, floorSeconds, earlierSeconds }) => [
    name, count.toLocaleString('en'), seconds.toFixed(2), Math.round(count / seconds).toLocaleString('en'), floorSeconds.toFixed(3), (seconds / floorSeconds).toFixed(1), earlierSeconds === undefined ? '' : `${earlierSeconds} s, ${Math.round(earlierSeconds / seconds)} times`,
  ]);
  return [
    '# Benchmarks',
    '',
    '`npm run bench` writes this page. Seconds depend on the machine and on what else it does; ratios to the floor of the same run are what to compare.',
    '',
    `Machine: ${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${arch()}, Node ${process.versions.node}.`,
    '',
    '| what | rows | seconds | rows per second | floor, s | times the floor | the earlier system |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    'The floor is the same bytes through `JSON.parse` and one bulk load into DuckDB in memory: no validation, no identity, no keys, no durability. What is measured stores each file, validates it, resolves players and games, merges on natural keys into a file database, and counts the rows that are there afterwards. The files are the least of three runs; the season is one.',
    '',
    ...measurements.flatMap(({ name, remark }) => (remark === undefined ? [] : [`${name}: ${remark}.`, ''])),
    '## A replayed day',
    '',
    `Five slates (2026-01-19 to 23), hour by hour, every call over HTTP, without rendering: ${day.secondsPerDay.toFixed(2)} s a day, ${Math.round(day.statementsPerDay)} warehouse statements and ${Math.round(day.callsPerDay)} function calls a day. Loading the season before them takes ${day.historySeconds.toFixed(1)} s. The statements include those of loading it.`,
    '',
  ].join('\n');
}
