import { type ExposedRoute, widestFirst } from '../contract/index.ts';

/** Names of path parameters do not change who gets in. */
export function shapeOf(path: string): string {
  return path.replace(/\{[^}/]*\+\}/g, '{+}').replace(/\{[^}/+]*\}/g, '{}');
}

/** The routes of one API in one state, by what a request asks for. */
export class Served {
  readonly #byId = new Map<string, ExposedRoute>();
  readonly #exact = new Map<string, ExposedRoute>();
  readonly #greedy = new Map<string, ExposedRoute>();

  constructor(routes: readonly ExposedRoute[]) {
    for (const route of routes) {
      this.#byId.set(route.id, route);
      const key = `${route.kind} ${route.method} ${shapeOf(route.path)}`;
      // One path may have several routes (by host, in branches of a condition); the widest of them answers for all.
      const other = this.#exact.get(key);
      if (!other || isWider(route, other)) this.#exact.set(key, route);
      const prefix = greedyPrefix(route.path);
      if (prefix !== undefined) {
        const at = `${route.kind} ${route.method} ${prefix}`;
        const known = this.#greedy.get(at);
        if (!known || isWider(route, known)) this.#greedy.set(at, route);
      }
    }
  }

  /**
   * The route that answers a request for the method and path, most specific first as API Gateway chooses: the method before ANY, the path
   * itself before greedy ones, `$default` last.
   */
  find({ id, kind, method, path }: Pick<ExposedRoute, 'id' | 'kind' | 'method' | 'path'>): ExposedRoute | undefined {
    const shape = shapeOf(path);
    const same = this.#byId.get(id);
    if (same && same.method === method && shapeOf(same.path) === shape) return same;
    const methods = method === 'ANY' ? ['ANY'] : [method, 'ANY'];
    for (const name of methods) {
      const exact = this.#exact.get(`${kind} ${name} ${shape}`);
      if (exact) return exact;
    }
    if (!path.startsWith('/')) return undefined;
    for (let prefix = shape; prefix !== ''; ) {
      prefix = prefix.slice(0, prefix.lastIndexOf('/'));
      for (const name of methods) {
        const greedy = this.#greedy.get(`${kind} ${name} ${prefix}/`);
        if (greedy) return greedy;
      }
    }
    return this.#exact.get(`${kind} ANY $default`) ?? this.#exact.get(`${kind} $default $default`);
  }
}

function greedyPrefix(path: string): string | undefined {
  const shape = shapeOf(path);
  return shape.endsWith('/{+}') ? shape.slice(0, -'{+}'.length) : undefined;
}

/** Whether the first lets more callers in. */
export function isWider(a: ExposedRoute, b: ExposedRoute): boolean {
  return widestFirst.indexOf(a.gates.authorization.state) < widestFirst.indexOf(b.gates.authorization.state);
}
