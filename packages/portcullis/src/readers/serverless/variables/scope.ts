import type { InputError, MapNode, Node, Scalar, Span, ValueSource } from '../../../project/index.ts';
import type { ReadContext } from '../../options.ts';

/** What the source of a variable may ask of the service that it stands in. */
export interface Scope {
  /** The service as parsed. */
  readonly root: MapNode;
  /** Folder of the service file, absolute: what `${file(...)}` starts from, in included files too. */
  readonly directory: string;
  readonly context: ReadContext;
  /** The node with its own variables resolved; what lies below a map or list may still hold variables. */
  shallow(node: Node): Node;
  /** Follows keys through variables. Undefined when one is missing; the undecided node when the way leads through one. */
  follow(from: Node, keys: readonly string[]): Node | undefined;
  /** `--stage`, else `provider.stage`, else `dev`; undecided when `provider.stage` is. */
  stage(): Node;
  /** `--region` does not exist here: `provider.region`, else `us-east-1`. */
  region(): Node;
  environment(name: string): { readonly value: string; readonly source: 'env' | 'dotenv' } | undefined;
  /** Content of an included file, parsed once. */
  file(path: string, call: Call): Outcome;
  report(error: InputError): void;
}

/** One source of a variable, with what is nested in it resolved. */
export interface Call {
  readonly type: string;
  readonly params: readonly (Scalar | Node)[];
  readonly address: string;
  /** As written: safe to show. */
  readonly raw: string;
  /** The address, as written where something from outside the files is part of it. */
  readonly shownAddress: string;
  /** Something from outside the files is part of the parameters or the address; only what is written may be shown. */
  readonly isPrivate: boolean;
  readonly span: Span;
  /** No fallback follows. */
  readonly last: boolean;
}

export type Outcome =
  | {
      readonly value: Node;
      readonly source: ValueSource;
      readonly address?: string;
      /** Of a file: the address has been followed, as only whoever made the value could. */
      readonly atAddress?: boolean;
    }
  /** No value here; the next fallback counts. */
  | { readonly missing: Missing };

export interface Missing {
  readonly source: ValueSource;
  /** Why the value is undecided when no fallback follows: a sentence part. */
  readonly reason: string;
  /** Present when nothing outside the files can supply the value, so that the framework would refuse it. */
  readonly error?: InputError;
}

export function scalar(value: Scalar, span: Span): Node {
  return { kind: 'scalar', value, span };
}

export function undecided(source: ValueSource, reason: string, span: Span): Node {
  return { kind: 'unknown', source, reason, span };
}
