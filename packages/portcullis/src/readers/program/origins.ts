import { entry, type Span } from '../../project/index.ts';
import { originsOfCall } from './calls.ts';
import type { Modules, ProgramModule } from './modules.ts';
import {
  changed,
  indexOf,
  isFunction,
  laterOf,
  type Member,
  type NamedMember,
  type ObjectIndex,
  type Origin,
  spanIn,
  spanOf,
} from './origin.ts';
import { type Bound, type Home, type Place, Scope } from './scope.ts';
import {
  bare,
  type Expression,
  type ExpressionOf,
  type FunctionNode,
  nameOf,
  type Pattern,
  pathOf,
  returnsOf,
  type Statement,
} from './syntax.ts';

/** Steps for one program: far more than services take, and an end for those that are written to have none. */
const MOST_STEPS = 200_000;
const MOST_DEPTH = 64;
const MOST_ORIGINS = 16;

/** Follows expressions to where their values are written. What cannot be followed has no origin; nothing is guessed. */
export class Origins {
  readonly #modules: Modules;
  readonly #indices = new WeakMap<object, ObjectIndex>();
  #steps = 0;

  constructor(modules: Modules) {
    this.#modules = modules;
  }

  /** Several where it depends on a condition; the value decides between them. */
  of(place: Place, depth = 0): readonly Origin[] {
    this.#steps += 1;
    if (depth > MOST_DEPTH || this.#steps > MOST_STEPS) return [];
    const { scope, keys } = place;
    if (isFunction(place.node)) return keys.length === 0 ? [{ kind: 'code', node: place.node, scope }] : [];
    const node = bare(place.node);
    switch (node.type) {
      case 'Identifier':
        return this.#name(node, scope, keys, depth);
      case 'MemberExpression':
      case 'OptionalMemberExpression': {
        const key =
          nameOf(node.property, node.computed) ??
          (node.computed ? this.#text(node.property as Expression, scope, depth) : undefined);
        if (key === undefined) return keys.length === 0 ? [{ kind: 'opaque', node, scope }] : [];
        if (pathOf(node)?.root === 'process') return keys.length === 0 ? [{ kind: 'code', node, scope }] : [];
        const found = this.of({ node: node.object as Expression, scope, keys: [key, ...keys] }, depth + 1);
        return found.length > 0 || keys.length > 0 ? found : [{ kind: 'opaque', node, scope }];
      }
      case 'ConditionalExpression':
        return this.#both(node.consequent, node.alternate, place, depth);
      case 'LogicalExpression':
        return this.#both(node.left, node.right, place, depth);
      case 'SequenceExpression': {
        const last = node.expressions.at(-1);
        return last ? this.of({ ...place, node: last }, depth + 1) : [];
      }
      case 'AssignmentExpression':
        return this.of({ ...place, node: node.right }, depth + 1);
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression':
        return originsOfCall(this, node, place, depth);
      case 'ImportExpression':
        return node.source.type === 'StringLiteral' ? this.exported(scope.module, node.source.value, keys, depth) : [];
      default:
        break;
    }
    const [key, ...rest] = keys;
    if (key === undefined) return [{ kind: 'code', node, scope }];
    return this.#member({ kind: 'code', node, scope }, key, rest, depth)?.origins ?? [];
  }

  /** The member of an object that this key comes from: the last one that the value can be of. */
  member(origin: Origin, key: string): Member | undefined {
    return this.#member(origin, key, [], 0);
  }

  /** The items of a list, in order; undefined when what stands between cannot be counted. */
  items(origin: Origin, length?: number): readonly (readonly Origin[])[] | undefined {
    if (origin.kind === 'document')
      return origin.node.kind === 'list'
        ? origin.node.items.map((node) => [{ kind: 'document' as const, node }])
        : undefined;
    if (origin.kind === 'changed') return this.items(origin.base);
    if (origin.kind === 'mapped') return origin.items;
    if (origin.kind !== 'code' || origin.node.type !== 'ArrayExpression') return undefined;
    const { scope } = origin;
    const found: (readonly Origin[])[] = [];
    let gap: number | undefined;
    for (const element of origin.node.elements) {
      if (element?.type === 'SpreadElement') {
        const [inner, other] = this.of({ node: element.argument, scope, keys: [] });
        const spread = inner && !other ? this.items(inner) : undefined;
        if (spread) found.push(...spread);
        else if (length === undefined || gap !== undefined) return undefined;
        else gap = found.length;
      } else found.push(element ? this.of({ node: element, scope, keys: [] }) : []);
    }
    if (gap !== undefined && length !== undefined && length >= found.length)
      found.splice(gap, 0, ...Array.from({ length: length - found.length }, () => []));
    return found;
  }

  #member(origin: Origin, key: string, rest: readonly string[], depth: number): Member | undefined {
    if (origin.kind === 'document') {
      const found = entry(origin.node, key);
      if (!found) return undefined;
      const value: Origin = { kind: 'document', node: found.value };
      return { key: found.keySpan, written: found.value.span, origins: this.descend(value, rest, depth) };
    }
    if (origin.kind === 'module') {
      const origins = this.#export(origin.module, [key, ...rest], depth);
      const [first] = origins;
      return first && { key: spanOf(first), written: spanOf(first), origins };
    }
    if (origin.kind === 'changed') return this.#changedMember(origin, key, rest, depth);
    if (origin.kind === 'merged') {
      for (const part of origin.parts.toReversed()) {
        const found = this.of(part, depth + 1)
          .map((inner) => this.#member(inner, key, rest, depth + 1))
          .find((member) => member !== undefined);
        if (found) return found;
      }
      return undefined;
    }
    if (origin.kind === 'opaque' || origin.kind === 'mapped' || origin.node.type === 'ArrayExpression') {
      const index = origin.kind !== 'opaque' && /^\d{1,6}$/.test(key) ? this.items(origin)?.[Number(key)] : undefined;
      if (!index) return undefined;
      const origins = index.flatMap((one) => this.descend(one, rest, depth));
      return { key: spanOf(origin), written: spanOf(origin), origins };
    }
    if (origin.node.type !== 'ObjectExpression') return undefined;
    const { scope } = origin;
    const { named, open } = this.#index(origin.node);
    const own = named.get(key);
    // What comes later in the object wins.
    for (const [at, property] of open) {
      if (own && at < own.at) break;
      if (property.type === 'SpreadElement') {
        const found = this.of({ node: property.argument, scope, keys: [] }, depth + 1)
          .map((inner) => this.#member(inner, key, rest, depth + 1))
          .find((member) => member !== undefined);
        if (found) return found;
      } else if (this.#text(property.key as Expression, scope, depth) === key)
        return this.#memberOf(property, rest, scope, depth);
    }
    return own && this.#memberOf(own.property, rest, scope, depth);
  }

  #changedMember(
    origin: Extract<Origin, { kind: 'changed' }>,
    key: string,
    rest: readonly string[],
    depth: number,
  ): Member | undefined {
    const own = origin.later.filter(({ keys: [first] }) => first === key);
    const replaced = own.findLast(({ keys }) => keys.length === 1);
    const later = own.flatMap(({ keys, place }) => (keys.length > 1 ? [{ keys: keys.slice(1), place }] : []));
    const written = replaced && spanIn(replaced.place.scope, replaced.place.node);
    const base = replaced
      ? {
          key: written ?? spanOf(origin),
          written: written ?? spanOf(origin),
          origins: this.of(replaced.place, depth + 1),
        }
      : this.#member(origin.base, key, [], depth + 1);
    const origins = (base?.origins ?? [])
      .map((inner) => changed(inner, later))
      .flatMap((inner) => this.descend(inner, rest, depth));
    return base && { ...base, origins };
  }

  #memberOf(property: NamedMember, rest: readonly string[], scope: Scope, depth: number): Member {
    const node = property.type === 'ObjectMethod' ? property : (property.value as Expression);
    return {
      key: spanIn(scope, property.key),
      written: spanIn(scope, node),
      place: { node, scope, keys: [] },
      origins: this.of({ node, scope, keys: rest }, depth + 1),
    };
  }

  #index(node: ExpressionOf<'ObjectExpression'>): ObjectIndex {
    const known = this.#indices.get(node);
    if (known) return known;
    const index = indexOf(node);
    this.#indices.set(node, index);
    return index;
  }

  /** Of an object, the names that are written in it. */
  names(origin: Origin): Iterable<string> {
    return origin.kind === 'code' && origin.node.type === 'ObjectExpression'
      ? this.#index(origin.node).named.keys()
      : [];
  }

  /** The one spread or computed member that all other keys of an object must come from. */
  rest(origin: Origin): Span | undefined {
    if (origin.kind !== 'code' || origin.node.type !== 'ObjectExpression') return undefined;
    const [only, other] = this.#index(origin.node).open;
    return only && !other ? spanIn(origin.scope, only[1]) : undefined;
  }

  /** A computed name that is one after all: `[STAGE]`, `[Names.table]`. */
  #text(node: Expression, scope: Scope, depth: number): string | undefined {
    const [only, other] = this.of({ node, scope, keys: [] }, depth + 1);
    return only?.kind === 'code' && !other ? nameOf(only.node, true) : undefined;
  }

