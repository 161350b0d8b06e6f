// Which message contract a topic carries, read from the functions that take it.
import ts from 'typescript';
import { isCallOf, SourceEdit, textOf } from './source-edit.mjs';

const topicsFile = 'libs/catalogue/src/topics.ts';

/** The contract of a topic; undefined for a topic that the catalogue does not have. */
export function contractOfTopic(tree, topic) {
  const catalogue = new SourceEdit(tree, topicsFile);
  if (catalogue.membersOf('completionTopics').some((member) => ts.isPropertyAssignment(member) && textOf(member.initializer) === topic)) return 'OutputsCompleted';
  const routed = tree.children('apps').map((app) => routedContract(tree, `apps/${app}/src/definition.ts`, topic)).find((contract) => contract !== undefined);
  if (routed !== undefined) return routed;
  if (catalogue.membersOf('topicNames').some((member) => textOf(member) === topic) || topic.endsWith('-due')) {
    throw new Error(`no function says which contract ${topic} carries: subscribe by hand in ${topicsFile}`);
  }
  return undefined;
}

function routedContract(tree, path, topic) {
  const text = tree.exists(path) ? tree.read(path, 'utf8') : '';
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS);
  const contractOf = (node) => {
    if (isCallOf(node, 'triggerRoute') && textOf(node.arguments[0]) === topic) return 'PhaseTriggered';
    return isCallOf(node, 'route') && textOf(node.arguments[0]) === topic ? textOf(node.arguments[1]) : undefined;
  };
  const search = (node) => contractOf(node) ?? ts.forEachChild(node, search);
  return search(source);
}
