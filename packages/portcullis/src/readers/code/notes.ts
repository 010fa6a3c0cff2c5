import type { Span } from '../../project/index.ts';
import type { LooseMatch, Structure, Value } from './values.ts';

/** What the interpreter writes down while it follows a request through the code. */
export class Notes {
  /** Values that a decision depended on; `inputs` of each are what counts, its `paths` are only asked for presence. */
  readonly tests: { readonly value: Value; readonly span: Span }[] = [];
  /** Parts of the event that something which judges (`verify`, `checkAccess`) was given. */
  readonly judged: { readonly value: Value; readonly span: Span }[] = [];
  readonly structures = new Set<Structure>();
  /** Statements that allow everything, made by a library: `policy.allowAllMethods()`. */
  readonly allowAll: Span[] = [];
  readonly logs: { readonly value: Value; readonly span: Span }[] = [];
  readonly loose: LooseMatch[] = [];
  readonly identity = new Map<string, { readonly path: string; readonly span: Span }>();
  /** Places of `identity` that a default stands beside. */
  readonly defaults = new Set<string>();
  readonly decodes: { readonly path: string; readonly span: Span }[] = [];
  /** Parts of the event that went to code which is not read. */
  readonly escapes = new Set<string>();
  /** A token went to something that checks signatures. */
  verifies = false;
  asksForIdentity = false;
  /** Unverified claims went to a database, another service or a library, and not only to the log. */
  usesClaims = false;
  /** Too much to follow: what is missing from the notes proves nothing. */
  exhausted = false;
}

export const placeKey = ({ file, start, end }: Span): string => `${file.path}:${start}:${end}`;
