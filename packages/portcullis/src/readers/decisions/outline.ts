import type { Node, Scalar, SourceFile, Span } from '../../project/index.ts';
import { parseProgram } from '../code/parser.ts';

/**
 * What stands where in a file: entries of maps and items of lists, whatever language they are written in. Values that come from elsewhere
 * (aliases, spreads, names) have no pieces.
 */
export interface Piece {
  /** Undefined for an item of a list, and for the root. */
  readonly key: string | undefined;
  readonly start: number;
  /** Where the value of an entry begins; of an item it is the start. */
  valueStart: number;
  end: number;
  /** `other`: not written here, or computed. */
  kind: 'map' | 'list' | 'scalar' | 'other';
  /** Of a scalar. */
  value: Scalar | undefined;
  readonly pieces: Piece[];
  readonly parent: Piece | undefined;
}

export interface Outline {
  readonly file: SourceFile;
  readonly root: Piece;
  /** All pieces but the root, outer before inner, in the order of the file. */
  readonly flat: readonly Piece[];
  /** Where the first statement or key begins. */
  readonly begin: number;
}

function piece(key: string | undefined, start: number, end: number, parent: Piece | undefined): Piece {
  return { key, start, valueStart: start, end, kind: 'other', value: undefined, pieces: [], parent };
}

/** The innermost piece in which the offset lies; the root where it lies in none. */
export function pieceAt({ flat, root }: Outline, offset: number): Piece {
  let low = 0;
  let high = flat.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((flat[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  let inner = flat[low - 1] ?? root;
  while (inner.parent && inner.end <= offset) inner = inner.parent;
  return inner;
}

export function childOf(of: Piece, key: string): Piece | undefined {
  return of.pieces.findLast((child) => child.key === key);
}

export function textIn(of: Piece | undefined): string | undefined {
  return of?.kind === 'scalar' && typeof of.value === 'string' ? of.value : undefined;
}

/** Keys from the root, for people: `functions.health.events`. */
export function placeOf(of: Piece): string {
  const keys: string[] = [];
  for (let current: Piece | undefined = of; current; current = current.parent)
    if (current.key !== undefined) keys.unshift(current.key);
  return keys.join('.');
}

/** @param node the root of a document as it was parsed */
export function outlineDocument(file: SourceFile, node: Node): Outline {
  const root = piece(undefined, 0, file.text.length + 1, undefined);
  fillFromNode(root, node, file);
  return finish(file, root, undefined);
}

function fillFromNode(target: Piece, node: Node, file: SourceFile): void {
  const isHere = (span: Span) => span.file === file && span.start >= target.start && span.end <= target.end;
  if (node.kind === 'scalar') {
    target.kind = 'scalar';
    target.value = node.value;
  } else if (node.kind === 'map') {
    target.kind = 'map';
    for (const { key, keySpan, value } of node.entries) {
      // What a merge key or an alias brings is written elsewhere.
      if (!isHere(keySpan)) continue;
      const here = value.span.file === file && value.span.start >= keySpan.start && value.span.end <= target.end;
      const child = piece(key, keySpan.start, here ? Math.max(keySpan.end, value.span.end) : keySpan.end, target);
      target.pieces.push(child);
      if (!here) continue;
      child.valueStart = value.span.start;
      fillFromNode(child, value, file);
    }
  } else if (node.kind === 'list') {
    target.kind = 'list';
    for (const item of node.items) {
      if (!isHere(item.span)) continue;
      const child = piece(undefined, item.span.start, item.span.end, target);
      target.pieces.push(child);
      fillFromNode(child, item, file);
    }
  }
}

export interface ProgramOutline extends Outline {
  readonly comments: readonly { readonly start: number; readonly end: number; readonly text: string }[];
}

/** Undefined when the program cannot be parsed. */
export function outlineProgram(file: SourceFile): ProgramOutline | undefined {
  const program = parseProgram(file.text, file.path);
  if (!program) return undefined;
  const root = piece(undefined, 0, file.text.length + 1, undefined);
  walkProgram(program.program, root);
  const comments = (program.comments ?? []).flatMap(({ start, end, value }) =>
    start === undefined || start === null || end === undefined || end === null ? [] : [{ start, end, text: value }],
  );
  return { ...finish(file, root, program.program.body[0]?.start ?? undefined), comments };
}

interface AnyNode {
  readonly type: string;
  readonly start?: number | null;
  readonly end?: number | null;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** With a list of its own, because a program nests as deep as it likes. */
function walkProgram(program: unknown, root: Piece): void {
  const pending: { readonly value: unknown; readonly into: Piece }[] = [{ value: program, into: root }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, into } = next;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) pending.push({ value: item, into });
      continue;
    }
    if (!isNode(value)) continue;
    const { type, start, end } = value;
    if (type === 'ObjectProperty' || type === 'ObjectMethod') {
      const child = piece(nameIn(value), start ?? 0, end ?? 0, into);
      into.pieces.push(child);
      describe(child, value['value']);
      for (const part of ['value', 'params', 'body']) pending.push({ value: value[part], into: child });
      continue;
    }
    if (type === 'ArrayExpression' && Array.isArray(value['elements'])) {
      for (const element of value['elements'] as readonly unknown[]) {
        if (!isNode(element)) continue;
        const child = piece(undefined, element.start ?? 0, element.end ?? 0, into);
        into.pieces.push(child);
        describe(child, element);
        pending.push({ value: element, into: child });
      }
      continue;
    }
    // A finding in the source of a function lies on a statement.
    const isStatement = /(?:Statement|Declaration)$/.test(type) && type !== 'BlockStatement';
    const around = isStatement ? piece(undefined, start ?? 0, end ?? 0, into) : into;
    if (around !== into) into.pieces.push(around);
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'comments' || name === 'tokens' || name === 'loc' || name === 'extra') continue;
      if (isNode(inner) || Array.isArray(inner)) pending.push({ value: inner, into: around });
    }
  }
}

function nameIn({ key, computed }: AnyNode): string | undefined {
  if (!isNode(key)) return undefined;
  if (key.type === 'StringLiteral' || key.type === 'NumericLiteral') return String(key['value']);
  return key.type === 'Identifier' && computed !== true ? String(key['name']) : undefined;
}

function describe(target: Piece, written: unknown): void {
  let value = written;
  while (isNode(value) && (value.type === 'TSAsExpression' || value.type === 'TSSatisfiesExpression'))
    value = value['expression'];
  if (!isNode(value)) return;
  if (value.type === 'ObjectExpression') target.kind = 'map';
  else if (value.type === 'ArrayExpression') target.kind = 'list';
  else if (value.type === 'StringLiteral' || value.type === 'NumericLiteral' || value.type === 'BooleanLiteral') {
    target.kind = 'scalar';
    target.value = value['value'] as Scalar;
  } else if (value.type === 'NullLiteral') {
    target.kind = 'scalar';
    target.value = null;
  }
}

function finish(file: SourceFile, root: Piece, begin: number | undefined): Outline {
  const flat: Piece[] = [];
  const pending: Piece[] = [root];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next !== root) flat.push(next);
    next.pieces.sort((a, b) => a.start - b.start || b.end - a.end);
    for (let index = next.pieces.length - 1; index >= 0; index -= 1) {
      const child = next.pieces[index];
      if (child) pending.push(child);
    }
  }
  return { file, root, flat, begin: begin ?? flat[0]?.start ?? file.text.length };
}
