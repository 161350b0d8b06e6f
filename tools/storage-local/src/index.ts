export { storageFailure } from './storage-failure.ts';
export { startStorageLocal, type StorageLocal, type StorageLocalOptions } from './start-storage-local.ts';
