// Edits a TypeScript file by the places of its syntax tree. Each edit parses the text anew, so edits can follow one another.
import ts from 'typescript';

/** Strips `as const`, `satisfies …` and parentheses from an expression. */
function bare(expression) {
  let inner = expression;
  while (ts.isAsExpression(inner) || ts.isSatisfiesExpression(inner) || ts.isParenthesizedExpression(inner)) inner = inner.expression;
  return inner;
}

function find(node, matches) {
  if (matches(node)) return node;
  return ts.forEachChild(node, (child) => find(child, matches));
}

/** The text of a string literal or of a property's name; undefined for anything else. */
export const textOf = (node) => (node !== undefined && (ts.isStringLiteralLike(node) || ts.isIdentifier(node)) ? node.text : undefined);

/** The string value of a property of an object literal; undefined where there is none. */
export function stringProperty(node, name) {
  const object = bare(node);
  if (!ts.isObjectLiteralExpression(object)) return undefined;
  const property = object.properties.find((candidate) => ts.isPropertyAssignment(candidate) && textOf(candidate.name) === name);
  return property === undefined ? undefined : textOf(bare(property.initializer));
}

export const isCallOf = (node, name) => ts.isCallExpression(node) && textOf(node.expression) === name;

export class SourceEdit {
  #tree;
  #path;
  #text;

  constructor(tree, path) {
    const text = tree.read(path, 'utf8');
    if (text === null) throw new Error(`${path} is missing: the generator edits it`);
    this.#tree = tree;
    this.#path = path;
    this.#text = text;
  }

  save() {
    this.#tree.write(this.#path, this.#text);
  }

  /** The members of an array or object literal: the value of the variable `name`, wherever in the file it is. */
  membersOf(name) {
    return this.#literal((node) => ts.isVariableDeclaration(node) && textOf(node.name) === name && node.initializer !== undefined, (node) => node.initializer, `a list called ${name}`).members;
  }

  /** Adds a member to the literal of the variable `name`: after the last one for which `after` holds, else at the end. */
  append(name, text, after = () => true) {
    const { members } = this.#literal((node) => ts.isVariableDeclaration(node) && textOf(node.name) === name && node.initializer !== undefined, (node) => node.initializer, `a list called ${name}`);
    this.#insertAfter(members.findLast(after) ?? members.at(-1), text, name);
  }

  /** Adds an entry to the one `new Map([…])` of the file that is written out as a list. */
  appendToMap(text) {
    const { members } = this.#literal((node) => ts.isNewExpression(node) && textOf(node.expression) === 'Map' && ts.isArrayLiteralExpression(node.arguments?.[0] ?? node), (node) => node.arguments[0], 'a written-out Map');
    this.#insertAfter(members.at(-1), text, 'the Map');
  }

  /** Adds names to an import, or the import where the file has none of that module. */
  importNamed(module, specifier) {
    const source = this.#parse();
    const imports = source.statements.filter((statement) => ts.isImportDeclaration(statement));
    const known = imports.find((statement) => textOf(statement.moduleSpecifier) === module && statement.importClause?.namedBindings !== undefined && ts.isNamedImports(statement.importClause.namedBindings));
    if (known !== undefined) {
      this.#insertSpecifier(known.importClause.namedBindings.elements, specifier, source);
      return;
    }
    const order = (name) => `${name.startsWith('.') ? 1 : 0}${name}`;
    const next = imports.find((statement) => order(textOf(statement.moduleSpecifier)) > order(module));
    const line = `import { ${specifier} } from '${module}';\n`;
    if (next !== undefined) this.#splice(next.getStart(source), line);
    else this.#splice(imports.length === 0 ? 0 : imports.at(-1).getEnd() + 1, line);
  }

  /** Adds a name to `export { … } from module`, or that line at the end of the file. */
  exportNamed(module, specifier) {
    const source = this.#parse();
    const known = source.statements.find((statement) => ts.isExportDeclaration(statement) && textOf(statement.moduleSpecifier) === module && statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause));
    if (known === undefined) this.appendText(`export { ${specifier} } from '${module}';\n`);
    else this.#insertSpecifier(known.exportClause.elements, specifier, source);
  }

  appendText(text) {
    this.#text = `${this.#text.trimEnd()}\n${text}`;
  }

  #literal(matches, literalOf, what) {
    const source = this.#parse();
    const owner = find(source, (node) => matches(node) && ['ArrayLiteralExpression', 'ObjectLiteralExpression'].includes(ts.SyntaxKind[bare(literalOf(node)).kind]));
    if (owner === undefined) throw new Error(`${this.#path} has no longer ${what}: the generator does not know where to write`);
    const literal = bare(literalOf(owner));
    return { members: [...(ts.isArrayLiteralExpression(literal) ? literal.elements : literal.properties)] };
  }

  #insertAfter(member, text, where) {
    if (member === undefined) throw new Error(`${where} of ${this.#path} is empty: the generator does not know where to write`);
    const start = member.getStart(member.getSourceFile());
    const lineStart = this.#text.lastIndexOf('\n', start) + 1;
    const before = this.#text.slice(lineStart, start);
    this.#splice(member.getEnd(), before.trim() === '' ? `,\n${before}${text}` : `, ${text}`);
  }

  /** Keeps values sorted and before types. */
  #insertSpecifier(elements, specifier, source) {
    const isType = specifier.startsWith('type ');
    const later = elements.find((element) => (element.isTypeOnly ? isType && element.name.text > specifier.slice(5) : !isType && element.name.text.toLowerCase() > specifier.toLowerCase()));
    const firstType = isType ? undefined : elements.find((element) => element.isTypeOnly);
    const next = later ?? firstType;
    if (next !== undefined) this.#splice(next.getStart(source), `${specifier}, `);
    else this.#splice(elements.at(-1).getEnd(), `, ${specifier}`);
  }

  #splice(position, text) {
    this.#text = `${this.#text.slice(0, position)}${text}${this.#text.slice(position)}`;
  }

  #parse() {
    return ts.createSourceFile(this.#path, this.#text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS);
  }
}

/** Edits one file of the tree. */
export function edit(tree, path, change) {
  const file = new SourceEdit(tree, path);
  change(file);
  file.save();
}
