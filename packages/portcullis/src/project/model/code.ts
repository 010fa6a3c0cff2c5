import type { Span } from '../source.ts';

/** How a function's code is given in the template: what a reader needs to find its source. */
export interface FunctionSource {
  /** `nodejs22.x`; undefined when it is not written or not decided. */
  readonly runtime: string | undefined;
  /** The code itself, `ZipFile` or `InlineCode`. */
  readonly inline: { readonly text: string; readonly span: Span } | undefined;
  /** Folder with the code, as written: relative to the template. */
  readonly folder: string | undefined;
  /** Files that a bundler starts from (`EntryPoints` of a SAM build), relative to the folder. */
  readonly entries: readonly string[];
}

/** A part of the request that an authorizer's decision depends on. */
export interface DecisionInput {
  readonly kind: 'header' | 'query' | 'token' | 'method' | 'path' | 'path-parameter' | 'address';
  /** Header in lower case, query string parameter, path parameter; undefined for the others. */
  readonly name: string | undefined;
  /** Where the decision uses it. */
  readonly span: Span;
}

/** A statement of a policy that the code answers with and whose effect may be Allow. */
export interface AnsweredStatement {
  /** `one-method`: the ARN of the very request. `everything`: all methods and paths of the stage or more. */
  readonly covers: 'one-method' | 'everything' | 'unknown';
  readonly span: Span;
}

/** What one function does with a request, as far as reading its source shows. Nothing is run; what is not understood is not in the lists. */
export interface FunctionCode {
  readonly language: 'JavaScript' | 'Python';
  readonly decisionInputs: readonly DecisionInput[];
  readonly statements: readonly AnsweredStatement[];
  /** Places where it answers `isAuthorized`. */
  readonly simpleAnswers: readonly Span[];
  /** What it writes to the log as a whole: the event, all headers, or one of them (`header` in lower case). */
  readonly logged: readonly {
    readonly what: 'event' | 'headers' | 'token' | 'header';
    readonly header?: string;
    readonly span: Span;
  }[];
  /** Places where a path that merely begins with or contains a text opens something. */
  readonly looseMatches: readonly { readonly how: 'begins' | 'contains' | 'pattern'; readonly span: Span }[];
  /** Places that read `requestContext.authorizer`, and whether the code asks anywhere if it is there. */
  readonly identityReads: readonly { readonly name: string; readonly hasDefault: boolean; readonly span: Span }[];
  readonly asksForIdentity: boolean;
  /** It tells requests apart by path or method, or hands the event to code that was not read and may do so. */
  readonly dispatches: boolean;
  /** Places that read claims out of a token from this header (lower case) without checking its signature. */
  readonly decodes: readonly { readonly header: string; readonly span: Span }[];
  /** Something in the code may check a signature, or ask somebody who does. */
  readonly mayVerify: boolean;
}
