import type { Json } from '../matches.ts';

export type Resource = Readonly<Record<string, Json>>;

/** A field that has to be text; empty where there is none. @throws TypeError where it is something else. */
export function textAt(resource: Resource, field: string): string {
  const value = resource[field] ?? '';
  if (typeof value !== 'string') throw new TypeError(`${field} is no text: ${JSON.stringify(value)}`);
  return value;
}

/** The last part of a name. */
export const lastOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** What a project holds, by full name without the version of the interface: `projects/p/topics/t`. */
export class Resources {
  private readonly byName = new Map<string, Resource>();
  private made = 0;

  get(name: string): Resource | undefined {
    return this.byName.get(name);
  }

  put(name: string, resource: Resource): Resource {
    this.byName.set(name, resource);
    return resource;
  }

  /** Direct members of a collection; `-` in its name stands for whatever there is. */
  list(collection: string): readonly Resource[] {
    const members = patternOf(`${collection.replaceAll('/-/', '/*/')}/*`);
    return [...this.byName].flatMap(([name, resource]) => (members.test(name) ? [resource] : []));
  }

  /** An id that nothing else has. */
  nextId(): string {
    this.made += 1;
    return String(this.made);
  }
}

// In `projects/*/topics` the star is one part of a name.
export const patternOf = (names: string): RegExp => new RegExp(`^${names.split('*').map((text) => text.replaceAll(/[.()]/g, String.raw`\$&`)).join('[^/]+')}$`);

/** A resource after a change of these of its fields; without a mask it is as `change` says in whole. */
export function changed(old: Resource, change: Resource, mask: string | null): Resource {
  if (mask === null) return change;
  const paths = mask.split(',').map((path) => path.split('.').map(camelCase));
  return paths.reduce<Resource>((resource, path) => withField(resource, path, fieldOf(change, path)), old);
}

/** Masks are written in both ways. */
const camelCase = (word: string): string => word.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const isResource = (value: Json | undefined): value is Resource => typeof value === 'object' && value !== null && !Array.isArray(value);

const fieldOf = (resource: Resource, path: readonly string[]): Json | undefined => path.reduce<Json | undefined>((value, name) => (isResource(value) ? value[name] : undefined), resource);

function withField(resource: Resource, [name = '', ...rest]: readonly string[], value: Json | undefined): Resource {
  const inner = resource[name];
  const field = rest.length === 0 ? value : withField(isResource(inner) ? inner : {}, rest, value);
  const others = Object.fromEntries(Object.entries(resource).filter(([other]) => other !== name));
  return field === undefined ? others : { ...others, [name]: field };
}
