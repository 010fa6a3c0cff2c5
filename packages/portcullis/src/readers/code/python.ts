import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import {
  type Argument,
  type Expression,
  type FunctionTree,
  type ModuleTree,
  maximumDepth,
  type ObjectEntry,
  type Pattern,
  type Statement,
} from './tree.ts';

/** The parser's time grows with the square of the brackets that are open at once. */
const mostBrackets = 300;

/** The parser recovers from every error. Throws RangeError for brackets that nobody nests so deep. */
export function readPython(text: string): ModuleTree {
  if (bracketDepth(text) > mostBrackets) throw new RangeError('too many open brackets');
  const lowering = new Lowering(text);
  const body = lowering.statements(children(parser.parse(text).topNode));
  return { language: 'python', body, words: lowering.words };
}

/** Brackets in strings count too: what matters is a bound. */
function bracketDepth(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const char of text) {
    if (char === '(' || char === '[' || char === '{') deepest = Math.max(deepest, ++depth);
    else if ((char === ')' || char === ']' || char === '}') && depth > 0) depth -= 1;
  }
  return deepest;
}

function children(node: SyntaxNode | null | undefined): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling) found.push(child);
  return found;
}

const place = (node: SyntaxNode) => ({ start: node.from, end: node.to });
const nothing = (node: SyntaxNode): Expression => ({ ...place(node), kind: 'constant', value: null });
const punctuation = new Set(['(', ')', '[', ']', '{', '}', ',', ':', 'Comment', 'AssignOp', 'TypeDef', '⚠', '.']);
const isValue = (node: SyntaxNode) => !punctuation.has(node.name) && !/^[a-z*]/.test(node.name);

class Lowering {
  readonly words = new Set<string>();
  readonly #text: string;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  statements(nodes: readonly SyntaxNode[]): readonly Statement[] {
    return nodes.flatMap((node) => this.#deeper(() => this.#statement(node), []));
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

  #raw(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }

  #name(node: SyntaxNode): string {
    const name = this.#raw(node);
    this.words.add(name);
    return name;
  }

