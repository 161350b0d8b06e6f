export { mergesNothing, mergeStatement, supersededStatement, type MergeOrder, type MergePlan, type MergeScope } from './merge-statement.ts';
export { closing, isKeyword, isSymbol, type Piece } from './pieces.ts';
export { missingTable, onePerTarget, schemaMismatch, statementRefused } from './refusals.ts';
export { encodeValue, isDay, jsonText, refuseDuplicateKeys, refuseUnknownColumns, type ColumnEncoder } from './row-values.ts';
export { shapeOf, type MergeBranch, type Shape, type TableReference } from './shape.ts';
export { checkStatement, parametersOf, parseStatement, readAsTable, wrongCall, type Dialect, type ParsedStatement } from './statement.ts';
export { unresolvedNames } from './unresolved-names.ts';
export { comparedText, functions } from './subset.ts';
export { isSelectStar } from './subset-problems.ts';
