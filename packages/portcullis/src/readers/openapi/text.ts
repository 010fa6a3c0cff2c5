import {
  type Entry,
  InputError,
  type Node,
  type ReferenceNode,
  SourceFile,
  type Span,
  type UnknownNode,
} from '../../project/index.ts';
import { parseDocument } from '../document/index.ts';

// A document may be given as text, with Fn::Sub or Fn::Join around it. Pieces that are known only when it is deployed stand in the text as
// marks while it is parsed, and become nodes again where they stood.
const open = '\uE000';
const close = '\uE001';

type Piece = ReferenceNode | UnknownNode;

/**
 * The document that a text holds, in JSON or YAML; all nodes have the place of the text. Undefined when it is no text, or the text is
 * neither.
 */
export function parseDocumentText(node: Node): Node | undefined {
  const pieces: Piece[] = [];
  const text = withMarks(node, pieces);
  if (text === undefined) return undefined;
  try {
    const document = parseDocument(new SourceFile('Body', text));
    return document.kind === 'map' ? moved(document, node.span, pieces) : undefined;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function withMarks(node: Node, pieces: Piece[]): string | undefined {
  if (node.kind === 'scalar') return typeof node.value === 'string' ? node.value : undefined;
  if (node.kind !== 'text') return undefined;
  return node.parts
    .map((part) => (typeof part === 'string' ? part : `${open}${pieces.push(part) - 1}${close}`))
    .join('');
}

function moved(node: Node, span: Span, pieces: readonly Piece[]): Node {
  if (node.kind === 'map') {
    const entries = node.entries.map(
      ({ key, value }): Entry => ({ key, keySpan: span, value: moved(value, span, pieces) }),
    );
    return { kind: 'map', entries, span };
  }
  if (node.kind === 'list') return { kind: 'list', items: node.items.map((item) => moved(item, span, pieces)), span };
  if (node.kind === 'scalar' && typeof node.value === 'string') return textNode(node.value, span, pieces);
  return { ...node, span };
}

function textNode(text: string, span: Span, pieces: readonly Piece[]): Node {
  if (!text.includes(open)) return { kind: 'scalar', value: text, span };
  const parts: (string | Piece)[] = [];
  for (const [index, section] of text.split(open).entries()) {
    const end = index === 0 ? -1 : section.indexOf(close);
    const piece = pieces[Number(section.slice(0, Math.max(end, 0)))];
    if (end > 0 && piece) parts.push(piece);
    const rest = section.slice(end + 1);
    if (rest !== '') parts.push(rest);
  }
  const [only] = parts;
  return parts.length === 1 && typeof only === 'object' ? only : { kind: 'text', parts, span };
}
