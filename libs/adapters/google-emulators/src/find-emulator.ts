import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

export type EmulatorName = 'firestore' | 'pubsub';

/** An emulator that is not installed here, and what is missing. */
export interface EmulatorMissing {
  readonly kind: 'not-installed';
  readonly reason: string;
}

/** How an emulator of this machine is started on a port of the loopback interface. */
export interface EmulatorCommand {
  readonly kind: 'installed';
  readonly java: string;
  readonly argumentsOn: (port: number) => readonly string[];
}

/** Ready in 1.4 to 1.6 s instead of 2 to 3.6 (2 cores, Java 17): neither lives long enough for the second compiler. */
const jvmFlags = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Duser.language=en'];

interface Emulator {
  /** Folder of the jar below the SDK's `platform`. */
  readonly folder: readonly string[];
  /** The version is part of some jars' names. */
  readonly jar: RegExp;
  readonly argumentsOf: (jar: string, port: number) => readonly string[];
}

const emulators: Readonly<Record<EmulatorName, Emulator>> = {
  firestore: {
    folder: ['cloud-firestore-emulator'],
    jar: /^cloud-firestore-emulator.*\.jar$/,
    // Its manifest names no main class.
    argumentsOf: (jar, port) => ['-cp', jar, 'com.google.cloud.datastore.emulator.firestore.CloudFirestore', 'start', '--host=127.0.0.1', `--port=${port}`],
  },
  pubsub: {
    folder: ['pubsub-emulator', 'lib'],
    jar: /^cloud-pubsub-emulator-.*-all\.jar$/,
    argumentsOf: (jar, port) => ['-jar', jar, '--host=127.0.0.1', `--port=${port}`],
  },
};

/**
 * Finds Java and the emulator's jar: in the Cloud SDK that `gcloud` of `PATH` belongs to, else where the SDK is
 * installed as a rule. Nothing is started.
 */
export function findEmulator(name: EmulatorName, environment: Readonly<Record<string, string | undefined>>): EmulatorCommand | EmulatorMissing {
  const path = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const java = javaOf(environment['JAVA_HOME'], path);
  if (java === undefined) return { kind: 'not-installed', reason: `the ${name} emulator needs Java, and there is no java on PATH` };
  const roots = sdkRoots(path, environment['HOME'] ?? homedir());
  const emulator = emulators[name];
  const jar = roots.map((root) => newestIn(join(root, 'platform', ...emulator.folder), emulator.jar)).find((found) => found !== undefined);
  if (jar === undefined) return { kind: 'not-installed', reason: `the ${name} emulator is not installed in ${roots.length === 0 ? 'any Cloud SDK, of which there is none' : roots.join(' or ')}` };
  return { kind: 'installed', java, argumentsOn: (port) => [...jvmFlags, ...emulator.argumentsOf(jar, port)] };
}

function javaOf(home: string | undefined, path: readonly string[]): string | undefined {
  const folders = [...(home === undefined || home === '' ? [] : [join(home, 'bin')]), ...path];
  return folders.map((folder) => join(folder, 'java')).find((file) => existsSync(file));
}

/** `<root>/bin/gcloud` is what `gcloud` on PATH links to, where the SDK was installed as a package too. */
function sdkRoots(path: readonly string[], home: string): readonly string[] {
  const onPath = path.map((folder) => join(folder, 'gcloud')).filter((file) => existsSync(file)).map((file) => dirname(dirname(realpathSync(file))));
  const usual = [join(home, 'google-cloud-sdk'), '/usr/lib/google-cloud-sdk', '/usr/local/google-cloud-sdk', '/opt/google-cloud-sdk', '/opt/homebrew/share/google-cloud-sdk', '/snap/google-cloud-sdk/current'];
  return [...new Set([...onPath, ...usual])].filter((root) => existsSync(join(root, 'platform')));
}

function newestIn(folder: string, name: RegExp): string | undefined {
  if (!existsSync(folder)) return undefined;
  const newest = readdirSync(folder).filter((file) => name.test(file)).sort((left, right) => left.localeCompare(right, 'en', { numeric: true })).at(-1);
  return newest === undefined ? undefined : join(folder, newest);
}
