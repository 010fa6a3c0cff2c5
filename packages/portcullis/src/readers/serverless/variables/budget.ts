import { InputError, type Node, type Span } from '../../../project/index.ts';
import { undecided } from './scope.ts';

/** What variables may blow a service up to. People stay far below; past it the file is an attack on whoever reads it. */
export class Budget {
  /** Variables that lead through variables, and levels of the resolved tree. */
  readonly maxDepth = 250;
  /** Values behind one variable; a large service has about 20,000 in all. */
  readonly maxBehindVariable = 200_000;
  readonly maxValues = 1_000_000;
  readonly #report: (error: InputError) => void;
  /** Characters that texts put together from variables may have in all. */
  #characters = 16_000_000;
  readonly #said = new Set<string>();

  constructor(report: (error: InputError) => void) {
    this.#report = report;
  }

  /** Whether a text of this length may still be made. */
  characters(length: number, span: Span): boolean {
    this.#characters -= length;
    if (this.#characters >= 0) return true;
    this.tooMany(span);
    return false;
  }

  tooMany(span: Span): Node {
    this.#once('TOO_MANY_NODES', 'variables blow the service up to more values than can be read', span);
    return this.unread(span);
  }

  tooDeep(span: Span): Node {
    this.#once('TOO_DEEP', `variables lead through more than ${this.maxDepth} others`, span);
    return this.unread(span);
  }

  unread(span: Span): Node {
    return undecided('other', 'is too large to be read', span);
  }

  #once(code: 'TOO_MANY_NODES' | 'TOO_DEEP', found: string, span: Span): void {
    if (this.#said.has(code)) return;
    this.#said.add(code);
    this.#report(
      new InputError({ code, found, span, next: 'Replace the variables that refer to variables by plain values.' }),
    );
  }
}
