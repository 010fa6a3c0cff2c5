import type { Span } from '../../project/index.ts';
import { callValue } from './calls.ts';
import { evidenceIn, evidenceOf } from './evidence.ts';
import type { Frame, Machine } from './machine.ts';
import { Notes, placeKey } from './notes.ts';
import { childPath, isIdentity, isPath } from './paths.ts';
import type { Expression, ExpressionOf, FunctionTree, Pattern, Statement } from './tree.ts';
import {
  allInputs,
  type Closure,
  concatenate,
  derived,
  firstFields,
  join,
  joinAll,
  type LoadedModule,
  nothing,
  patternMark,
  Scope,
  type SourceModule,
  type Structure,
  structure,
  type Value,
  value,
} from './values.ts';

/** Steps of one function's code; more means that branches and calls multiply, and the rest is not followed. */
const maximumSteps = 60_000;
const maximumCalls = 12;
/** Places that read the identity; the report shows a few. */
const mostReads = 100;

/**
 * Follows a request through the code: every branch, without values, asking only where they come from. Variables are joined over all
 * assignments, so the order of statements does not matter; what is not understood becomes a value without origin.
 */
export class Interpreter implements Machine {
  readonly notes = new Notes();
  /** False while modules are set up: nothing of that belongs to a request. */
  recording = false;
  readonly #modules: ReadonlyMap<string, SourceModule>;
  readonly #loaded = new Map<string, LoadedModule>();
  readonly #calls: FunctionTree[] = [];
  #steps = 0;

  constructor(modules: ReadonlyMap<string, SourceModule>) {
    this.#modules = modules;
  }

  /** The names that a module gives, set up when it is asked for the first time. */
  load(path: string): LoadedModule | undefined {
    const known = this.#loaded.get(path);
    if (known) return known;
    const source = this.#modules.get(path);
    if (!source) return undefined;
    const self = structure();
    const module: LoadedModule = { source, scope: new Scope(undefined), self };
    this.#loaded.set(path, module);
    const exports = value({ structures: [structure()] });
    self.fields.set('exports', exports);
    if (source.tree.language === 'javascript') {
      module.scope.declare('module', value({ structures: [self] }));
      module.scope.declare('exports', exports);
    }
    const before = this.recording;
    this.recording = false;
    this.#run(source.tree.body, { scope: module.scope, module, self: undefined, result: nothing });
    this.recording = before;
    return module;
  }

  /** What a module gives under a name; `*` is the module itself. */
  exported(module: LoadedModule, name: string): Value {
    if (module.source.tree.language === 'python') {
      if (name !== '*') return module.scope.names.get(name) ?? nothing;
      return value({ structures: [{ ...structure(), fields: module.scope.names }] });
    }
    const exports = module.self.fields.get('exports') ?? nothing;
    if (name === '*') return exports;
    const found = this.member(exports, name);
    if (name !== 'default' || found !== nothing) return found;
    // A default import of a CommonJS module is what it exports.
    return exports;
  }

  span(place: { readonly start: number; readonly end: number }, module: LoadedModule): Span {
    return { file: module.source.file, start: place.start, end: place.end };
  }

