import type { SourceFile, Span } from '../../project/index.ts';
import type { ClassTree, FunctionTree, ModuleTree } from './tree.ts';

/** A file of the function, with the files that its imports lead to. */
export interface SourceModule {
  readonly path: string;
  readonly file: SourceFile;
  readonly tree: ModuleTree;
  /** What an import names, as written -> path of a module of the same program. */
  readonly links: ReadonlyMap<string, string>;
}

export interface LoadedModule {
  readonly source: SourceModule;
  readonly scope: Scope;
  /** CommonJS `module`; its field `exports` has what the module gives. */
  readonly self: Structure;
}

export interface Closure {
  readonly tree: FunctionTree;
  readonly scope: Scope;
  readonly module: LoadedModule;
  readonly self: Value | undefined;
}

/** An object whose fields are known at least in part. Shared and changed in place, as in the program. */
export interface Structure {
  readonly fields: Map<string, Value>;
  /** Parts of the event that were spread into it. */
  readonly bases: Set<string>;
  /** What was stored under a key that is computed. */
  other: Value | undefined;
  readonly kind: { readonly tree: ClassTree; readonly scope: Scope; readonly module: LoadedModule } | undefined;
  readonly span: Span | undefined;
}

/** A test of the path that more paths pass than the text suggests. */
export interface LooseMatch {
  readonly how: 'begins' | 'contains' | 'pattern';
  readonly negated: boolean;
  readonly span: Span;
}

/**
 * What a value may be. Parts of the event are texts such as `$.headers.authorization`; after `#` stands which piece of it. All lists are
 * alternatives and may be incomplete.
 */
export interface Value {
  /** Parts of the event that it is or still contains. */
  readonly paths: readonly string[];
  /** Parts of the event that it was worked out from. */
  readonly inputs: readonly string[];
  /** Parts of the event whose presence it tells. */
  readonly presence: readonly string[];
  /** Texts; a hole is one of the marks below. */
  readonly texts: readonly string[];
  readonly structures: readonly Structure[];
  readonly items: Value | undefined;
  readonly closures: readonly Closure[];
  /** Things that are not of this program, by the way they were reached: `console.log`, `jsonwebtoken.decode`. */
  readonly externals: readonly string[];
  readonly loose: readonly LooseMatch[];
  readonly isList: boolean;
}

export const hole = '\u0001';
/** A piece of the method ARN before the method: the same for all requests to a stage. */
export const fixedHole = '\u0002';
/** The method ARN of the request, whole. */
export const arnHole = '\u0003';

/** Stands before the source of a regular expression. */
export const patternMark = '\u0004';

const most = 16;

/** Of an object with more fields, which a table of data is, only the first are looked into. */
const mostFields = 40;

const empty: Value = {
  paths: [],
  inputs: [],
  presence: [],
  texts: [],
  structures: [],
  items: undefined,
  closures: [],
  externals: [],
  loose: [],
  isList: false,
};

export const nothing = empty;
export const value = (parts: Partial<Value>): Value => ({ ...empty, ...parts });

const union = <T>(a: readonly T[], b: readonly T[]): readonly T[] => {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  return [...new Set([...a, ...b])].slice(0, most);
};

export function join(a: Value, b: Value, depth = 0): Value {
  if (a === empty || a === b) return b;
  if (b === empty) return a;
  const items = a.items && b.items ? (depth < 3 ? join(a.items, b.items, depth + 1) : a.items) : (a.items ?? b.items);
  return {
    paths: union(a.paths, b.paths),
    inputs: union(a.inputs, b.inputs),
    presence: union(a.presence, b.presence),
    texts: union(a.texts, b.texts),
    structures: union(a.structures, b.structures),
    items,
    closures: union(a.closures, b.closures),
    externals: union(a.externals, b.externals),
    loose: union(a.loose, b.loose),
    isList: a.isList || b.isList,
  };
}

export const joinAll = (values: readonly Value[]): Value => values.reduce((all, one) => join(all, one), empty);

export function firstFields({ fields }: Structure): readonly Value[] {
  if (fields.size <= mostFields) return [...fields.values()];
  const found: Value[] = [];
  for (const field of fields.values()) if (found.push(field) >= mostFields) break;
  return found;
}

/** Every part of the event that the value or something inside it is or was worked out from. */
export function allInputs(one: Value, depth = 0): readonly string[] {
  const found = new Set([...one.paths, ...one.inputs]);
  if (depth < 3) {
    for (const structure of one.structures) {
      for (const base of structure.bases) found.add(base);
      for (const field of firstFields(structure)) for (const input of allInputs(field, depth + 1)) found.add(input);
    }
    if (one.items) for (const input of allInputs(one.items, depth + 1)) found.add(input);
  }
  return [...found].slice(0, 4 * most);
}

/** A value that was worked out from others. */
export const derived = (...from: readonly Value[]): Value =>
  value({ inputs: [...new Set(from.flatMap((one) => allInputs(one)))].slice(0, 2 * most) });

/** The texts that the value may be, with marks for what is not known. Never empty. */
export function forms(one: Value): readonly string[] {
  const marks = one.paths.map((path) => (isArn(path) ? arnHole : path.endsWith('#fixed') ? fixedHole : hole));
  const found = union(one.texts, marks);
  return found.length > 0 ? found : [hole];
}

export const isArn = (path: string): boolean => path === '$.methodArn' || path === '$.routeArn';

/** Texts put one after the other, in at most eight combinations. */
export function concatenate(parts: readonly Value[]): Value {
  let texts: readonly string[] = [''];
  for (const part of parts)
    texts = texts.flatMap((text) => forms(part).map((form) => (text + form).slice(0, 600))).slice(0, 8);
  const from = joinAll(parts);
  const whole = parts.length === 1;
  // A text around the method ARN is no method ARN any more.
  const paths = whole ? from.paths : from.paths.map((path) => (isArn(path) ? `${path}#part` : path));
  return value({ paths: paths.filter((path) => !path.endsWith('#fixed')), inputs: from.inputs, texts });
}

export class Scope {
  readonly names = new Map<string, Value>();
  readonly #parent: Scope | undefined;

  constructor(parent: Scope | undefined) {
    this.#parent = parent;
  }

  /** Undefined when nothing in the program has the name. */
  get(name: string): Value | undefined {
    return this.names.get(name) ?? this.#parent?.get(name);
  }

  declare(name: string, one: Value): void {
    const before = this.names.get(name);
    this.names.set(name, before ? join(before, one) : one);
  }

  /** Changes the name where it is declared. What it was before remains possible: the order of branches and calls is not followed. */
  assign(name: string, one: Value): void {
    const owner = this.#owner(name) ?? this;
    owner.declare(name, one);
  }

  #owner(name: string): Scope | undefined {
    if (this.names.has(name) || !this.#parent) return this.names.has(name) ? this : undefined;
    return this.#parent.#owner(name);
  }
}

export const structure = (span?: Span, kind?: Structure['kind']): Structure => ({
  fields: new Map(),
  bases: new Set(),
  other: undefined,
  kind,
  span,
});
