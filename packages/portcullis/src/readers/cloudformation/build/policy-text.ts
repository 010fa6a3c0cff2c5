import type { Node, ReferenceNode, Span, UnknownNode } from '../../../project/index.ts';

// A policy may be given as JSON text, with Fn::Sub or Fn::Join inside. Parts that are known only at deployment stand in the
// text as marks while it is parsed, and become nodes again inside the strings where they stood.
const open = '\uE000';
const close = '\uE001';
const maxDepth = 32;

type Part = ReferenceNode | UnknownNode;

/** The document that a JSON text holds, every node with the text's own span; undefined when it is no JSON map. */
export function parsePolicyText(node: Node): Node | undefined {
  const parts: Part[] = [];
  const text = textWithMarks(node, parts);
  if (text === undefined || !text.trimStart().startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return toNode(value, node.span, parts, 0);
}

function textWithMarks(node: Node, parts: Part[]): string | undefined {
  if (node.kind === 'scalar') return typeof node.value === 'string' ? node.value : undefined;
  if (node.kind !== 'text') return undefined;
  return node.parts
    .map((part) => (typeof part === 'string' ? part : `${open}${parts.push(part) - 1}${close}`))
    .join('');
}

function toNode(value: unknown, span: Span, parts: readonly Part[], depth: number): Node {
  if (depth > maxDepth) {
    return { kind: 'unknown', source: 'other', reason: 'is nested too deeply to be a policy', span };
  }
  if (Array.isArray(value)) {
    return { kind: 'list', items: value.map((item) => toNode(item, span, parts, depth + 1)), span };
  }
  if (typeof value === 'string') return stringNode(value, span, parts);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => ({
      key,
      keySpan: span,
      value: toNode(item, span, parts, depth + 1),
    }));
    return { kind: 'map', entries, span };
  }
  if (typeof value === 'number' || typeof value === 'boolean') return { kind: 'scalar', value, span };
  return { kind: 'scalar', value: null, span };
}

function stringNode(text: string, span: Span, parts: readonly Part[]): Node {
  if (!text.includes(open)) return { kind: 'scalar', value: text, span };
  const pieces: (string | Part)[] = [];
  for (const [index, piece] of text.split(open).entries()) {
    if (index === 0) {
      if (piece) pieces.push(piece);
      continue;
    }
    const end = piece.indexOf(close);
    const part = parts[Number(piece.slice(0, end))];
    if (part) pieces.push(part);
    const rest = piece.slice(end + 1);
    if (rest) pieces.push(rest);
  }
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined && typeof only !== 'string'
    ? only
    : { kind: 'text', parts: pieces, span };
}
