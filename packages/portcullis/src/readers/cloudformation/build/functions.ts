import {
  type EnvironmentVariable,
  entries,
  type Fact,
  get,
  known,
  type LambdaFunction,
  LastOnly,
  type Link,
  type Node,
  type Permission,
  possibilities,
  stringOf,
  textOf,
  unknown,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { choiceFact, describe, eitherOr, isNull, linkFact, optional, textFact, undecidedReason } from './facts.ts';
import { functionSource } from './function-source.ts';
import { roleLink } from './roles.ts';

const functionType = 'AWS::Lambda::Function';

export function buildFunctions(context: BuildContext): readonly LambdaFunction[] {
  return context.ofType(functionType).map((resource) => {
    const { id, span, properties } = resource;
    const role = get(properties, 'Role');
    const key = get(properties, 'KmsKeyArn');
    return {
      id,
      name: context.raw(id)?.label ?? constructPath(context.raw(id)?.metadata) ?? id,
      span,
      role: role ? roleLink(context, role) : unknown('has no role in the template', span),
      environment: environmentOf(get(get(properties, 'Environment'), 'Variables')),
      kmsKey: optional(key, linkFact),
      handler: stringOf(get(properties, 'Handler')),
      source: functionSource(context, resource),
    };
  });
}

/** `Shop/Orders/Handler/Resource` -> `Orders/Handler`: what a CDK program calls the function; its logical id ends in a hash. */
function constructPath(metadata: Node | undefined): string | undefined {
  const parts = stringOf(get(metadata, 'aws:cdk:path'))?.split('/').slice(1) ?? [];
  const last = parts.at(-1);
  const named = last === 'Resource' || last === 'Default' ? parts.slice(0, -1) : parts;
  return named.length > 0 ? named.join('/') : undefined;
}

function environmentOf(variables: Node | undefined): readonly EnvironmentVariable[] {
  if (!variables) return [];
  return possibilities(variables).flatMap((map) =>
    entries(map).map(({ key, keySpan, value }) => ({ name: key, value, span: keySpan })),
  );
}

export function buildPermissions(context: BuildContext): readonly Permission[] {
  return context.ofType('AWS::Lambda::Permission').map(({ id, span, properties }) => {
    const name = get(properties, 'FunctionName');
    const principal = get(properties, 'Principal');
    const authType = get(properties, 'FunctionUrlAuthType');
    return {
      id,
      span,
      function: name ? functionLink(context, name) : unknown('names no function', span),
      principal: principal ? textFact(principal) : unknown('names no principal', span),
      sourceArn: present(get(properties, 'SourceArn')),
      sourceAccount: present(get(properties, 'SourceAccount')),
      functionUrlAuthType: optional(authType, (node) => choiceFact(node, ['NONE', 'AWS_IAM'] as const)),
    };
  });
}

const present = (node: Node | undefined): Node | undefined => (isNull(node) ? undefined : node);

/**
 * The function that a value names: its ARN or name, that of an alias or version of it, or the `.../functions/<ARN>/invocations`
 * address that API Gateway calls. A function whose name comes from a stage variable is unknown.
 */
export function functionLink(context: BuildContext, node: Node): Fact<Link> {
  return eitherOr<Link>(node, (value) => {
    if (value.kind === 'reference')
      return known<Link>({ kind: 'local', id: functionOf(context, value.id) }, value.span);
    const whole = textOf(value);
    if (whole !== undefined) return named(context, functionName(whole), value);
    if (value.kind === 'text') return fromText(context, value);
    const id = value.kind === 'unknown' ? local(context, describe(value)) : undefined;
    return id === undefined
      ? unknown(undecidedReason(value), value.span)
      : known<Link>({ kind: 'local', id }, value.span);
  });
}

function fromText(context: BuildContext, text: Extract<Node, { kind: 'text' }>): Fact<Link> {
  const { span } = text;
  const described = describe(text);
  const name = functionName(described);
  const pieces = text.parts.flatMap((part) => (typeof part === 'string' ? [] : [part]));
  const piece = pieces.find((part) => describe(part) === name);
  if (piece?.kind === 'reference') return known<Link>({ kind: 'local', id: functionOf(context, piece.id) }, span);
  const id = local(context, name);
  if (id !== undefined) return known<Link>({ kind: 'local', id }, span);
  if (piece) return unknown(undecidedReason(piece), span);
  if (name !== '' && !name.includes('$') && name !== described) return known<Link>({ kind: 'external', name }, span);
  const functions = pieces.flatMap((part) => (part.kind === 'reference' && isFunction(context, part.id) ? [part] : []));
  const [only] = functions;
  if (functions.length === 1 && only) return known<Link>({ kind: 'local', id: functionOf(context, only.id) }, span);
  return unknown(stageVariable(name) ?? undecidedReason(text), span);
}

const stageVariable = (name: string): string | undefined =>
  name.includes('stageVariables.') ? 'comes from a stage variable' : undefined;

function named(context: BuildContext, name: string, node: Node): Fact<Link> {
  const id = local(context, name);
  if (id !== undefined) return known<Link>({ kind: 'local', id }, node.span);
  if (name === '') return unknown('names no function', node.span);
  const variable = stageVariable(name);
  return variable === undefined ? known<Link>({ kind: 'external', name }, node.span) : unknown(variable, node.span);
}

/** Where the function's ARN or name begins in an ARN or invocation address; 0 when it is neither. */
function markEnd(text: string): number {
  const path = text.indexOf('/functions/');
  const from = path === -1 ? 0 : path + '/functions/'.length;
  const arn = text.indexOf(':function:', from);
  return arn === -1 ? from : arn + ':function:'.length;
}

/** `arn:aws:lambda:eu-west-1:123456789012:function:orders:live` -> `orders`; a placeholder may stand in it. */
function functionName(text: string): string {
  const rest = text.slice(markEnd(text)).trim();
  let depth = 0;
  for (let index = 0; index < rest.length; index += 1) {
    const char = rest[index];
    if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    else if (depth === 0 && (char === ':' || char === '/')) return rest.slice(0, index);
  }
  return rest;
}

function local(context: BuildContext, name: string): string | undefined {
  return functionNames(context).get(name);
}

const names = new LastOnly<BuildContext, ReadonlyMap<string, string>>();

/** `FunctionName` (with placeholders where it is put together) -> logical id. */
function functionNames(context: BuildContext): ReadonlyMap<string, string> {
  const cached = names.get(context);
  if (cached) return cached;
  const made = new Map<string, string>();
  for (const { id, properties } of context.ofType(functionType)) {
    const name = get(properties, 'FunctionName');
    if (name && name.kind !== 'either' && !describe(name).includes('?')) made.set(describe(name), id);
  }
  names.set(context, made);
  return made;
}

const isFunction = (context: BuildContext, id: string): boolean => {
  const type = context.resources.get(id)?.type;
  return (
    type === functionType ||
    type === 'AWS::Lambda::Alias' ||
    type === 'AWS::Lambda::Version' ||
    type === 'AWS::Serverless::Function'
  );
};

/** The function behind an alias or a version; the id itself when it is neither. */
function functionOf(context: BuildContext, id: string): string {
  const resource = context.resources.get(id);
  if (resource?.type !== 'AWS::Lambda::Alias' && resource?.type !== 'AWS::Lambda::Version') return id;
  const name = get(resource.properties, 'FunctionName');
  const [first] = name ? possibilities(name) : [];
  if (!first) return id;
  if (first.kind === 'reference') {
    // An alias of an alias is no alias; one step is enough and cannot go round.
    return first.id;
  }
  return local(context, functionName(describe(first))) ?? id;
}
