export interface StoredObject {
  /** Slash-separated, no leading slash: `ball-dont-lie/player-box-scores/2026-01-24/….json`. */
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * Files by path. A put is whole or absent: no reader sees half a file, whatever crashes.
 *
 * Errors are PipelineErrors: `objects-unavailable` (retry), `objects-permission-denied` (defer), and
 * `object-path-invalid` (reject) for a path with an empty part, `.` or `..`.
 */
export interface ObjectStore {
  /** Writes, or replaces, one file. @throws `objects-full` (defer) when there is no space. */
  put(path: string, bytes: Uint8Array, options: { readonly contentType: string; readonly cacheSeconds?: number }): Promise<void>;
  /** @throws `object-not-found` (reject). */
  get(path: string): Promise<Uint8Array>;
  /** The files whose path begins with `prefix`, which may end inside a name, in ascending order of path. */
  list(prefix: string): Promise<readonly StoredObject[]>;
  /** Deleting what is not there is not an error. */
  delete(path: string): Promise<void>;
}
