export { lateLogRows, loadLateLogRows, type LateRowDocument } from './late-rows.ts';
export { lostRef, writeLateLogRows, type LostRowsDocument, type SweptRows } from './sweep-late-rows.ts';
export { writeLogRows, type LogPorts, type LogWrite } from './write-log-rows.ts';