  #imported(source: string, name: string, module: LoadedModule): Value {
    const { links } = module.source;
    const inside = links.get(`${source}${source.endsWith('.') ? '' : '.'}${name}`);
    const target = this.load(links.get(source) ?? '');
    const given = target && this.exported(target, name);
    if (given && given !== nothing) return given;
    const submodule = module.source.tree.language === 'python' && inside !== undefined ? this.load(inside) : undefined;
    if (submodule) return this.exported(submodule, '*');
    return value({ externals: [name === '*' || name === 'default' ? source : `${source}.${name}`] });
  }

  required(source: string, module: LoadedModule): Value {
    return this.#imported(source, '*', module);
  }

  #run(statements: readonly Statement[], frame: Frame): void {
    for (const statement of statements) {
      if (statement.kind === 'function') {
        const closure: Closure = {
          tree: statement.function,
          scope: frame.scope,
          module: frame.module,
          self: frame.self,
        };
        frame.scope.declare(statement.name, value({ closures: [closure] }));
      } else if (statement.kind === 'class')
        frame.scope.declare(
          statement.name,
          this.#classValue({ ...statement.class, kind: 'class', class: statement.class }, frame),
        );
    }
    for (const statement of statements) this.#statement(statement, frame);
  }

  #statement(statement: Statement, frame: Frame): void {
    if (!this.#step()) return;
    switch (statement.kind) {
      case 'expression':
        this.evaluate(statement.value, frame);
        break;
      case 'declare':
        this.#bind(statement.pattern, statement.value ? this.evaluate(statement.value, frame) : nothing, frame, true);
        break;
      case 'return':
        if (statement.value) frame.result = join(frame.result, this.evaluate(statement.value, frame));
        break;
      case 'throw':
        if (statement.value) this.evaluate(statement.value, frame);
        break;
      case 'if':
        this.#if(statement, frame);
        break;
      case 'switch': {
        const subject = this.evaluate(statement.subject, frame);
        const tests = statement.cases.flatMap((one) => one.tests.map((test) => this.evaluate(test, frame)));
        this.#test(derived(subject, ...tests), statement.subject, frame);
        for (const { body } of statement.cases) this.#run(body, frame);
        break;
      }
      case 'loop': {
        const over = statement.over ? this.evaluate(statement.over, frame) : undefined;
        if (statement.pattern && over) this.#bind(statement.pattern, this.element(over), frame, true);
        if (statement.test) this.#test(this.evaluate(statement.test, frame), statement.test, frame);
        this.#run(statement.body, frame);
        break;
      }
      case 'block':
        this.#run(statement.body, frame);
        break;
      case 'import':
        for (const { imported, local } of statement.names)
          frame.scope.declare(local, this.#imported(statement.source, imported, frame.module));
        break;
      case 'export':
        this.#export(statement.name, this.evaluate(statement.value, frame), frame);
        break;
      case 'reexport': {
        const given = this.#imported(statement.source, statement.imported, frame.module);
        if (statement.exported !== undefined) this.#export(statement.exported, given, frame);
        else
          for (const one of given.structures) for (const [name, field] of one.fields) this.#export(name, field, frame);
        break;
      }
      default:
    }
  }

  #step(): boolean {
    this.#steps += 1;
    if (this.#steps > maximumSteps) this.notes.exhausted = true;
    return !this.notes.exhausted;
  }

  #export(name: string, given: Value, frame: Frame): void {
    const { fields } = frame.module.self;
    if (name === '*') fields.set('exports', join(fields.get('exports') ?? nothing, given));
    else for (const one of (fields.get('exports') ?? nothing).structures.slice(0, 1)) store(one, name, given);
  }

  #if(statement: Extract<Statement, { kind: 'if' }>, frame: Frame): void {
    const test = this.evaluate(statement.test, frame);
    this.#test(test, statement.test, frame);
    for (const match of test.loose) {
      const { allows, denies } = evidenceIn(statement.yes);
      // Passing the test opens, or failing it is what leads to the refusal.
      if (match.negated ? denies && !allows : allows && !denies) this.#loose(match);
    }
    this.#run(statement.yes, frame);
    this.#run(statement.no, frame);
  }

  #loose(match: Value['loose'][number]): void {
    if (this.recording) this.notes.loose.push(match);
  }

  #test(test: Value, place: Expression, frame: Frame): void {
    if (!this.recording) return;
    if ([...test.paths, ...test.presence, ...test.inputs].some(isIdentity)) this.notes.asksForIdentity = true;
    if (test.inputs.length > 0) this.notes.tests.push({ value: test, span: this.span(place, frame.module) });
  }

  evaluate(expression: Expression, frame: Frame): Value {
    if (!this.#step()) return nothing;
    switch (expression.kind) {
      case 'name':
        if (expression.name === 'this') return frame.self ?? nothing;
        return frame.scope.get(expression.name) ?? value({ externals: [expression.name] });
      case 'text':
        return value({ texts: [expression.value] });
      case 'regex':
        return value({ texts: [patternMark + expression.pattern] });
      case 'template':
        return concatenate(
          expression.parts.map((part) =>
            typeof part === 'string' ? value({ texts: [part] }) : this.evaluate(part, frame),
          ),
        );
      case 'member':
        return this.#member(expression, frame);
      case 'call': {
        const isMethod = expression.callee.kind === 'member';
        const receiver = isMethod
          ? this.evaluate((expression.callee as ExpressionOf<'member'>).object, frame)
          : nothing;
        return callValue(this, expression, receiver, frame);
      }
      case 'object':
        return this.#object(expression, frame);
      case 'array': {
        const items = expression.items.map((item) => this.evaluate(item, frame));
        return value({ items: joinAll(items), isList: true });
      }
      case 'spread':
        return this.element(this.evaluate(expression.value, frame));
      case 'operation':
        return this.#operation(expression, frame);
      case 'choice':
        return this.#choice(expression, frame);
      case 'conditional': {
        const test = this.evaluate(expression.test, frame);
        this.#test(test, expression.test, frame);
        for (const match of test.loose) {
          const [yes, no] = [evidenceOf(expression.yes), evidenceOf(expression.no)];
          if (match.negated ? no.allows && yes.denies : yes.allows && !yes.denies) this.#loose(match);
        }
        const result = join(this.evaluate(expression.yes, frame), this.evaluate(expression.no, frame));
        return { ...result, inputs: [...new Set([...result.inputs, ...test.inputs])] };
      }
      case 'function': {
        const closure: Closure = {
          tree: expression.function,
          scope: frame.scope,
          module: frame.module,
          self: frame.self,
        };
        return value({ closures: [closure] });
      }
      case 'class':
        return this.#classValue(expression, frame);
      case 'assign': {
        const given = this.evaluate(expression.value, frame);
        this.#bind(expression.target, given, frame, false);
        return given;
      }
      case 'sequence':
        return expression.items.reduce((_, item) => this.evaluate(item, frame), nothing);
      default:
        return nothing;
    }
  }

  #classValue(expression: ExpressionOf<'class'>, frame: Frame): Value {
    const kind = { tree: expression.class, scope: frame.scope, module: frame.module };
    return value({ structures: [structure(this.span(expression, frame.module), kind)] });
  }

  #object(expression: ExpressionOf<'object'>, frame: Frame): Value {
    const made = structure(this.span(expression, frame.module));
    for (const entry of expression.entries) {
      const given = this.evaluate(entry.value, frame);
      if (entry.spread) {
        for (const path of given.paths) made.bases.add(path);
        for (const one of given.structures) {
          for (const base of one.bases) made.bases.add(base);
          for (const [key, field] of one.fields) made.fields.set(key, field);
        }
      } else if (entry.key === undefined) made.other = made.other ? join(made.other, given) : given;
      else made.fields.set(entry.key, given);
    }
    if (this.recording) this.notes.structures.add(made);
    return value({ structures: [made] });
  }

  #member(expression: ExpressionOf<'member'>, frame: Frame): Value {
    const object = this.evaluate(expression.object, frame);
    if (typeof expression.key === 'string') return this.member(object, expression.key, expression, frame.module);
    const key = this.evaluate(expression.key, frame);
    if (expression.key.kind === 'constant' && typeof expression.key.value === 'number')
      return this.member(object, String(expression.key.value), expression, frame.module);
    if (key.texts.length > 0 && key.paths.length === 0)
      return joinAll(key.texts.map((text) => this.member(object, text, expression, frame.module)));
    // What is looked up in a table depends on the key.
    const found = this.member(object, undefined, expression, frame.module);
    return { ...found, inputs: [...new Set([...found.inputs, ...allInputs(key)])] };
  }

  /** @param key undefined: not known which */
  member(object: Value, key: string | undefined, place?: Expression, module?: LoadedModule): Value {
    if (key === 'length') return derived(object);
    const paths = object.paths.map((path) => childPath(path, key));
    let found: Value = nothing;
    for (const one of object.structures) found = join(found, this.#field(one, key, object));
    for (const base of object.structures.flatMap((one) =>
      key !== undefined && one.fields.has(key) ? [] : [...one.bases],
    ))
      paths.push(childPath(base, key));
    if (object.items && (key === undefined || /^-?\d+$/.test(key))) found = join(found, object.items);
    const externals =
      key === undefined ? [] : object.externals.map((one) => (one.length > 120 ? one : `${one}.${key}`));
    if (place && module) for (const path of paths) this.#noteIdentity(path, this.span(place, module));
    if (paths.length === 0 && externals.length === 0 && object.inputs.length === 0) return found;
    return join(found, value({ paths, externals, inputs: object.inputs }));
  }

  #field(one: Structure, key: string | undefined, owner: Value): Value {
    if (key === undefined) return joinAll([...firstFields(one), ...(one.other ? [one.other] : [])]);
    const field = one.fields.get(key);
    if (field) return field;
    const method = one.kind?.tree.methods.find(({ name }) => name === key);
    if (method && one.kind) {
      const { scope, module } = one.kind;
      return value({ closures: [{ tree: method.function, scope, module, self: owner }] });
    }
    const inherited = one.kind?.tree.parent;
    if (inherited?.kind === 'name') {
      const parent = one.kind?.scope.get(inherited.name);
      const again = parent?.structures.find((other) => other.kind && other !== one);
      if (again?.kind) return this.#field({ ...structure(), kind: again.kind }, key, owner);
    }
    return one.other ?? nothing;
  }

  #noteIdentity(path: string, span: Span): void {
    if (!this.recording || this.notes.identity.size >= mostReads || !path.startsWith('$.requestContext.authorizer.'))
      return;
    this.notes.identity.set(placeKey(span), { path, span });
  }

  /** What a loop over the value meets. */
  element(over: Value): Value {
    const { items, paths, inputs, structures } = over;
    const fields = structures.flatMap((one) => [...firstFields(one), ...(one.other ? [one.other] : [])]);
    return join(joinAll([...(items ? [items] : []), ...fields]), value({ paths, inputs }));
  }

  #operation(expression: ExpressionOf<'operation'>, frame: Frame): Value {
    const operands = expression.operands.map((operand) => this.evaluate(operand, frame));
    const [left = nothing, right] = operands;
    const { operator } = expression;
    if (operator === '!')
      return value({
        presence: [...left.paths, ...left.presence],
        inputs: left.inputs,
        loose: left.loose.map((match) => ({ ...match, negated: !match.negated })),
      });
    if (operator === '+' && right) return concatenate(operands);
    if (operator === 'typeof' || operator === 'void' || operator === '-') return derivedPresence(left);
    const constants = expression.operands.filter((operand) => operand.kind === 'constant');
    const isComparison = operator.includes('==');
    // `x === undefined`, `x == null`, `x is None`.
    if (isComparison && constants.some((operand) => operand.kind === 'constant' && operand.value === null))
      return derivedPresence(join(left, right ?? nothing));
    if ((operator === 'in' || operator === '!in') && right) {
      const loose = looseIn(left, right, operator === '!in', this.span(expression, frame.module));
      // `'x-token' in headers` asks for presence.
      if (right.paths.length > 0 && left.texts.length > 0 && loose.length === 0) return derivedPresence(right);
      return { ...derived(left, right), loose };
    }
    if (isComparison || /^[<>]/.test(operator)) {
      const loose = operands.flatMap((operand) => operand.loose);
      const opens = outcomeOf(operator, expression.operands[1]);
      const kept =
        opens === undefined ? [] : loose.map((match) => (opens ? match : { ...match, negated: !match.negated }));
      return { ...derived(...operands), loose: kept };
    }
    return derived(...operands);
  }

  #choice(expression: ExpressionOf<'choice'>, frame: Frame): Value {
    const left = this.evaluate(expression.left, frame);
    if (this.recording && expression.operator !== '&&' && left.paths.some(isIdentity)) this.#default(expression, frame);
    if (expression.operator === '&&') {
      if (this.recording && [...left.paths, ...left.presence].some(isIdentity)) this.notes.asksForIdentity = true;
      const right = this.evaluate(expression.right, frame);
      return {
        ...right,
        inputs: [...new Set([...right.inputs, ...left.inputs])],
        presence: [...left.paths, ...left.presence, ...right.presence],
        loose: [...left.loose, ...right.loose],
      };
    }
    return join(left, this.evaluate(expression.right, frame));
  }

  /** `claims.sub ?? 'demo'`. A default that says that nobody is signed in is an answer to the question, and so is none at all. */
  #default({ left, right }: ExpressionOf<'choice'>, frame: Frame): void {
    const isNobody =
      (right.kind === 'constant' && (right.value === null || right.value === false || right.value === 0)) ||
      (right.kind === 'text' && /^(?:|anonymous|guest|public|unknown|nobody|none|-)$/i.test(right.value));
    if (isNobody) this.notes.asksForIdentity = true;
    else if (right.kind !== 'object' || right.entries.length > 0)
      this.notes.defaults.add(placeKey(this.span(left, frame.module)));
  }

  #bind(pattern: Pattern, given: Value, frame: Frame, declares: boolean): void {
    switch (pattern.kind) {
      case 'bind':
        if (declares) frame.scope.declare(pattern.name, given);
        else frame.scope.assign(pattern.name, given);
        break;
      case 'place':
        this.#assign(pattern.target, given, frame);
        break;
      case 'default':
        this.#bind(
          pattern.pattern,
          given === nothing ? this.evaluate(pattern.value, frame) : join(given, this.evaluate(pattern.value, frame)),
          frame,
          declares,
        );
        break;
      case 'fields':
        for (const { key, pattern: inner, at } of pattern.fields) {
          const place: Expression = { ...at, kind: 'constant', value: null };
          this.#bind(inner, this.member(given, key, place, frame.module), frame, declares);
        }
        if (pattern.rest) {
          const paths = given.paths.map((path) => `${path.split('#')[0]}#rest`);
          this.#bind(pattern.rest, { ...given, paths }, frame, declares);
        }
        break;
      case 'items': {
        for (const [index, inner] of pattern.items.entries())
          if (inner) this.#bind(inner, this.member(given, String(index)), frame, declares);
        if (pattern.rest) this.#bind(pattern.rest, given, frame, declares);
      }
    }
  }

  #assign({ object, key }: ExpressionOf<'member'>, given: Value, frame: Frame): void {
    const owner = this.evaluate(object, frame);
    const names = typeof key === 'string' ? [key] : this.evaluate(key, frame).texts;
    for (const one of owner.structures) {
      if (this.recording && one.span) this.notes.structures.add(one);
      for (const name of names) store(one, name, given);
      if (names.length === 0) one.other = one.other ? join(one.other, given) : given;
    }
  }

  /** Calls a function of the program. Undefined when it calls itself, or calls are nested too deep to follow. */
  call(
    closure: Closure,
    args: readonly Value[],
    named: ReadonlyMap<string, Value>,
    self: Value | undefined,
  ): Value | undefined {
    const { tree, scope, module } = closure;
    if (this.#calls.length >= maximumCalls || this.#calls.includes(tree) || !this.#step()) return undefined;
    const own = self ?? closure.self;
    const frame: Frame = {
      scope: new Scope(scope),
      module,
      self: tree.ownThis ? own : closure.self,
      result: nothing,
    };
    const given = tree.takesSelf ? [own ?? nothing, ...args] : args;
    this.#calls.push(tree);
    for (const [index, param] of tree.params.entries()) {
      const inner = param.kind === 'default' ? param.pattern : param;
      const byName = inner.kind === 'bind' ? named.get(inner.name) : undefined;
      this.#bind(param, given[index] ?? byName ?? nothing, frame, true);
    }
    if (tree.rest)
      this.#bind(tree.rest, value({ items: joinAll(given.slice(tree.params.length)), isList: true }), frame, true);
    this.#run(tree.body, frame);
    this.#calls.pop();
    return frame.result;
  }

  /** An object of a class of the program, with its constructor run. */
  construct(kind: NonNullable<Structure['kind']>, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    const made = structure(undefined, kind);
    const self = value({ structures: [made] });
    const frame: Frame = { scope: kind.scope, module: kind.module, self, result: nothing };
    for (const { name, value: given } of kind.tree.fields) store(made, name, this.evaluate(given, frame));
    const start = kind.tree.methods.find(({ name }) => name === 'constructor' || name === '__init__');
    if (start) this.call({ tree: start.function, scope: kind.scope, module: kind.module, self }, args, named, self);
    return self;
  }
}

function store(one: Structure, name: string, given: Value): void {
  const before = one.fields.get(name);
  one.fields.set(name, before ? join(before, given) : given);
}

const derivedPresence = (of: Value): Value => value({ presence: [...of.paths, ...of.presence], inputs: of.inputs });

/** `indexOf(x) === 0`, `indexOf(x) > -1`, `x === true`: whether the comparison holds when the text was found; undefined for others. */
function outcomeOf(operator: string, right: Expression | undefined): boolean | undefined {
  const isMinusOne = right?.kind === 'operation' && right.operator === '-';
  const isFound = right?.kind === 'constant' && (right.value === 0 || right.value === true);
  if (!isMinusOne && !isFound) return undefined;
  if (operator.startsWith('==')) return isFound;
  if (operator.startsWith('!=')) return isMinusOne;
  return operator.startsWith('>');
}

/** Python's `'/public' in path`. In a list it is a comparison of whole texts. */
function looseIn(left: Value, right: Value, negated: boolean, span: Span): Value['loose'] {
  if (right.isList || left.texts.length === 0 || !right.paths.some(isPath)) return [];
  return [{ how: 'contains', negated, span }];
}