  #body(node: SyntaxNode | null | undefined): readonly Statement[] {
    return this.statements(children(node));
  }

  #statement(node: SyntaxNode): readonly Statement[] {
    switch (node.name) {
      case 'ExpressionStatement':
        return [{ kind: 'expression', value: this.#list(children(node).filter(isValue), node) }];
      case 'AssignStatement':
        return this.#assignment(node);
      case 'UpdateStatement': {
        const [target, value] = children(node).filter((child) => isValue(child) && child.name !== 'UpdateOp');
        if (!target || !value) return [];
        const operands = [this.expression(target), this.expression(value)];
        const combined: Expression = { ...place(node), kind: 'operation', operator: '+', operands };
        return [{ kind: 'declare', pattern: this.#pattern(target), value: combined }];
      }
      case 'ReturnStatement': {
        const values = children(node).filter(isValue);
        return [{ kind: 'return', value: values.length > 0 ? this.#list(values, node) : undefined }];
      }
      case 'YieldStatement':
      case 'DeleteStatement':
      case 'PrintStatement':
        return children(node)
          .filter(isValue)
          .map((value) => ({ kind: 'expression', value: this.expression(value) }));
      case 'RaiseStatement': {
        const [value] = children(node).filter(isValue);
        return [{ kind: 'throw', value: value ? this.expression(value) : undefined }];
      }
      case 'AssertStatement': {
        const [test] = children(node).filter(isValue);
        if (!test) return [];
        return [{ kind: 'if', test: this.expression(test), yes: [], no: [{ kind: 'throw', value: undefined }] }];
      }
      case 'IfStatement':
        return this.#if(children(node));
      case 'ForStatement': {
        const [pattern, over] = this.#forParts(children(node));
        const body = children(node)
          .filter((child) => child.name === 'Body')
          .flatMap((child) => this.#body(child));
        return [{ kind: 'loop', pattern, over, test: undefined, body }];
      }
      case 'WhileStatement': {
        const [test] = children(node).filter((child) => isValue(child) && child.name !== 'Body');
        const body = children(node)
          .filter((child) => child.name === 'Body')
          .flatMap((child) => this.#body(child));
        return [
          { kind: 'loop', pattern: undefined, over: undefined, test: test ? this.expression(test) : undefined, body },
        ];
      }
      case 'TryStatement':
        return [
          {
            kind: 'block',
            body: children(node)
              .filter((child) => child.name === 'Body')
              .flatMap((child) => this.#body(child)),
          },
        ];
      case 'WithStatement':
        return this.#with(node);
      case 'MatchStatement':
        return this.#match(node);
      case 'StatementGroup':
        return this.statements(children(node));
      case 'FunctionDefinition':
        return this.#definition(node, [], false);
      case 'ClassDefinition':
        return this.#class(node);
      case 'DecoratedStatement': {
        const decorators = children(node).filter((child) => child.name === 'Decorator');
        const inner = children(node).find((child) => child.name === 'FunctionDefinition');
        if (inner)
          return this.#definition(
            inner,
            decorators.map((one) => this.#decorator(one)),
            false,
          );
        return children(node).flatMap((child) => (child.name === 'ClassDefinition' ? this.#class(child) : []));
      }
      case 'ImportStatement':
        return this.#import(node);
      default:
        return [];
    }
  }

  #if(nodes: readonly SyntaxNode[]): readonly Statement[] {
    const from = nodes.findIndex((node) => node.name === 'if' || node.name === 'elif');
    if (from === -1) return nodes.filter((node) => node.name === 'Body').flatMap((node) => this.#body(node));
    const then = nodes.findIndex((node, index) => index > from && node.name === 'Body');
    const test = nodes.slice(from + 1, then === -1 ? undefined : then).find(isValue);
    const rest = then === -1 ? [] : nodes.slice(then + 1);
    const otherwise = rest.length > 0 ? this.#deeper(() => this.#if(rest), []) : [];
    const first = nodes[from];
    const value = test ? this.expression(test) : first ? nothing(first) : undefined;
    return value ? [{ kind: 'if', test: value, yes: this.#body(nodes[then]), no: otherwise }] : [];
  }

  /** `for a, b in c`: the pattern, and what it runs over. */
  #forParts(nodes: readonly SyntaxNode[]): readonly [Pattern | undefined, Expression | undefined] {
    const from = nodes.findIndex((node) => node.name === 'for');
    const middle = nodes.findIndex((node, index) => index > from && node.name === 'in');
    if (from === -1 || middle === -1) return [undefined, undefined];
    const over = nodes.slice(middle + 1).find(isValue);
    return [this.#targets(nodes.slice(from + 1, middle).filter(isValue)), over && this.expression(over)];
  }

  #targets(nodes: readonly SyntaxNode[]): Pattern | undefined {
    const [first] = nodes;
    if (!first) return undefined;
    if (nodes.length === 1) return this.#pattern(first);
    return { kind: 'items', items: nodes.map((one) => this.#pattern(one)), rest: undefined, at: place(first) };
  }

  #assignment(node: SyntaxNode): readonly Statement[] {
    // `a, b = c = value`: the parts between the signs.
    const parts: SyntaxNode[][] = [[]];
    for (const child of children(node)) {
      if (child.name === 'AssignOp') parts.push([]);
      else if (isValue(child)) parts.at(-1)?.push(child);
    }
    const values = parts.pop() ?? [];
    if (parts.length === 0) return [];
    const value = this.#list(values, node);
    return parts.flatMap((targets): readonly Statement[] => {
      const pattern = this.#targets(targets);
      return pattern ? [{ kind: 'declare', pattern, value }] : [];
    });
  }

  #with(node: SyntaxNode): readonly Statement[] {
    const statements: Statement[] = [];
    const nodes = children(node);
    for (const [index, child] of nodes.entries()) {
      if (child.name === 'Body') statements.push(...this.#body(child));
      else if (isValue(child) && nodes[index - 1]?.name !== 'as') {
        const value = this.expression(child);
        const target = nodes[index + 1]?.name === 'as' ? nodes[index + 2] : undefined;
        statements.push(
          target ? { kind: 'declare', pattern: this.#pattern(target), value } : { kind: 'expression', value },
        );
      }
    }
    return statements;
  }

  #match(node: SyntaxNode): readonly Statement[] {
    const subject = children(node).find((child) => isValue(child) && child.name !== 'MatchBody');
    const clauses = children(children(node).find((child) => child.name === 'MatchBody')).filter(
      (child) => child.name === 'MatchClause',
    );
    if (!subject) return [];
    const cases = clauses.map((clause) => {
      const literals = descendants(clause, 'LiteralPattern').flatMap((pattern) => children(pattern).filter(isValue));
      const body = children(clause).find((child) => child.name === 'Body');
      return { tests: literals.map((literal) => this.expression(literal)), body: this.#body(body) };
    });
    return [{ kind: 'switch', subject: this.expression(subject), cases }];
  }

  #decorator(node: SyntaxNode): Expression {
    // `@a.b(c)` is a row of names and an argument list, not an expression.
    let value: Expression | undefined;
    for (const child of children(node)) {
      if (child.name === 'VariableName' || child.name === 'PropertyName') {
        const name = this.#name(child);
        const key = { start: node.from, end: child.to };
        value = value ? { ...key, kind: 'member', object: value, key: name } : { ...place(child), kind: 'name', name };
      } else if (child.name === 'ArgList' && value)
        value = { ...place(node), kind: 'call', callee: value, args: this.#arguments(child), construct: false };
    }
    return value ?? nothing(node);
  }

  #definition(node: SyntaxNode, decorators: readonly Expression[], inClass: boolean): readonly Statement[] {
    const name = children(node).find((child) => child.name === 'VariableName');
    return name
      ? [{ kind: 'function', name: this.#raw(name), function: this.#function(node, decorators, inClass) }]
      : [];
  }

  #function(node: SyntaxNode, decorators: readonly Expression[], inClass: boolean): FunctionTree {
    const params: Pattern[] = [];
    let rest: Pattern | undefined;
    const nodes = children(children(node).find((child) => child.name === 'ParamList'));
    for (const [index, child] of nodes.entries()) {
      if (child.name !== 'VariableName') continue;
      const before = nodes[index - 1]?.name;
      const pattern: Pattern = { kind: 'bind', name: this.#raw(child) };
      if (before === 'AssignOp') continue;
      if (before === '*' || before === '**') rest ??= pattern;
      else {
        const sign = nodes.slice(index + 1, index + 3).findIndex((one) => one.name === 'AssignOp');
        const value = sign === -1 || nodes[index + 1]?.name === ',' ? undefined : nodes[index + 2 + sign];
        params.push(value ? { kind: 'default', pattern, value: this.expression(value) } : pattern);
      }
    }
    const body = children(node).find((child) => child.name === 'Body');
    const last = children(node).at(-1);
    const statements: readonly Statement[] =
      body || !last ? this.#body(body) : [{ kind: 'return', value: this.expression(last) }];
    const isStatic = decorators.some((one) => one.kind === 'name' && one.name === 'staticmethod');
    return {
      ...place(node),
      params,
      rest,
      body: statements,
      takesSelf: inClass && !isStatic,
      ownThis: false,
      decorators,
    };
  }

  #class(node: SyntaxNode): readonly Statement[] {
    const name = children(node).find((child) => child.name === 'VariableName');
    if (!name) return [];
    const methods: { name: string; function: FunctionTree }[] = [];
    const fields: { name: string; value: Expression }[] = [];
    const addMethod = (definition: SyntaxNode, decorators: readonly Expression[]) => {
      for (const one of this.#definition(definition, decorators, true))
        if (one.kind === 'function') methods.push({ name: one.name, function: one.function });
    };
    for (const child of children(children(node).find((one) => one.name === 'Body'))) {
      if (child.name === 'FunctionDefinition') addMethod(child, []);
      else if (child.name === 'DecoratedStatement') {
        const decorators = children(child)
          .filter((one) => one.name === 'Decorator')
          .map((one) => this.#decorator(one));
        for (const one of children(child)) if (one.name === 'FunctionDefinition') addMethod(one, decorators);
      } else if (child.name === 'AssignStatement')
        for (const one of this.#assignment(child))
          if (one.kind === 'declare' && one.pattern.kind === 'bind' && one.value)
            fields.push({ name: one.pattern.name, value: one.value });
    }
    const parents = this.#arguments(children(node).find((child) => child.name === 'ArgList'));
    return [
      { kind: 'class', name: this.#raw(name), class: { ...place(node), parent: parents[0]?.value, methods, fields } },
    ];
  }

  #import(node: SyntaxNode): readonly Statement[] {
    const nodes = children(node);
    const middle = nodes.findIndex((child) => child.name === 'import');
    const source = nodes
      .slice(1, Math.max(1, middle))
      .map((child) => this.#raw(child))
      .join('');
    const items: SyntaxNode[][] = [[]];
    for (const child of nodes.slice(middle + 1)) {
      if (child.name === ',') items.push([]);
      else if (child.name !== '(' && child.name !== ')' && child.name !== 'Comment') items.at(-1)?.push(child);
    }
    if (source !== '') this.words.add(source);
    return items.flatMap((item): readonly Statement[] => {
      const as = item.findIndex((child) => child.name === 'as');
      const alias = item[as + 1];
      const written = (as === -1 ? item : item.slice(0, as)).map((child) => this.#raw(child)).join('');
      if (written === '') return [];
      this.words.add(written);
      if (source !== '') {
        const local = as !== -1 && alias ? this.#raw(alias) : written;
        if (written === '*') return [];
        return [{ kind: 'import', source, names: [{ imported: written, local }] }];
      }
      // `import a.b` binds `a`; with `as` it binds the module itself.
      const whole =
        as !== -1 && alias
          ? { source: written, local: this.#raw(alias) }
          : { source: written.split('.')[0] ?? written, local: written.split('.')[0] ?? written };
      return [{ kind: 'import', source: whole.source, names: [{ imported: '*', local: whole.local }] }];
    });
  }

  #arguments(list: SyntaxNode | undefined): readonly Argument[] {
    const args: Argument[] = [];
    const nodes = children(list);
    // `any(f(x) for x in xs)`: a comprehension without brackets of its own.
    if (list && nodes.some((child) => child.name === 'for')) return [{ value: this.#comprehension(list) }];
    for (const [index, child] of nodes.entries()) {
      if (!isValue(child) || nodes[index + 1]?.name === 'AssignOp') continue;
      const value = this.expression(child);
      const before = nodes[index - 1];
      const keyword = before?.name === 'AssignOp' ? nodes[index - 2] : undefined;
      if (keyword) args.push({ name: this.#raw(keyword), value });
      else if (before?.name === '**' || before?.name === '*')
        args.push({ value: { ...place(child), kind: 'spread', value } });
      else args.push({ value });
    }
    return args;
  }

  #list(nodes: readonly SyntaxNode[], around: SyntaxNode): Expression {
    const [first] = nodes;
    if (!first) return nothing(around);
    if (nodes.length === 1) return this.expression(first);
    return {
      start: first.from,
      end: nodes.at(-1)?.to ?? first.to,
      kind: 'array',
      items: nodes.map((node) => this.expression(node)),
    };
  }

  expression(node: SyntaxNode): Expression {
    return this.#deeper(() => this.#expression(node), nothing(node));
  }

  #expression(node: SyntaxNode): Expression {
    const here = place(node);
    switch (node.name) {
      case 'VariableName':
        return { ...here, kind: 'name', name: this.#name(node) };
      case 'String':
        return { ...here, kind: 'text', value: textOf(this.#raw(node)) };
      case 'ContinuedString':
        return {
          ...here,
          kind: 'template',
          parts: children(node)
            .filter(isValue)
            .map((child) => this.expression(child)),
        };
      case 'FormatString':
        return { ...here, kind: 'template', parts: this.#format(node) };
      case 'Number':
        return { ...here, kind: 'constant', value: Number(this.#raw(node)) };
      case 'Boolean':
        return { ...here, kind: 'constant', value: this.#raw(node) === 'True' };
      case 'ParenthesizedExpression':
      case 'AwaitExpression':
      case 'YieldExpression':
        return this.#list(children(node).filter(isValue), node);
      case 'MemberExpression':
        return this.#member(node);
      case 'CallExpression': {
        const [callee, list] = [children(node)[0], children(node).find((child) => child.name === 'ArgList')];
        if (!callee) return nothing(node);
        return {
          ...here,
          kind: 'call',
          callee: this.expression(callee),
          args: this.#arguments(list),
          construct: false,
        };
      }
      case 'BinaryExpression':
        return this.#binary(node);
      case 'UnaryExpression': {
        const [sign, ...rest] = children(node);
        const operand = rest.find(isValue);
        const operator = sign?.name === 'not' ? '!' : '-';
        return operand ? { ...here, kind: 'operation', operator, operands: [this.expression(operand)] } : nothing(node);
      }
      case 'ConditionalExpression': {
        const [then, test, otherwise] = children(node).filter(isValue);
        if (!then || !test || !otherwise) return nothing(node);
        return {
          ...here,
          kind: 'conditional',
          test: this.expression(test),
          yes: this.expression(then),
          no: this.expression(otherwise),
        };
      }
      case 'DictionaryExpression':
        return { ...here, kind: 'object', entries: this.#entries(node) };
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression':
        return {
          ...here,
          kind: 'array',
          items: children(node)
            .filter(isValue)
            .map((child) => this.expression(child)),
        };
      case 'LambdaExpression':
        return { ...here, kind: 'function', function: this.#function(node, [], false) };
      case 'NamedExpression': {
        const [target, value] = children(node).filter(isValue);
        if (!target || !value) return nothing(node);
        return { ...here, kind: 'assign', target: this.#pattern(target), value: this.expression(value) };
      }
      case 'ArrayComprehensionExpression':
      case 'ComprehensionExpression':
      case 'SetComprehensionExpression':
      case 'DictionaryComprehensionExpression':
        return this.#comprehension(node);
      default:
        return nothing(node);
    }
  }

  /** `[f(x) for x in xs if t(x)]` is a call of `map` with a function; `any(...)` around it then sees what `f` answers. */
  #comprehension(node: SyntaxNode): Expression {
    const nodes = children(node);
    const [pattern, over] = this.#forParts(nodes);
    const before = nodes
      .slice(
        0,
        nodes.findIndex((child) => child.name === 'for'),
      )
      .filter(isValue);
    const value = before.at(-1);
    const test = nodes[nodes.findIndex((child) => child.name === 'if') + 1];
    if (!pattern || !over || !value) return nothing(node);
    const returned = this.expression(value);
    const body: Statement[] = [];
    if (test && nodes.some((child) => child.name === 'if'))
      body.push({ kind: 'if', test: this.expression(test), yes: [], no: [] });
    body.push({ kind: 'return', value: returned });
    const callback: FunctionTree = {
      ...place(node),
      params: [pattern],
      rest: undefined,
      body,
      takesSelf: false,
      ownThis: false,
      decorators: [],
    };
    const callee: Expression = { ...place(node), kind: 'member', object: over, key: 'map' };
    return {
      ...place(node),
      kind: 'call',
      callee,
      args: [{ value: { ...place(node), kind: 'function', function: callback } }],
      construct: false,
    };
  }

  #format(node: SyntaxNode): readonly (string | Expression)[] {
    const parts: (string | Expression)[] = [];
    const opening = /^[a-zA-Z]*("""|'''|"|')/.exec(this.#raw(node));
    const quote = opening?.[1]?.length ?? 1;
    let at = node.from + (opening?.[0].length ?? 1);
    const add = (to: number) => {
      if (to > at) parts.push(this.#text.slice(at, to));
    };
    for (const child of children(node)) {
      if (child.name !== 'FormatReplacement') continue;
      add(child.from);
      const value = children(child).find((one) => isValue(one) && !one.name.startsWith('Format'));
      parts.push(value ? this.expression(value) : nothing(child));
      at = child.to;
    }
    add(node.to - quote);
    return parts;
  }

  #member(node: SyntaxNode): Expression {
    const nodes = children(node);
    const [object] = nodes;
    if (!object) return nothing(node);
    const property = nodes.find((child) => child.name === 'PropertyName');
    const here = place(node);
    if (property) return { ...here, kind: 'member', object: this.expression(object), key: this.#name(property) };
    const inside = nodes.slice(1).filter((child) => child.name !== '[' && child.name !== ']');
    if (inside.some((child) => child.name === ':')) {
      const callee: Expression = { ...here, kind: 'member', object: this.expression(object), key: 'slice' };
      const colon = inside.findIndex((child) => child.name === ':');
      const [from, to] = [inside[colon - 1], inside[colon + 1]];
      const zero: Expression = { ...here, kind: 'constant', value: 0 };
      const args = [
        { value: from ? this.expression(from) : zero },
        ...(to && isValue(to) ? [{ value: this.expression(to) }] : []),
      ];
      return { ...here, kind: 'call', callee, args, construct: false };
    }
    const key = inside.find(isValue);
    const value = key ? this.expression(key) : nothing(node);
    if (value.kind === 'text') this.words.add(value.value);
    return {
      ...here,
      kind: 'member',
      object: this.expression(object),
      key: value.kind === 'text' ? value.value : value,
    };
  }

  #binary(node: SyntaxNode): Expression {
    const nodes = children(node);
    const [left, right] = [nodes[0], nodes.at(-1)];
    if (!left || !right || left === right) return nothing(node);
    const sign = nodes
      .slice(1, -1)
      .map((child) => this.#raw(child))
      .join(' ');
    const operands = [this.expression(left), this.expression(right)] as const;
    const here = place(node);
    if (sign === 'and' || sign === 'or')
      return { ...here, kind: 'choice', operator: sign === 'and' ? '&&' : '||', left: operands[0], right: operands[1] };
    const operator = { '==': '===', is: '===', '!=': '!==', 'is not': '!==', 'not in': '!in' }[sign] ?? sign;
    return { ...here, kind: 'operation', operator, operands };
  }

  #entries(node: SyntaxNode): readonly ObjectEntry[] {
    const entries: ObjectEntry[] = [];
    const nodes = children(node).filter((child) => child.name !== 'Comment');
    for (const [index, child] of nodes.entries()) {
      if (child.name === '**') {
        const value = nodes[index + 1];
        if (value) entries.push({ key: undefined, spread: true, value: this.expression(value) });
      } else if (child.name === ':') {
        const [key, value] = [nodes[index - 1], nodes[index + 1]];
        if (key && value)
          entries.push({
            key: key.name === 'String' ? textOf(this.#raw(key)) : undefined,
            spread: false,
            value: this.expression(value),
          });
      }
    }
    return entries;
  }

  #pattern(node: SyntaxNode): Pattern {
    return this.#deeper(
      (): Pattern => {
        if (node.name === 'VariableName') return { kind: 'bind', name: this.#raw(node) };
        if (node.name === 'MemberExpression') {
          const target = this.expression(node);
          if (target.kind === 'member') return { kind: 'place', target };
        }
        if (
          node.name === 'TupleExpression' ||
          node.name === 'ArrayExpression' ||
          node.name === 'ParenthesizedExpression'
        )
          return this.#targets(children(node).filter(isValue)) ?? { kind: 'bind', name: '' };
        return { kind: 'bind', name: '' };
      },
      { kind: 'bind', name: '' },
    );
  }
}

function descendants(node: SyntaxNode, name: string, depth = 0): readonly SyntaxNode[] {
  if (node.name === 'Body' || depth > 8) return [];
  return children(node).flatMap((child) => (child.name === name ? [child] : descendants(child, name, depth + 1)));
}

/** A string literal without its prefix and quotes; escapes are left as they are, apart from quotes. */
function textOf(raw: string): string {
  const opening = /^[a-zA-Z]*("""|'''|"|')/.exec(raw);
  if (!opening?.[1]) return raw;
  return raw
    .slice(opening[0].length, raw.length - opening[1].length)
    .replaceAll(`\\${opening[1][0]}`, opening[1][0] ?? '');
}
