export { conflictId, noteConflict, openConflicts, resolveConflicts, type ConflictDocument, type FoundConflict, type Resolution, type ResolutionMethod } from './conflict-records.ts';
export { writeAroundConflicts, type Conflict, type WrittenAround } from './write-around-conflicts.ts';
