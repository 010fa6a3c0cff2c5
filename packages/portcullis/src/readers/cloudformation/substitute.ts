import { get, type Node, type Span, textOf } from '../../project/index.ts';
import { attribute, valueOfRef } from './references.ts';
import type { Scope } from './scope.ts';
import { concatenate } from './text.ts';

/**
 * `Fn::Sub`: `${Name}`, `${Resource.Attribute}`, names of the map beside the text, and `${!Literal}` which stands for `${Literal}`.
 * Undefined when the argument is neither a text nor a text with a map.
 */
export function substitute(argument: Node, span: Span, scope: Scope): Node | undefined {
  const [template, variables] = argument.kind === 'list' ? argument.items : [argument];
  const evaluated = template?.kind === 'map' ? scope.evaluate(template) : template;
  const text = textOf(evaluated);
  // A text that lowering has put together already.
  if (evaluated && text === undefined && (evaluated.kind === 'text' || evaluated.kind === 'unknown')) return evaluated;
  if (!evaluated || text === undefined) return undefined;
  const pieces: Node[] = [];
  const literal = (value: string) => {
    if (value !== '') pieces.push({ kind: 'scalar', value, span: evaluated.span });
  };
  const given = new Map<string, Node>();
  const variable = (name: string): Node => {
    const done = given.get(name);
    if (done) return done;
    const own = get(variables, name);
    const value = own ? scope.evaluate(own) : named(name, span, scope);
    given.set(name, value);
    return value;
  };
  let from = 0;
  for (;;) {
    const start = text.indexOf('${', from);
    const end = start === -1 ? -1 : text.indexOf('}', start);
    if (end === -1) break;
    literal(text.slice(from, start));
    const name = text.slice(start + 2, end).trim();
    if (name.startsWith('!')) literal(`\${${name.slice(1)}}`);
    else pieces.push(variable(name));
    from = end + 1;
  }
  if (pieces.length === 0) return scope.evaluate(evaluated);
  literal(text.slice(from));
  const result = concatenate(pieces, span, scope.budget);
  return evaluated.from ? { ...result, from: [...evaluated.from, ...(result.from ?? [])] } : result;
}

function named(name: string, span: Span, scope: Scope): Node {
  const dot = name.startsWith('AWS::') ? -1 : name.indexOf('.');
  return dot === -1 ? valueOfRef(name, span, scope) : attribute(name.slice(0, dot), name.slice(dot + 1), span, scope);
}
