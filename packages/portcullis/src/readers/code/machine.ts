import type { Span } from '../../project/index.ts';
import type { Notes } from './notes.ts';
import type { Expression } from './tree.ts';
import type { Closure, LoadedModule, Scope, Structure, Value } from './values.ts';

/** One call of a function, or the setting up of a module. */
export interface Frame {
  readonly scope: Scope;
  readonly module: LoadedModule;
  readonly self: Value | undefined;
  /** What it may return, as far as it has run. */
  result: Value;
}

/** What the knowledge about libraries (calls.ts) may ask of the interpreter. */
export interface Machine {
  readonly notes: Notes;
  readonly recording: boolean;
  evaluate(expression: Expression, frame: Frame): Value;
  member(object: Value, key: string | undefined, place?: Expression, module?: LoadedModule): Value;
  element(over: Value): Value;
  call(
    closure: Closure,
    args: readonly Value[],
    named: ReadonlyMap<string, Value>,
    self: Value | undefined,
  ): Value | undefined;
  construct(kind: NonNullable<Structure['kind']>, args: readonly Value[], named: ReadonlyMap<string, Value>): Value;
  required(source: string, module: LoadedModule): Value;
  span(place: { readonly start: number; readonly end: number }, module: LoadedModule): Span;
}
