import { type BabelExpression, type BabelStatement, parseJavaScript } from './babel.ts';
import {
  type Argument,
  type ClassTree,
  type Expression,
  type ExpressionOf,
  type FunctionTree,
  type ModuleTree,
  maximumDepth,
  type ObjectEntry,
  type Pattern,
  type Statement,
} from './tree.ts';

type Babel =
  | Extract<BabelExpression, { type: 'ObjectExpression' }>['properties'][number]
  | BabelStatement
  | BabelExpression
  | Extract<BabelStatement, { type: 'ClassDeclaration' }>['body']['body'][number];
type Of<Type extends string> = Extract<Babel, { type: Type }>;
type BabelFunction =
  | Of<'FunctionDeclaration'>
  | Of<'FunctionExpression'>
  | Of<'ArrowFunctionExpression'>
  | Of<'ClassMethod'>
  | Of<'ObjectMethod'>
  | Of<'ClassPrivateMethod'>;
type BabelPattern =
  | BabelFunction['params'][number]
  | Of<'AssignmentExpression'>['left']
  | Of<'VariableDeclaration'>['declarations'][number]['id'];

/** Throws what `parseJavaScript` throws. */
export function readJavaScript(text: string, path: string): ModuleTree {
  const lowering = new Lowering();
  const body = lowering.statements(parseJavaScript(text, path).program.body);
  return { language: 'javascript', body, words: lowering.words };
}

interface Placed {
  readonly start?: number | null;
  readonly end?: number | null;
}

const placeOf = ({ start, end }: Placed) => ({ start: start ?? 0, end: end ?? 0 });
const nothing = (node: Placed): Expression => ({ ...placeOf(node), kind: 'constant', value: null });

class Lowering {
  readonly words = new Set<string>();
  #depth = 0;

  statements(list: readonly BabelStatement[]): readonly Statement[] {
    return list.flatMap((statement) => this.#deeper(() => this.#statement(statement), []));
  }

  #deeper<T>(work: () => T, otherwise: T): T {
    if (this.#depth >= maximumDepth) return otherwise;
    this.#depth += 1;
    try {
      return work();
    } finally {
      this.#depth -= 1;
    }
  }

  #body(statement: BabelStatement | null | undefined): readonly Statement[] {
    return statement ? this.statements(statement.type === 'BlockStatement' ? statement.body : [statement]) : [];
  }

