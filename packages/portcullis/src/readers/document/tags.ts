import type { Node, Span } from '../../project/index.ts';

/** Short forms that CloudFormation documents; `!Ref` and `!Condition` are written without `Fn::` in the long form. */
const functions = new Set([
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
  'ForEach',
]);

/** `!Sub x` -> `{Fn::Sub: x}`. A tag that CloudFormation does not know makes the value undecided. */
export function longForm(tag: string, value: Node, span: Span): Node {
  const name = tag.slice(1);
  const map = (key: string, content: Node): Node => ({
    kind: 'map',
    entries: [{ key, keySpan: span, value: content }],
    span,
  });
  if (name === 'Ref' || name === 'Condition') return map(name, value);
  if (name === 'GetAtt') return map('Fn::GetAtt', attribute(value));
  if (functions.has(name)) return map(`Fn::${name}`, value);
  return { kind: 'unknown', source: 'other', reason: `carries the tag ${tag}, which is not read`, span };
}

/** `!GetAtt Resource.Attribute.Nested`: the first dot divides. */
function attribute(value: Node): Node {
  if (value.kind !== 'scalar' || typeof value.value !== 'string') return value;
  const dot = value.value.indexOf('.');
  if (dot === -1) return value;
  const part = (text: string): Node => ({ kind: 'scalar', value: text, span: value.span });
  return { kind: 'list', items: [part(value.value.slice(0, dot)), part(value.value.slice(dot + 1))], span: value.span };
}
