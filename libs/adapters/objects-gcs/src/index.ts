export { createStorageClient, type StorageClientOptions } from './storage-client.ts';
export { GcsObjectStore, type GcsObjectStoreOptions } from './gcs-object-store.ts';
