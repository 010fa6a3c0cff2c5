import type { Node, Provenance, ScalarNode, Span, TextNode } from '../../../project/index.ts';

type Part = TextNode['parts'][number];

/** Provenance is for people; a chain longer than this says nothing more. */
const MAX_SOURCES = 32;
const MAX_PARTS = 500;

const absent = new WeakSet<Provenance>();

/** The origin of a variable that is not set here: what stands after the comma is the value, and nothing of the environment is in it. */
export function notSet(origin: Provenance): Provenance {
  absent.add(origin);
  return origin;
}

/** Whether something of the origin is in the value. */
export function contributes(origin: Provenance): boolean {
  return !absent.has(origin);
}

/** The same value, known to have come through `outer` first. */
export function withSources(node: Node, outer: readonly Provenance[]): Node {
  if (outer.length === 0) return node;
  return { ...node, from: node.from ? merged([...outer, ...node.from]) : outer };
}

function merged(sources: readonly Provenance[]): readonly Provenance[] {
  const kept: Provenance[] = [];
  for (const source of sources) {
    if (kept.length === MAX_SOURCES) break;
    const isKept = kept.some(
      (other) =>
        other.source === source.source &&
        other.address === source.address &&
        other.span.file === source.span.file &&
        other.span.start === source.span.start,
    );
    if (!isKept) kept.push(source);
  }
  return kept;
}

/** Puts a text together from pieces of which some are undecided. */
export class TextBuilder {
  readonly #parts: Part[] = [];
  #from: readonly Provenance[] = [];
  #open = '';
  length = 0;

  add(piece: string | Node): boolean {
    if (typeof piece === 'string') this.#append(piece);
    else if (piece.kind === 'scalar' && piece.value !== null) this.#append(String(piece.value));
    else if (piece.kind === 'text') for (const part of piece.parts) this.#part(part);
    else if (piece.kind === 'unknown' || piece.kind === 'reference') this.#part(piece);
    else return false;
    if (typeof piece !== 'string' && piece.from) this.#from = merged([...this.#from, ...piece.from]);
    return true;
  }

  /** Undefined when it has too many pieces. */
  node(span: Span): Node | undefined {
    if (this.#parts.length > MAX_PARTS) return undefined;
    const from = this.#from.length > 0 ? { from: this.#from } : {};
    if (this.#parts.length === 0) return { kind: 'scalar', value: this.#open, span, ...from } satisfies ScalarNode;
    const parts = this.#open === '' ? [...this.#parts] : [...this.#parts, this.#open];
    const [only] = parts;
    if (parts.length === 1 && only !== undefined && typeof only !== 'string') return withSources(only, this.#from);
    return { kind: 'text', parts, span, ...from };
  }

  #append(text: string): void {
    this.#open += text;
    this.length += text.length;
  }

  #part(part: Part): void {
    if (typeof part === 'string') {
      this.#append(part);
      return;
    }
    if (this.#open !== '') this.#parts.push(this.#open);
    this.#open = '';
    this.#parts.push(part);
    this.length += 1;
  }
}

export function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}
