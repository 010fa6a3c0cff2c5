import type { Span } from '../source.ts';

/**
 * A file that, by its name, holds secrets, and that lies where it is packed into the code of a function. Known by its name alone; what is
 * in it is never read.
 */
export interface PackedFile {
  /** Relative to the folder that is packed, with `/`. */
  readonly path: string;
  /** `environment` (.env), `key` (a private key or key store), `credentials`; `registry` (.npmrc) holds a token only sometimes. */
  readonly kind: 'environment' | 'key' | 'credentials' | 'registry';
  /** Where the packing is decided: `package`, the code of a function, else the functions. */
  readonly span: Span;
  /** Name of the function into whose own package it goes; undefined for a package that all functions share. */
  readonly owner: string | undefined;
  /** Why the files do not decide whether it is packed; undefined when it certainly is. */
  readonly undecided: string | undefined;
}
