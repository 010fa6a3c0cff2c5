/**
 * What JavaScript, TypeScript and Python have in common, as far as the question "where does a value come from" needs it. Both
 * languages are lowered to it, so that there is one interpreter. Offsets are UTF-16 indices into the file.
 */
interface Place {
  readonly start: number;
  readonly end: number;
}

export type Expression = Place &
  (
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'constant'; readonly value: boolean | number | null }
    | { readonly kind: 'template'; readonly parts: readonly (string | Expression)[] }
    | { readonly kind: 'regex'; readonly pattern: string }
    | { readonly kind: 'member'; readonly object: Expression; readonly key: string | Expression }
    | {
        readonly kind: 'call';
        readonly callee: Expression;
        readonly args: readonly Argument[];
        /** `new X()`; in Python a call of a class looks like any other. */
        readonly construct: boolean;
      }
    | { readonly kind: 'object'; readonly entries: readonly ObjectEntry[] }
    | { readonly kind: 'array'; readonly items: readonly Expression[] }
    /** Operators that compute: `===`, `in`, `+`, `!`; Python's `not` is `!`, `not in` is `!in`. */
    | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly Expression[] }
    | {
        readonly kind: 'choice';
        readonly operator: '&&' | '||' | '??';
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: 'conditional';
        readonly test: Expression;
        readonly yes: Expression;
        readonly no: Expression;
      }
    | { readonly kind: 'function'; readonly function: FunctionTree }
    | { readonly kind: 'class'; readonly class: ClassTree }
    | { readonly kind: 'assign'; readonly target: Pattern; readonly value: Expression }
    | { readonly kind: 'spread'; readonly value: Expression }
    /** Several expressions of which the last is the value. */
    | { readonly kind: 'sequence'; readonly items: readonly Expression[] }
  );

export type ExpressionOf<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

export interface Argument {
  /** Python: the keyword. */
  readonly name?: string;
  readonly value: Expression;
}

export interface ObjectEntry {
  /** Undefined: a spread, or a key that is computed. */
  readonly key: string | undefined;
  readonly spread: boolean;
  readonly value: Expression;
}

export type Pattern =
  | { readonly kind: 'bind'; readonly name: string }
  | { readonly kind: 'place'; readonly target: ExpressionOf<'member'> }
  | {
      readonly kind: 'fields';
      readonly fields: readonly { readonly key: string | undefined; readonly pattern: Pattern; readonly at: Place }[];
      readonly rest: Pattern | undefined;
    }
  | {
      readonly kind: 'items';
      readonly items: readonly (Pattern | undefined)[];
      readonly rest: Pattern | undefined;
      readonly at: Place;
    }
  | { readonly kind: 'default'; readonly pattern: Pattern; readonly value: Expression };

export type Statement =
  | { readonly kind: 'expression'; readonly value: Expression }
  | { readonly kind: 'declare'; readonly pattern: Pattern; readonly value: Expression | undefined }
  | { readonly kind: 'return'; readonly value: Expression | undefined }
  | { readonly kind: 'throw'; readonly value: Expression | undefined }
  | {
      readonly kind: 'if';
      readonly test: Expression;
      readonly yes: readonly Statement[];
      readonly no: readonly Statement[];
    }
  | {
      readonly kind: 'switch';
      readonly subject: Expression;
      readonly cases: readonly { readonly tests: readonly Expression[]; readonly body: readonly Statement[] }[];
    }
  | {
      readonly kind: 'loop';
      readonly pattern: Pattern | undefined;
      readonly over: Expression | undefined;
      readonly test: Expression | undefined;
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'function'; readonly name: string; readonly function: FunctionTree }
  | { readonly kind: 'class'; readonly name: string; readonly class: ClassTree }
  | { readonly kind: 'import'; readonly source: string; readonly names: readonly ImportedName[] }
  | { readonly kind: 'export'; readonly name: string; readonly value: Expression }
  /** `exported` undefined: everything, `export * from`. */
  | {
      readonly kind: 'reexport';
      readonly source: string;
      readonly imported: string;
      readonly exported: string | undefined;
    };

interface ImportedName {
  /** `*` for the module itself, `default` for its default export. */
  readonly imported: string;
  readonly local: string;
}

export interface FunctionTree extends Place {
  readonly params: readonly Pattern[];
  readonly rest: Pattern | undefined;
  readonly body: readonly Statement[];
  /** Python methods: the first parameter is the object. */
  readonly takesSelf: boolean;
  /** Arrow functions have the `this` of what is around them. */
  readonly ownThis: boolean;
  /** Python: decorators, called with the function. */
  readonly decorators: readonly Expression[];
}

export interface ClassTree extends Place {
  readonly parent: Expression | undefined;
  readonly methods: readonly { readonly name: string; readonly function: FunctionTree }[];
  readonly fields: readonly { readonly name: string; readonly value: Expression }[];
}

/** A file as it was lowered. */
export interface ModuleTree {
  readonly language: 'javascript' | 'python';
  readonly body: readonly Statement[];
  /** Every name and property that the code uses (not its strings and comments), and the modules it imports. */
  readonly words: ReadonlySet<string>;
}

/** Deeper nesting than this is left out: no person writes it. */
export const maximumDepth = 150;
