import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Contracts, domain, ports, protocols and flows take the time, randomness and configuration that they are given.
const pureTypes = ['contract', 'domain', 'port', 'protocol', 'flow'].map((type) => `type:${type}`);

/** Folders of projects, from the root of the workspace. */
const placesOfProjects = ['libs', 'libs/flows'];
const root = join(import.meta.dirname, '../../..');

function tagsOf(project) {
  try {
    return JSON.parse(readFileSync(join(root, project, 'package.json'), 'utf8')).nx?.tags ?? [];
  } catch (error) {
    // A folder of projects is none itself.
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  }
}

const pure = placesOfProjects
  .flatMap((place) => readdirSync(join(root, place)).map((name) => `${place}/${name}`))
  .filter((project) => tagsOf(project).some((tag) => pureTypes.includes(tag)))
  .map((project) => `${project}/src/**/*.ts`);

export const ambientFences = [
  {
    files: pure,
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Configuration is passed in; only the host reads the environment.' },
        { name: 'setTimeout', message: 'Waiting is deferred work on the DelayQueue.' },
        { name: 'setInterval', message: 'Repetition is a schedule job of the catalogue.' },
        { name: 'setImmediate', message: 'Flows do not yield to the event loop by hand.' },
        { name: 'fetch', message: 'Sources are reached through the HttpSource port.' },
        { name: 'performance', message: 'Time comes from the Clock port, or as `now`.' },
        { name: 'crypto', message: 'Ids are hashes of what they name: hashOf in contracts.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes from the Clock port, or as `now`.' },
        { object: 'Math', property: 'random', message: 'Randomness comes from the Random port.' },
        { object: 'DateTime', property: 'now', message: 'Time comes from the Clock port, or as `now`.' },
        { object: 'DateTime', property: 'local', message: 'Time comes from the Clock port, or as `now`.' },
        { object: 'DateTime', property: 'utc', message: 'Time comes from the Clock port, or as `now`.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['node:*'], message: 'No Node built-ins in contracts, domain, ports and flows.' }],
          paths: ['fs', 'path', 'os', 'crypto', 'http', 'https', 'child_process', 'net', 'timers', 'events', 'stream', 'util'],
        },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'ExportAllDeclaration', message: 'Name what a lib exports: no star exports.' },
        { selector: 'CatchClause > BlockStatement[body.length=0]', message: 'A caught error is converted, logged or rethrown.' },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time comes from the Clock port, or as `now`.' },
        { selector: "CallExpression[callee.name='Date']", message: 'Time comes from the Clock port, or as `now`.' },
      ],
    },
  },
];
