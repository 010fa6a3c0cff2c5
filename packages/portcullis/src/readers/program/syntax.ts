import type { Program } from '../code/parser.ts';

export type Statement = Program['program']['body'][number];
export type Expression = Extract<Statement, { type: 'ExpressionStatement' }>['expression'];
export type ExpressionOf<Type extends Expression['type']> = Extract<Expression, { type: Type }>;
export type ObjectMember = ExpressionOf<'ObjectExpression'>['properties'][number];
type FunctionDeclaration = Extract<Statement, { type: 'FunctionDeclaration' }>;
export type FunctionNode =
  | FunctionDeclaration
  | ExpressionOf<'FunctionExpression'>
  | ExpressionOf<'ArrowFunctionExpression'>
  | Extract<ObjectMember, { type: 'ObjectMethod' }>;
export type Pattern =
  | FunctionNode['params'][number]
  | Extract<Statement, { type: 'VariableDeclaration' }>['declarations'][number]['id'];

/** The name that stands in source before a value: an identifier, a text or a number. Undefined when it is computed. */
export function nameOf(key: { readonly type: string }, computed = false): string | undefined {
  const node = key as Expression;
  if (node.type === 'StringLiteral') return node.value;
  if (node.type === 'NumericLiteral') return String(node.value);
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return node.type === 'Identifier' && !computed ? node.name : undefined;
}

/** Without what TypeScript, parentheses and `await` put around it. */
export function bare(node: Expression): Expression {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
      case 'ParenthesizedExpression':
        inner = inner.expression;
        break;
      case 'AwaitExpression':
        inner = inner.argument;
        break;
      default:
        return inner;
    }
  }
}

/** The literal that the expression is; undefined when it is none. */
export function literalOf(node: Expression): { readonly value: string | number | boolean | null } | undefined {
  switch (node.type) {
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'BooleanLiteral':
      return { value: node.value };
    case 'NullLiteral':
      return { value: null };
    case 'TemplateLiteral': {
      const text = node.expressions.length === 0 ? node.quasis[0]?.value.cooked : undefined;
      return text === undefined || text === null ? undefined : { value: text };
    }
    case 'UnaryExpression':
      return node.operator === '-' && node.argument.type === 'NumericLiteral'
        ? { value: -node.argument.value }
        : undefined;
    default:
      return undefined;
  }
}

/** `a.b['c']` as its root and the keys behind it; undefined when a key is computed or the root is no name. */
export function pathOf(node: Expression): { readonly root: string; readonly keys: readonly string[] } | undefined {
  const keys: string[] = [];
  let current = bare(node);
  while (current.type === 'MemberExpression' || current.type === 'OptionalMemberExpression') {
    const key = nameOf(current.property, current.computed);
    if (key === undefined) return undefined;
    keys.unshift(key);
    current = bare(current.object as Expression);
  }
  return current.type === 'Identifier' ? { root: current.name, keys } : undefined;
}

/** What a function may return: its expression, or those of its own return statements, in the order of the text. */
export function returnsOf(node: FunctionNode): readonly Expression[] {
  if (node.body.type !== 'BlockStatement') return [node.body];
  const found: Expression[] = [];
  const visit = (statements: readonly Statement[]): void => {
    for (const statement of statements) visitOne(statement);
  };
  const visitOne = (statement: Statement | null | undefined): void => {
    switch (statement?.type) {
      case 'ReturnStatement':
        if (statement.argument) found.push(statement.argument);
        break;
      case 'BlockStatement':
        visit(statement.body);
        break;
      case 'IfStatement':
        visitOne(statement.consequent);
        visitOne(statement.alternate);
        break;
      case 'SwitchStatement':
        for (const branch of statement.cases) visit(branch.consequent);
        break;
      case 'TryStatement':
        visit(statement.block.body);
        visit(statement.handler?.body.body ?? []);
        visit(statement.finalizer?.body ?? []);
        break;
      case 'ForStatement':
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'LabeledStatement':
        visitOne(statement.body);
        break;
      default:
    }
  };
  visit(node.body.body);
  return found;
}
