import { type Node, type ReferenceNode, type Span, textOf, type UnknownNode } from '../../project/index.ts';
import { absent, type Scope, spend } from './scope.ts';
import type { TemplateParameter } from './template.ts';
import { withOrigin } from './text.ts';

const pseudoParameters: ReadonlySet<string> = new Set([
  'AWS::AccountId',
  'AWS::NotificationARNs',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
]);

/** Those that differ between a stack and the stacks nested in it. */
const perStack: ReadonlySet<string> = new Set(['AWS::StackId', 'AWS::StackName']);

/**
 * `Ref`: a parameter's value as far as the files know it, a pseudo parameter (unknown, with the parameter's name as name and
 * reason), else a reference to the resource of that logical id, whether it exists or not.
 */
export function valueOfRef(name: string, span: Span, scope: Scope): Node {
  if (name === 'AWS::NoValue') return absent(span);
  if (pseudoParameters.has(name)) {
    const unknown: UnknownNode = {
      kind: 'unknown',
      source: 'intrinsic',
      reason: name,
      name: perStack.has(name) ? scope.label + name : name,
      span,
    };
    return unknown;
  }
  const parameter = scope.template.parameters.get(name);
  if (parameter) return valueOfParameter(parameter, span, scope);
  const reference: ReferenceNode = { kind: 'reference', id: scope.rename(name), span };
  return reference;
}

function valueOfParameter(parameter: TemplateParameter, span: Span, scope: Scope): Node {
  const { name, type } = parameter;
  if (type.startsWith('AWS::SSM::Parameter::')) {
    return {
      kind: 'unknown',
      source: 'ssm',
      name: scope.label + name,
      reason: 'comes from Parameter Store when it is deployed',
      span,
    };
  }
  const given = scope.given(name);
  if (given) return asList(withOrigin(given, [{ source: 'intrinsic', address: name, span }]), type, scope);
  if (parameter.default && parameter.default.kind !== 'map' && short(parameter.default)) {
    return asList(withOrigin(parameter.default, [{ source: 'parameter', address: name, span }]), type, scope);
  }
  return {
    kind: 'unknown',
    source: 'parameter',
    name: scope.label + name,
    reason: `is the parameter ${name}, which is given when it is deployed`,
    span,
  };
}

/** CloudFormation takes no longer value of a parameter than 4,096 bytes. */
const short = (node: Node): boolean => (textOf(node)?.length ?? 0) <= 4_096;

/** Parameters of a list type are written as one text with commas. */
function asList(value: Node, type: string, scope: Scope): Node {
  const list = type === 'CommaDelimitedList' || type.startsWith('List<');
  const text = list ? textOf(value) : undefined;
  if (text === undefined || !spend(scope.budget, text.length)) return value;
  const { span, from } = value;
  const origin = from ? { from } : {};
  return {
    kind: 'list',
    items: text.split(',').map((item) => ({ kind: 'scalar', value: item.trim(), span, ...origin })),
    span,
    ...origin,
  };
}

/** `Fn::GetAtt` in both forms; undefined when it has neither. */
export function attributeOf(argument: Node, span: Span, scope: Scope): Node | undefined {
  const whole = textOf(argument);
  if (whole !== undefined) {
    const dot = whole.indexOf('.');
    return dot === -1 ? undefined : attribute(whole.slice(0, dot), whole.slice(dot + 1), span, scope);
  }
  if (argument.kind !== 'list' || argument.items.length < 2) return undefined;
  const parts: string[] = [];
  for (const item of argument.items) {
    const text = textOf(scope.evaluate(item));
    if (text === undefined) {
      const reason = 'is an attribute that is chosen when it is deployed';
      return { kind: 'unknown', source: 'intrinsic', reason, span };
    }
    parts.push(text);
  }
  const [id = '', ...rest] = parts;
  return attribute(id, rest.join('.'), span, scope);
}

export function attribute(id: string, name: string, span: Span, scope: Scope): Node {
  if (name.startsWith('Outputs.')) {
    const output = scope.output(id, name.slice('Outputs.'.length));
    if (output) return output;
  }
  return { kind: 'reference', id: scope.rename(id), attribute: name, span };
}
