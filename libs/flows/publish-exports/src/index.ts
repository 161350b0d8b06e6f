export { publishExports } from './publish-exports.ts';
