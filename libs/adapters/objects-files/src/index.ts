export { FileObjectStore } from './file-object-store.ts';