  #statement(node: BabelStatement): readonly Statement[] {
    switch (node.type) {
      case 'ExpressionStatement':
        return [{ kind: 'expression', value: this.expression(node.expression) }];
      case 'VariableDeclaration':
        return node.declarations.map((one) => ({
          kind: 'declare',
          pattern: this.#pattern(one.id),
          value: one.init ? this.expression(one.init) : undefined,
        }));
      case 'ReturnStatement':
        return [{ kind: 'return', value: node.argument ? this.expression(node.argument) : undefined }];
      case 'ThrowStatement':
        return [{ kind: 'throw', value: this.expression(node.argument) }];
      case 'IfStatement': {
        const yes = this.#body(node.consequent);
        return [{ kind: 'if', test: this.expression(node.test), yes, no: this.#body(node.alternate) }];
      }
      case 'SwitchStatement':
        return [{ kind: 'switch', subject: this.expression(node.discriminant), cases: this.#cases(node.cases) }];
      case 'ForStatement': {
        const init = node.init ?? undefined;
        const before = !init ? [] : init.type === 'VariableDeclaration' ? this.#statement(init) : this.#value(init);
        const test = node.test ? this.expression(node.test) : undefined;
        const body = [...this.#body(node.body), ...(node.update ? this.#value(node.update) : [])];
        return [...before, { kind: 'loop', pattern: undefined, over: undefined, test, body }];
      }
      case 'ForInStatement':
      case 'ForOfStatement': {
        const target = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : node.left;
        const pattern = target ? this.#pattern(target) : undefined;
        return [
          { kind: 'loop', pattern, over: this.expression(node.right), test: undefined, body: this.#body(node.body) },
        ];
      }
      case 'WhileStatement':
      case 'DoWhileStatement': {
        const test = this.expression(node.test);
        return [{ kind: 'loop', pattern: undefined, over: undefined, test, body: this.#body(node.body) }];
      }
      case 'BlockStatement':
        return this.statements(node.body);
      case 'LabeledStatement':
        return this.#body(node.body);
      case 'TryStatement': {
        const handler = this.#body(node.handler?.body);
        return [{ kind: 'block', body: [...this.#body(node.block), ...handler, ...this.#body(node.finalizer)] }];
      }
      case 'FunctionDeclaration':
        return [{ kind: 'function', name: node.id?.name ?? 'default', function: this.#function(node) }];
      case 'ClassDeclaration':
        return [{ kind: 'class', name: node.id?.name ?? 'default', class: this.#class(node) }];
      case 'ImportDeclaration':
        return node.importKind === 'type' ? [] : [this.#import(node)];
      case 'ExportNamedDeclaration':
        return this.#exports(node);
      case 'ExportDefaultDeclaration':
        return this.#exportDefault(node);
      case 'ExportAllDeclaration':
        return [{ kind: 'reexport', source: node.source.value, imported: '*', exported: undefined }];
      case 'TSExportAssignment':
        return [{ kind: 'export', name: '*', value: this.expression(node.expression) }];
      case 'TSImportEqualsDeclaration': {
        const { moduleReference, id } = node;
        if (moduleReference.type !== 'TSExternalModuleReference') return [];
        return [this.#importOf(moduleReference.expression.value, [{ imported: '*', local: id.name }])];
      }
      default:
        return [];
    }
  }

  #value(node: BabelExpression): readonly Statement[] {
    return [{ kind: 'expression', value: this.expression(node) }];
  }

  #cases(cases: Of<'SwitchStatement'>['cases']) {
    // `case 'GET': case 'HEAD': ...` is one case with two tests.
    const lowered: { tests: Expression[]; body: readonly Statement[] }[] = [];
    let tests: Expression[] = [];
    for (const one of cases) {
      if (one.test) tests.push(this.expression(one.test));
      if (one.consequent.length === 0) continue;
      lowered.push({ tests, body: this.statements(one.consequent) });
      tests = [];
    }
    return lowered;
  }

  #importOf(source: string, names: readonly { imported: string; local: string }[]): Statement {
    this.words.add(source);
    for (const { imported } of names) this.words.add(imported);
    return { kind: 'import', source, names };
  }

  #import(node: Of<'ImportDeclaration'>): Statement {
    const names = node.specifiers.flatMap((one) => {
      if (one.type === 'ImportDefaultSpecifier') return [{ imported: 'default', local: one.local.name }];
      if (one.type === 'ImportNamespaceSpecifier') return [{ imported: '*', local: one.local.name }];
      if (one.importKind === 'type') return [];
      return [{ imported: nameOf(one.imported), local: one.local.name }];
    });
    return this.#importOf(node.source.value, names);
  }

  #exports(node: Of<'ExportNamedDeclaration'>): readonly Statement[] {
    const { declaration, source } = node;
    if (declaration) {
      const inner = this.#statement(declaration);
      const names = inner.flatMap((one) =>
        one.kind === 'declare'
          ? boundNames(one.pattern)
          : one.kind === 'function' || one.kind === 'class'
            ? [one.name]
            : [],
      );
      return [...inner, ...names.map((name) => exportOf(name, { ...placeOf(node), kind: 'name', name }))];
    }
    return node.specifiers.flatMap((one): readonly Statement[] => {
      if (source) {
        this.words.add(source.value);
        const imported = one.type === 'ExportSpecifier' ? nameOf(one.local) : '*';
        return [{ kind: 'reexport', source: source.value, imported, exported: nameOf(one.exported) }];
      }
      if (one.type !== 'ExportSpecifier') return [];
      return [exportOf(nameOf(one.exported), { ...placeOf(one), kind: 'name', name: nameOf(one.local) })];
    });
  }

  #exportDefault(node: Of<'ExportDefaultDeclaration'>): readonly Statement[] {
    const { declaration } = node;
    if (declaration.type === 'TSDeclareFunction') return [];
    if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') {
      const inner = this.#statement(declaration);
      const name = declaration.id?.name ?? 'default';
      return [...inner, exportOf('default', { ...placeOf(declaration), kind: 'name', name })];
    }
    return [exportOf('default', this.expression(declaration))];
  }

  #function(node: BabelFunction): FunctionTree {
    const parameters = node.params.filter((one) => !(one.type === 'Identifier' && one.name === 'this'));
    const last = parameters.at(-1);
    const rest = last?.type === 'RestElement' ? this.#pattern(last.argument) : undefined;
    const params = (rest ? parameters.slice(0, -1) : parameters).map((one) => this.#pattern(one));
    const { body } = node;
    const statements: readonly Statement[] =
      body.type === 'BlockStatement' ? this.#body(body) : [{ kind: 'return', value: this.expression(body) }];
    const place = placeOf(node);
    const ownThis = node.type !== 'ArrowFunctionExpression';
    return { ...place, params, rest, body: statements, takesSelf: false, ownThis, decorators: [] };
  }

  #class(node: Of<'ClassDeclaration'> | Of<'ClassExpression'>): ClassTree {
    const methods: { name: string; function: FunctionTree }[] = [];
    const fields: { name: string; value: Expression }[] = [];
    for (const member of node.body.body) {
      if (member.type === 'ClassMethod' || member.type === 'ClassPrivateMethod') {
        const name = this.#key(member.key, member.type === 'ClassMethod' && member.computed);
        if (name !== undefined) methods.push({ name, function: this.#function(member) });
      } else if ((member.type === 'ClassProperty' || member.type === 'ClassPrivateProperty') && member.value) {
        const name = this.#key(member.key, member.type === 'ClassProperty' && member.computed === true);
        if (name !== undefined) fields.push({ name, value: this.expression(member.value) });
      }
    }
    const parent = node.superClass ? this.expression(node.superClass) : undefined;
    return { start: node.start ?? 0, end: node.end ?? 0, parent, methods, fields };
  }

  /** Undefined for a key that is computed. */
  #key(key: { type: string }, computed: boolean): string | undefined {
    const named = key as Extract<
      BabelExpression,
      { type: 'Identifier' | 'StringLiteral' | 'NumericLiteral' | 'PrivateName' }
    >;
    if (named.type === 'StringLiteral') return named.value;
    if (named.type === 'NumericLiteral') return String(named.value);
    if ((named.type as string) === 'PrivateName') return `#${(key as unknown as { id: { name: string } }).id.name}`;
    return named.type === 'Identifier' && !computed ? named.name : undefined;
  }

  expression(node: BabelExpression | ({ type: string } & Placed)): Expression {
    return this.#deeper(() => this.#expression(node as BabelExpression), nothing(node));
  }

  #expression(node: BabelExpression): Expression {
    const place = placeOf(node);
    switch (node.type) {
      case 'Identifier':
        if (node.name === 'undefined') return nothing(node);
        this.words.add(node.name);
        return { ...place, kind: 'name', name: node.name };
      case 'ThisExpression':
        return { ...place, kind: 'name', name: 'this' };
      case 'Super':
        return { ...place, kind: 'name', name: 'super' };
      case 'StringLiteral':
        return { ...place, kind: 'text', value: node.value };
      case 'NumericLiteral':
      case 'BooleanLiteral':
        return { ...place, kind: 'constant', value: node.value };
      case 'NullLiteral':
        return { ...place, kind: 'constant', value: null };
      case 'RegExpLiteral':
        return { ...place, kind: 'regex', pattern: node.pattern };
      case 'TemplateLiteral':
        return { ...place, kind: 'template', parts: this.#template(node) };
      case 'TaggedTemplateExpression': {
        const template: Expression = { ...place, kind: 'template', parts: this.#template(node.quasi) };
        return {
          ...place,
          kind: 'call',
          callee: this.expression(node.tag),
          args: [{ value: template }],
          construct: false,
        };
      }
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.#member(node, place);
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression': {
        const callee =
          node.callee.type === 'Import'
            ? { ...place, kind: 'name' as const, name: 'import' }
            : this.expression(node.callee);
        const args = node.arguments.map((one): Argument => ({ value: this.expression(one) }));
        return { ...place, kind: 'call', callee, args, construct: node.type === 'NewExpression' };
      }
      case 'ObjectExpression':
        return { ...place, kind: 'object', entries: node.properties.map((one) => this.#property(one)) };
      case 'ArrayExpression':
        return {
          ...place,
          kind: 'array',
          items: node.elements.map((one) => (one ? this.expression(one) : nothing(node))),
        };
      case 'SpreadElement' as never: {
        const { argument } = node as unknown as { argument: BabelExpression };
        return { ...place, kind: 'spread', value: this.expression(argument) };
      }
      case 'LogicalExpression': {
        const { operator } = node;
        return {
          ...place,
          kind: 'choice',
          operator,
          left: this.expression(node.left),
          right: this.expression(node.right),
        };
      }
      case 'BinaryExpression': {
        const operands = [this.expression(node.left), this.expression(node.right)];
        return { ...place, kind: 'operation', operator: node.operator, operands };
      }
      case 'UnaryExpression':
        return { ...place, kind: 'operation', operator: node.operator, operands: [this.expression(node.argument)] };
      case 'UpdateExpression':
        return { ...place, kind: 'operation', operator: '+', operands: [this.expression(node.argument)] };
      case 'ConditionalExpression': {
        const [yes, no] = [this.expression(node.consequent), this.expression(node.alternate)];
        return { ...place, kind: 'conditional', test: this.expression(node.test), yes, no };
      }
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return { ...place, kind: 'function', function: this.#function(node) };
      case 'ClassExpression':
        return { ...place, kind: 'class', class: this.#class(node) };
      case 'AssignmentExpression':
        return this.#assignment(node, place);
      case 'SequenceExpression':
        return { ...place, kind: 'sequence', items: node.expressions.map((one) => this.expression(one)) };
      case 'AwaitExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'ParenthesizedExpression':
      case 'TSInstantiationExpression':
      case 'TypeCastExpression':
        return this.expression(node.type === 'AwaitExpression' ? node.argument : node.expression);
      case 'YieldExpression':
        return node.argument ? this.expression(node.argument) : nothing(node);
      default:
        return nothing(node);
    }
  }

  #template(node: Of<'TemplateLiteral'>): readonly (string | Expression)[] {
    return node.quasis.flatMap((quasi, index): readonly (string | Expression)[] => {
      const hole = node.expressions[index];
      const text = quasi.value.cooked ?? quasi.value.raw;
      return [...(text === '' ? [] : [text]), ...(hole ? [this.expression(hole)] : [])];
    });
  }

  #member(
    node: Of<'MemberExpression'> | Of<'OptionalMemberExpression'>,
    place: { start: number; end: number },
  ): ExpressionOf<'member'> {
    const key = this.#key(node.property, node.computed);
    if (key !== undefined) this.words.add(key);
    return {
      ...place,
      kind: 'member',
      object: this.expression(node.object),
      key: key ?? this.expression(node.property),
    };
  }

  #property(node: Of<'ObjectExpression'>['properties'][number]): ObjectEntry {
    if (node.type === 'SpreadElement') return { key: undefined, spread: true, value: this.expression(node.argument) };
    const key = this.#key(node.key, node.computed);
    const place = placeOf(node);
    if (node.type === 'ObjectMethod')
      return { key, spread: false, value: { ...place, kind: 'function', function: this.#function(node) } };
    return { key, spread: false, value: this.expression(node.value) };
  }

  #assignment(node: Of<'AssignmentExpression'>, place: { start: number; end: number }): Expression {
    const value = this.expression(node.right);
    const target = this.#pattern(node.left);
    if (node.operator === '=') return { ...place, kind: 'assign', target, value };
    const before = this.expression(node.left);
    const combined: Expression =
      node.operator === '??=' || node.operator === '||=' || node.operator === '&&='
        ? {
            ...place,
            kind: 'choice',
            operator: node.operator.slice(0, 2) as '??' | '||' | '&&',
            left: before,
            right: value,
          }
        : { ...place, kind: 'operation', operator: node.operator.slice(0, -1), operands: [before, value] };
    return { ...place, kind: 'assign', target, value: combined };
  }

  #pattern(node: BabelPattern | { type: string }): Pattern {
    return this.#deeper(() => this.#patternOf(node as BabelPattern), { kind: 'bind', name: '' });
  }

  #patternOf(node: BabelPattern): Pattern {
    switch (node.type) {
      case 'Identifier':
        return { kind: 'bind', name: node.name };
      case 'MemberExpression':
        return { kind: 'place', target: this.#member(node, placeOf(node)) };
      case 'AssignmentPattern':
        return { kind: 'default', pattern: this.#pattern(node.left), value: this.expression(node.right) };
      case 'ObjectPattern': {
        const rest = node.properties.flatMap((one) =>
          one.type === 'RestElement' ? [this.#pattern(one.argument)] : [],
        )[0];
        const fields = node.properties.flatMap((one) => {
          if (one.type === 'RestElement') return [];
          const key = this.#key(one.key, one.computed);
          if (key !== undefined) this.words.add(key);
          const at = placeOf(one);
          return [{ key, pattern: this.#pattern(one.value), at }];
        });
        return { kind: 'fields', fields, rest };
      }
      case 'ArrayPattern': {
        const last = node.elements.at(-1);
        const rest = last?.type === 'RestElement' ? this.#pattern(last.argument) : undefined;
        const elements = rest ? node.elements.slice(0, -1) : node.elements;
        const at = placeOf(node);
        return { kind: 'items', items: elements.map((one) => (one ? this.#pattern(one) : undefined)), rest, at };
      }
      case 'TSParameterProperty':
        return this.#pattern(node.parameter);
      default:
        return { kind: 'bind', name: '' };
    }
  }
}

const exportOf = (name: string, value: Expression): Statement => ({ kind: 'export', name, value });

const nameOf = (node: { type: string }): string => {
  const named = node as { name?: string; value?: string };
  return named.name ?? named.value ?? '';
};

function boundNames(pattern: Pattern): readonly string[] {
  switch (pattern.kind) {
    case 'bind':
      return [pattern.name];
    case 'default':
      return boundNames(pattern.pattern);
    case 'fields':
      return [
        ...pattern.fields.flatMap((field) => boundNames(field.pattern)),
        ...(pattern.rest ? boundNames(pattern.rest) : []),
      ];
    case 'items':
      return pattern.items.flatMap((item) => (item ? boundNames(item) : []));
    default:
      return [];
  }
}
