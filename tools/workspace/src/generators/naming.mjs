// Names in the three cases of the workspace, refused where they do not fit.

const words = (name) => name.split(/[-_]/);
const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

export const pascal = (name) => words(name).map(capital).join('');
export const camel = (name) => pascal(name).charAt(0).toLowerCase() + pascal(name).slice(1);
export const snake = (name) => words(name).join('_');
export const kebab = (name) => words(name).join('-');
export const title = (name) => capital(words(name).join(' '));

/** Text for a single-quoted TypeScript string. */
export const quoted = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

export function requireKebab(what, name) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) throw new Error(`${what} ${name} is not in kebab-case: write it as ${suggestion(name, '-')}`);
}

export function requireSnake(what, name) {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) throw new Error(`${what} ${name} is not in snake_case: write it as ${suggestion(name, '_')}`);
}

const suggestion = (name, separator) => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z0-9]+/).filter(Boolean).join(separator) || `a${separator}name`;
