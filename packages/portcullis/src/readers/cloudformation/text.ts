import {
  type Node,
  type Provenance,
  type ReferenceNode,
  type ScalarNode,
  type Span,
  textOf,
  type UnknownNode,
} from '../../project/index.ts';
import { perBranch } from './branches.ts';
import { type Budget, spend } from './scope.ts';

const opening = '{{resolve:';

/** A text that CloudFormation replaces when it deploys: `{{resolve:ssm-secure:/orders/key:1}}` -> `ssm-secure:/orders/key:1`. */
function dynamicReferences(text: string, span: Span): readonly Provenance[] {
  const found: Provenance[] = [];
  let start = text.indexOf(opening);
  while (start !== -1) {
    const end = text.indexOf('}}', start);
    if (end === -1) break;
    found.push({ source: 'dynamic-reference', address: text.slice(start + opening.length, end), span });
    start = text.indexOf(opening, end);
  }
  return found;
}

/** Marks a text that holds `{{resolve:...}}`: it stays as written and says where its value will come from. */
export function markDynamic(node: ScalarNode): ScalarNode {
  if (typeof node.value !== 'string' || node.value.length < 14 || !node.value.includes(opening)) return node;
  if (node.from?.some((origin) => origin.source === 'dynamic-reference')) return node;
  const found = dynamicReferences(node.value, node.span);
  return found.length > 0 ? { ...node, from: [...(node.from ?? []), ...found] } : node;
}

export function withOrigin<T extends Node>(node: T, origin: readonly Provenance[]): T {
  return origin.length === 0 ? node : { ...node, from: [...origin, ...(node.from ?? [])] };
}

/** Pieces side by side as one value: a scalar when all are decided, the reference itself when it stands alone, else a text. */
export function concatenate(pieces: readonly Node[], span: Span, budget: Budget): Node {
  return perBranch(pieces, span, (decided) => joinDecided(decided, span, budget));
}

type Part = string | ReferenceNode | UnknownNode;

function joinDecided(pieces: readonly Node[], span: Span, budget: Budget): Node {
  const parts: Part[] = [];
  const from = new Origins();
  for (const piece of pieces) {
    for (const origin of piece.from ?? []) from.add(origin);
    for (const part of partsOf(piece)) {
      if (!spend(budget, typeof part === 'string' ? part.length : 1)) return tooLong(span);
      const last = parts.length - 1;
      const before = parts[last];
      if (typeof before === 'string' && typeof part === 'string') parts[last] = before + part;
      else if (part !== '') parts.push(part);
    }
  }
  const [only] = parts;
  if (parts.length === 0) return from.on({ kind: 'scalar', value: '', span });
  if (parts.length === 1 && typeof only === 'string') {
    return markDynamic(from.on({ kind: 'scalar', value: only, span }));
  }
  if (parts.length === 1 && typeof only === 'object') return from.on({ ...only, span });
  for (const part of parts) {
    if (typeof part === 'string') for (const origin of dynamicStart(part, span)) from.add(origin);
  }
  return from.on({ kind: 'text', parts, span });
}

function partsOf(piece: Node): readonly Part[] {
  switch (piece.kind) {
    case 'reference':
    case 'unknown':
      return [piece];
    case 'text':
      return piece.parts;
    case 'scalar':
      return [textOf(piece) ?? ''];
    default:
      return [{ kind: 'unknown', source: 'intrinsic', reason: `is a ${piece.kind} inside a text`, span: piece.span }];
  }
}

const tooLong = (span: Span): UnknownNode => ({
  kind: 'unknown',
  source: 'intrinsic',
  reason: 'is put together from too many pieces',
  span,
});

/** Where the pieces of a text came from, each source and address once. */
class Origins {
  readonly #all = new Map<string, Provenance>();

  add(origin: Provenance): void {
    const key = `${origin.source} ${origin.address}`;
    if (!this.#all.has(key)) this.#all.set(key, origin);
  }

  on<T extends Node>(node: T): T {
    return this.#all.size === 0 ? node : { ...node, from: [...this.#all.values()] };
  }
}

/** A dynamic reference whose address is put together: only what stands in this piece of it is known. */
function dynamicStart(text: string, span: Span): readonly Provenance[] {
  const found = dynamicReferences(text, span);
  if (found.length > 0) return found;
  const start = text.indexOf(opening);
  return start === -1 ? [] : [{ source: 'dynamic-reference', address: text.slice(start + opening.length), span }];
}
