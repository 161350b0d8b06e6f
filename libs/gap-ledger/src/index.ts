export { allGaps, gapCollection, gapRef, gapsOn, openGaps, writeGap, type GapDocument } from './gap-documents.ts';
