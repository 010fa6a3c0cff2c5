import { type Node, type Scalar, type Span, textOf, type UnknownNode } from '../../../project/index.ts';
import { type Call, scalar } from './scope.ts';
import type { CallSource, Template } from './syntax.ts';
import { contributes } from './text.ts';

/** Without these decided the source cannot be asked; of sources elsewhere the address is only shown. */
const local = new Set(['self', 'file', 'env', 'param', 'opt', 'strToBool', 'sls']);

/** Resolves what is nested in the parameters and the address of a source. */
export function prepareCall(
  source: CallSource,
  span: Span,
  last: boolean,
  resolve: (template: Template) => Node,
): Call | { readonly undecided: Node } {
  const nested: Node[] = [];
  const resolved = (template: Template): Node => {
    const [only] = template;
    if (template.length === 1 && typeof only === 'string') return scalar(only, span);
    const value = resolve(template);
    nested.push(value);
    return value;
  };
  const params = source.params.map((param): Scalar | Node =>
    'literal' in param ? param.literal : resolved(param.template),
  );
  const address = source.address ? resolved(source.address) : undefined;
  const stop = nested.find((node) => node.kind === 'unknown' || node.kind === 'text');
  if (stop && local.has(source.type)) return { undecided: becauseOf(stop, span) };
  const isPrivate = nested.some((node) =>
    node.from?.some((origin) => outside.has(origin.source) && contributes(origin)),
  );
  const written = textOf(address) ?? source.rawAddress;
  return {
    type: source.type,
    params,
    address: written,
    shownAddress: isPrivate ? source.rawAddress : written,
    raw: source.raw,
    span,
    last,
    isPrivate,
  };
}

const outside = new Set(['env', 'dotenv', 'param']);

function becauseOf(stop: Node, span: Span): UnknownNode {
  const part = stop.kind === 'text' ? stop.parts.find((piece) => typeof piece === 'object') : stop;
  if (typeof part !== 'object' || part.kind !== 'unknown')
    return { kind: 'unknown', source: 'other', reason: 'depends on a value that is not decided', span };
  const from = stop.from ?? part.from;
  return { kind: 'unknown', source: part.source, reason: part.reason, span, ...(from ? { from } : {}) };
}
