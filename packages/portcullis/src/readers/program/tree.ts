import type { Entry, Node, Provenance, Scalar, Span } from '../../project/index.ts';
import { MAX_DEPTH, MAX_NODES, tooDeep, tooManyNodes } from '../document/limits.ts';
import type { Concealer } from './conceal.ts';
import { decidedBy, mentioned } from './depends.ts';
import { type Origin, spanOf } from './origin.ts';
import type { Origins } from './origins.ts';
import type { Place } from './scope.ts';
import { literalOf } from './syntax.ts';

interface Settings {
  readonly origins: Origins;
  readonly conceal: Concealer;
  /** Environment variables that the program asked for in vain. */
  readonly missing: ReadonlySet<string>;
  /** The program as people see it. */
  readonly shown: string;
}

/**
 * Puts a value that a program made together with the places where it is written. A literal at its place is an ordinary value; what was
 * computed has the place of the expression, and `code` as its source.
 */
export class ValueTree {
  readonly #settings: Settings;
  #left = MAX_NODES;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * Throws InputError TOO_DEEP or TOO_MANY_NODES.
   * @param value as JSON.parse gives it
   * @param around the nearest place that is known
   */
  build(value: unknown, origins: readonly Origin[], around: Span, depth = 0, written?: Place): Node {
    this.#left -= 1;
    if (this.#left < 0) throw tooManyNodes(around);
    if (depth > MAX_DEPTH) throw tooDeep(around);
    if (Array.isArray(value)) return this.#list(value, origins, around, depth);
    if (typeof value === 'object' && value !== null) return this.#map(value, origins, around, depth);
    return this.#scalar(value as Scalar, origins, around, written);
  }

  #scalar(value: Scalar, origins: readonly Origin[], around: Span, written?: Place): Node {
    const { conceal, missing } = this.#settings;
    const decider = written && decidedBy(written.node, written.scope, missing);
    if (decider !== undefined) return notGiven(decider, around);
    for (const origin of origins) {
      if (origin.kind === 'document' && origin.node.kind === 'scalar' && origin.node.value === value)
        return origin.node;
      if (origin.kind !== 'code') continue;
      const literal = literalOf(origin.node as Parameters<typeof literalOf>[0]);
      if (literal?.value === value) return { kind: 'scalar', value, span: withoutBackticks(spanOf(origin)) };
    }
    const [only, other] = origins;
    const span = only && !other && !isContainer(only) ? spanOf(only) : around;
    const asked =
      (written && mentioned(written.node, written.scope, missing)) ??
      (only && !other && (only.kind === 'code' || only.kind === 'opaque')
        ? mentioned(only.node, only.scope, missing)
        : undefined);
    if (asked !== undefined) return notGiven(asked, span);
    const hidden = typeof value === 'string' ? conceal.variableIn(value) : undefined;
    if (hidden !== undefined)
      return {
        kind: 'unknown',
        source: 'env',
        reason: `comes from the environment variable ${hidden}, which may be a secret`,
        span,
      };
    return { kind: 'scalar', value, span, from: this.#made(span) };
  }

  #made(span: Span): readonly Provenance[] {
    return [{ source: 'code', address: this.#settings.shown, span }];
  }

  #map(value: object, origins: readonly Origin[], around: Span, depth: number): Node {
    const entries = Object.entries(value);
    const best = this.#best(entries, origins);
    const span = best ? spanOf(best) : spanOfOnly(origins, around);
    const rest = best && this.#settings.origins.rest(best);
    return {
      kind: 'map',
      span,
      entries: entries
        .map(([key, inner]): Entry => {
          const member = best && this.#settings.origins.member(best, key);
          const place = member?.written ?? rest ?? span;
          return {
            key: this.#settings.conceal.text(key),
            keySpan: member?.key ?? place,
            value: this.build(inner, member?.origins ?? [], place, depth + 1, member?.place),
          };
        })
        .concat(best ? this.#dropped(best, value) : []),
    };
  }

  /** What a spread with a condition adds where an environment variable is given that was not: one item that is not decided. */
  #leftOut(origin: Origin): readonly Node[] {
    if (origin.kind !== 'code' || origin.node.type !== 'ArrayExpression') return [];
    const { scope } = origin;
    return origin.node.elements.flatMap((element) => {
      const name =
        element?.type === 'SpreadElement' ? decidedBy(element.argument, scope, this.#settings.missing) : undefined;
      return name === undefined ? [] : [notGiven(name, spanOf(origin))];
    });
  }

  /** Members that are not in the value because the environment variable that they come from was not given: JSON knows no undefined. */
  #dropped(origin: Origin, value: object): readonly Entry[] {
    const { origins, missing } = this.#settings;
    if (missing.size === 0) return [];
    const found: Entry[] = [];
    for (const key of origins.names(origin)) {
      if (Object.hasOwn(value, key)) continue;
      const member = origins.member(origin, key);
      const name = member?.place && mentioned(member.place.node, member.place.scope, missing);
      if (member && name !== undefined) found.push({ key, keySpan: member.key, value: notGiven(name, member.written) });
    }
    return found;
  }

  /** Of several objects the one that has most of the value's keys; of what a package was given, only what the value agrees with. */
  #best(entries: readonly (readonly [string, unknown])[], origins: readonly Origin[]): Origin | undefined {
    const isHandedOn = origins.some(({ kind }) => kind === 'opaque');
    const keys = new Map(entries);
    let best: Origin | undefined;
    let most = -1;
    for (const origin of origins) {
      if (origin.kind === 'opaque' || !isContainer(origin)) continue;
      if (isHandedOn && !this.#isHandedOn(origin, keys)) continue;
      const found = origins.length === 1 ? 0 : this.#agreement(origin, entries);
      if (found > most) {
        most = found;
        best = origin;
      }
    }
    return best;
  }

  #isHandedOn(origin: Origin, values: ReadonlyMap<string, unknown>): boolean {
    return [...this.#settings.origins.names(origin)].every((name) => {
      if (!values.has(name)) return false;
      const value = values.get(name);
      const [only, other] = this.#settings.origins.member(origin, name)?.origins ?? [];
      const literal =
        only?.kind === 'code' && !other ? literalOf(only.node as Parameters<typeof literalOf>[0]) : undefined;
      return literal === undefined || literal.value === value;
    });
  }

  /** How many members the object has in common with the value: those that say the same count more. */
  #agreement(origin: Origin, entries: readonly (readonly [string, unknown])[]): number {
    let agreement = 0;
    for (const [key, inner] of entries.slice(0, 200)) {
      const member = this.#settings.origins.member(origin, key);
      if (!member) continue;
      const says = member.origins.some(
        (one) => one.kind === 'code' && literalOf(one.node as Parameters<typeof literalOf>[0])?.value === inner,
      );
      agreement += says ? 3 : 1;
    }
    return agreement;
  }

  #list(value: readonly unknown[], origins: readonly Origin[], around: Span, depth: number): Node {
    const lists = origins.flatMap((origin) => {
      const items = this.#settings.origins.items(origin, value.length);
      return items?.length === value.length ? [{ origin, items }] : [];
    });
    const [best] = lists;
    const span = best ? spanOf(best.origin) : spanOfOnly(origins, around);
    return {
      kind: 'list',
      span,
      items: value
        .map((inner, index) => {
          const item = best?.items[index] ?? [];
          const [only] = item;
          return this.build(inner, item, only ? spanOf(only) : span, depth + 1);
        })
        .concat(best ? this.#leftOut(best.origin) : []),
    };
  }
}

function notGiven(name: string, span: Span): Node {
  return {
    kind: 'unknown',
    source: 'env',
    reason: `comes from the environment variable ${name}, which the program was not given (--exec-env ${name})`,
    span,
  };
}

/** Other parts know the quotes of YAML and JSON, not these. */
function withoutBackticks(span: Span): Span {
  return span.file.text[span.start] === '`' ? { ...span, start: span.start + 1, end: span.end - 1 } : span;
}

function isContainer(origin: Origin): boolean {
  if (origin.kind === 'module' || origin.kind === 'merged' || origin.kind === 'mapped') return true;
  if (origin.kind === 'changed') return isContainer(origin.base);
  if (origin.kind === 'document') return origin.node.kind === 'map' || origin.node.kind === 'list';
  return origin.kind === 'code' && (origin.node.type === 'ObjectExpression' || origin.node.type === 'ArrayExpression');
}

function spanOfOnly(origins: readonly Origin[], around: Span): Span {
  const [only, other] = origins;
  return only && !other ? spanOf(only) : around;
}
