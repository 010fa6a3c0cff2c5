import { type Node, possibilities, type ReferenceNode, type UnknownNode } from '../node.ts';

// Marks around the name of a piece that is known only at deployment. Equal names mean equal values, so two texts with the same
// marks in the same places name the same thing.
const open = '\uE000';
const close = '\uE001';
const mark = /\uE000[^\uE001]*\uE001/g;

/** An ARN or name of which some pieces may be open. */
export interface Pattern {
  /** With marks for open pieces. */
  readonly exact: string;
  readonly parts: readonly (string | ReferenceNode | UnknownNode)[];
}

/** Each text that a node may be: decided texts, references and texts with open pieces. Maps and lists are no patterns. */
export function patternsOf(node: Node): readonly Pattern[] {
  return possibilities(node).flatMap((value) => {
    if (value.kind === 'scalar') return value.value === null ? [] : [toPattern([String(value.value)])];
    if (value.kind === 'text') return [toPattern(value.parts)];
    if (value.kind === 'reference' || value.kind === 'unknown') return [toPattern([value])];
    return [];
  });
}

function toPattern(parts: Pattern['parts']): Pattern {
  return { parts, exact: parts.map((part) => (typeof part === 'string' ? part : marked(part))).join('') };
}

function marked(part: ReferenceNode | UnknownNode): string {
  if (part.kind === 'reference') return referenceText(part.id, part.attribute);
  // The separators of ARNs must not appear inside a mark.
  return `${open}${(part.name ?? part.reason).replace(/[:/]/g, '_')}${close}`;
}

/** How `Ref` (no attribute) or `Fn::GetAtt` of a resource stands in `exact`. */
export function referenceText(id: string, attribute = ''): string {
  return `${open}${`${id}.${attribute}`.replace(/[:/]/g, '_')}${close}`;
}

export function isOpen(text: string): boolean {
  return text.includes(open);
}

/** True when nothing but one open piece. */
export function isOnlyOpen(text: string): boolean {
  return text.startsWith(open) && text.indexOf(close) === text.length - 1;
}

/** As a pattern in IAM's sense: open pieces may be anything. */
export function asGlob(text: string): string {
  return text.replace(mark, '*');
}

/** For people: what an open piece is. */
export function describePart(part: ReferenceNode | UnknownNode): string {
  if (part.kind === 'reference')
    return part.attribute && part.attribute !== 'Arn' ? `${part.id}.${part.attribute}` : part.id;
  const name = part.name ?? part.from?.[0]?.address;
  switch (part.source) {
    case 'import':
      return name ? `imported value ${name.replace(/^import:/, '')}` : 'imported value';
    case 'parameter':
      return name ? `parameter ${name}` : 'parameter';
    case 'cf':
      return 'output of another stack';
    case 'ssm':
      return 'value from Parameter Store';
    case 'env':
    case 'dotenv':
      return name ? `environment variable ${name}` : 'environment variable';
    default:
      return 'value known at deployment';
  }
}