  /** Follows keys from an origin. */
  descend(origin: Origin, keys: readonly string[], depth: number): readonly Origin[] {
    const [key, ...rest] = keys;
    if (key === undefined) return [origin];
    return this.#member(origin, key, rest, depth + 1)?.origins ?? [];
  }

  #both(one: Expression, other: Expression, place: Place, depth: number): readonly Origin[] {
    return [...this.of({ ...place, node: one }, depth + 1), ...this.of({ ...place, node: other }, depth + 1)].slice(
      0,
      MOST_ORIGINS,
    );
  }

  #name(node: ExpressionOf<'Identifier'>, scope: Scope, keys: readonly string[], depth: number): readonly Origin[] {
    const { name } = node;
    const found = scope.find(name);
    if (!found) return keys.length === 0 ? [{ kind: 'opaque', node, scope }] : [];
    const later = laterOf(found.scope, name, []);
    if (later.length > 0) {
      const whole = this.#bound(found.bound, found.scope, [], depth);
      const base: readonly Origin[] = whole.length > 0 ? whole : [{ kind: 'opaque', node, scope }];
      return base.flatMap((inner) => this.descend(changed(inner, later), keys, depth));
    }
    return this.#bound(found.bound, found.scope, keys, depth);
  }

  #bound(bound: Bound, scope: Scope, keys: readonly string[], depth: number): readonly Origin[] {
    if (bound.kind === 'open') return [];
    if (bound.kind === 'place') return this.of({ ...bound.place, keys: [...bound.place.keys, ...keys] }, depth + 1);
    if (bound.name === '*') return this.exported(scope.module, bound.specifier, keys, depth);
    const named = this.exported(scope.module, bound.specifier, [bound.name, ...keys], depth);
    if (named.length > 0 || bound.name !== 'default') return named;
    // The default import of a CommonJS module is all of it.
    return this.exported(scope.module, bound.specifier, keys, depth);
  }

  /** What a specifier leads to, and the keys behind it. */
  exported(from: Home, specifier: string, keys: readonly string[], depth: number): readonly Origin[] {
    const path = this.#modules.path(from, specifier);
    if (path === undefined) return [];
    const module = this.#modules.at(path);
    if (module) return this.exportOf(module, keys, depth + 1);
    const document = this.#modules.document(path);
    if (!document) return [];
    const own = keys[0] === 'default' && !entry(document, 'default') ? keys.slice(1) : keys;
    return this.descend({ kind: 'document', node: document }, own, depth);
  }

  /** What stands behind the keys in all that a module exports; `default` first of an ES module. */
  exportOf(module: ProgramModule, keys: readonly string[], depth = 0): readonly Origin[] {
    if (depth > MOST_DEPTH) return [];
    const { scope } = module;
    const assigned = scope.assignments.findLast(
      ({ root, keys: [first, ...others] }) => root === 'module' && first === 'exports' && others.length === 0,
    );
    const all = (rest: readonly string[]): readonly Origin[] => {
      if (!assigned) return [];
      const later = laterOf(scope, 'module', ['exports']);
      return this.of({ node: assigned.node, scope, keys: [] }, depth + 1).flatMap((inner) =>
        this.descend(changed(inner, later), rest, depth),
      );
    };
    if (keys.length === 0) return assigned ? all([]) : [{ kind: 'module', module }];
    const own = this.#export(module, keys, depth);
    if (own.length > 0) return own;
    // Translated code asks a CommonJS module for its `default`, which is all of it.
    return all(keys[0] === 'default' ? keys.slice(1) : keys);
  }

  #export(module: ProgramModule, [name = '', ...rest]: readonly string[], depth: number): readonly Origin[] {
    this.#steps += 1;
    if (depth > MOST_DEPTH || this.#steps > MOST_STEPS) return [];
    const { scope } = module;
    const found = module.exports.get(name);
    if (found && 'node' in found) return this.of({ ...found, keys: rest }, depth + 1);
    if (found)
      return this.exported(module, found.specifier, found.name === '*' ? rest : [found.name, ...rest], depth + 1);
    const assigned = scope.assignments.findLast(({ root, keys }) => {
      const own = root === 'exports' ? keys : root === 'module' && keys[0] === 'exports' ? keys.slice(1) : [];
      return own.length === 1 && own[0] === name;
    });
    if (assigned) return this.of({ node: assigned.node, scope, keys: rest }, depth + 1);
    for (const star of module.stars) {
      const inner = name === 'default' ? [] : this.exported(module, star, [name, ...rest], depth + 1);
      if (inner.length > 0) return inner;
    }
    return [];
  }

  /** What a function returns for these arguments. */
  returned(
    node: FunctionNode,
    around: Scope,
    args: readonly (Place | undefined)[],
    keys: readonly string[],
    depth = 0,
  ): readonly Origin[] {
    if (depth > MOST_DEPTH) return [];
    const inner = new Scope(around.module, around);
    for (const [index, param] of node.params.entries()) inner.bindPattern(param as Pattern, args[index]);
    if (node.body.type === 'BlockStatement') inner.declare(node.body.body as readonly Statement[]);
    return returnsOf(node)
      .flatMap((value) => this.of({ node: value, scope: inner, keys }, depth + 1))
      .slice(0, MOST_ORIGINS);
  }
}
