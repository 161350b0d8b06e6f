import { PipelineError, type ErrorCode } from '@handoff/contracts';

type Doing = 'put' | 'get' | 'list' | 'delete';

interface Classified {
  readonly code: ErrorCode;
  readonly say: (path: string) => string;
}

const notFound: Classified = { code: 'object-not-found', say: (path) => `there is no object ${path}` };
const full: Classified = { code: 'objects-full', say: (path) => `no space left to store ${path}: free some, or choose another folder with --dir` };
const denied: Classified = { code: 'objects-permission-denied', say: (path) => `no permission for ${path}: make the folder readable and writable` };
const invalid: Classified = { code: 'object-path-invalid', say: (path) => `${path} is not a path below the object store, or a part of it is a file already` };
const unavailable: Classified = { code: 'objects-unavailable', say: (path) => `the object store failed on ${path}` };

/** By the operating system's error code. A code that is not here is a failure of the store: retry. */
const byCode: Readonly<Record<string, Classified>> = {
  ENOENT: notFound, ENOSPC: full, EDQUOT: full, EFBIG: full, EACCES: denied, EPERM: denied, EROFS: denied,
  ENAMETOOLONG: invalid, ENOTDIR: invalid, EISDIR: invalid, ENOTEMPTY: invalid, EEXIST: invalid,
};

const missing: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ERR_FS_EISDIR']);

const codeOf = (error: unknown): string | undefined => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined);

/** True when the error says that there is no file of this name: a folder, or a path through a file, is none. */
export const isMissing = (error: unknown): boolean => missing.has(codeOf(error) ?? '');

/** The PipelineError for an error of the file system; an error without a code of one is a bug and comes back as it is. */
export function asPipelineError(error: unknown, path: string, doing: Doing): unknown {
  const code = codeOf(error);
  if (code === undefined || error instanceof PipelineError) return error;
  const classified = doing === 'get' && missing.has(code) ? notFound : (byCode[code] ?? unavailable);
  return new PipelineError({ code: classified.code, message: classified.say(path), facts: { path, doing, systemCode: code }, cause: error });
}
