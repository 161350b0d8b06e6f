// Finds errors that are caught and forgotten. A caught error is thrown on, converted, kept, or told to a log: never
// looked at and dropped, or it looks like "nothing to do" (requirement F136; the earlier system had thousands).

const message = 'A caught error must not end here: throw it on, convert it, or log it. Of several kinds, throw the others on.';

const isFunction = (node) => /Function/.test(node.type);

/** Every node below, without what belongs to the parser. */
function* below(node) {
  yield node;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'parent') continue;
    for (const child of Array.isArray(value) ? value : [value]) if (child !== null && typeof child === 'object' && typeof child.type === 'string') yield* below(child);
  }
}

const reads = (node, name) => [...below(node)].some((one) => one.type === 'Identifier' && one.name === name);

/** A condition looks at the error and keeps nothing of it. */
const conditionsOf = (node) => [...below(node)].filter(({ type }) => type === 'IfStatement' || type === 'ConditionalExpression').map(({ test }) => test);

function isHandled(body, name) {
  const nodes = [...below(body)];
  if (nodes.some(({ type }) => type === 'ThrowStatement')) return true;
  const tests = conditionsOf(body);
  const inTest = (node) => tests.some((test) => [...below(test)].includes(node));
  return nodes.some((node) => node.type === 'Identifier' && node.name === name && !inTest(node));
}

export const noSwallowedError = {
  meta: { type: 'problem', docs: { description: 'Refuses errors that are caught and forgotten.' }, schema: [] },
  create(context) {
    const check = (node, parameter, body) => {
      if (parameter?.type !== 'Identifier' || !reads(body, parameter.name) || !isHandled(body, parameter.name)) context.report({ node, message });
    };
    return {
      CatchClause(node) {
        check(node, node.param, node.body);
      },
      CallExpression(node) {
        const { callee, arguments: [handler] } = node;
        if (callee.type !== 'MemberExpression' || callee.property.name !== 'catch' || handler === undefined) return;
        if (isFunction(handler)) check(handler, handler.params[0], handler.body);
      },
    };
  },
};

export const swallowedErrorFence = {
  files: ['**/*.ts', '**/*.mjs', '**/*.cjs', '**/*.js'],
  ignores: ['**/*.spec.ts', 'tools/workspace/eslint/**', 'tools/bench/peers/**'],
  plugins: { audit: { rules: { 'no-swallowed-error': noSwallowedError } } },
  rules: { 'audit/no-swallowed-error': 'error' },
};
