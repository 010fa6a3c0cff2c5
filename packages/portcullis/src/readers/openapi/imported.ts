import type { Entry, MapNode, Node, Resource, Span, StepId, Unread } from '../../project/index.ts';
import { mapOf } from './nodes.ts';
import { parseDocumentText } from './text.ts';

const routeSteps: readonly StepId[] = ['authorization', 'usage-plans', 'firewall'];

/** What the import of one document makes, with the place of each part in it. */
export class Imported {
  readonly resources: Map<string, Resource>;
  readonly unread: Unread[];
  readonly #counts: Map<string, number>;
  readonly #api: Resource;
  readonly #condition: string | undefined;

  constructor(api: Resource, whole?: Imported, condition?: string) {
    this.resources = whole?.resources ?? new Map();
    this.unread = whole?.unread ?? [];
    this.#counts = whole ? whole.#counts : new Map();
    this.#api = api;
    this.#condition = condition ?? api.condition;
  }

  /** For a document that is one branch of a condition. */
  under(condition: string): Imported {
    return new Imported(this.#api, this, condition);
  }

  /** Adds a resource; its id is made from the API's, and is none that a template can have. */
  add(
    name: string,
    type: string,
    span: Span,
    fields: Readonly<Record<string, Node | undefined>>,
    condition: string | undefined = undefined,
  ): string {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    const id = `${this.#api.id}.${name}${count === 1 ? '' : ` (${count})`}`;
    this.resources.set(id, {
      id,
      type,
      span,
      properties: mapOf(span, fields),
      condition: condition ?? this.#condition,
      dependsOn: [],
      deletionPolicy: undefined,
      generated: true,
    });
    return id;
  }

  leave(what: string, reason: string, span: Span): void {
    this.unread.push({ what: `${what} of ${this.#api.id}`, reason, span, steps: routeSteps });
  }

  /** The API with properties that the document gives it; what the template says wins. */
  complete(fields: Readonly<Record<string, Node | undefined>>): void {
    const { properties } = this.#api;
    if (properties.kind !== 'map') return;
    const written = new Set(properties.entries.map((one) => one.key));
    const added = mapOf(this.#api.span, fields).entries.filter(({ key }: Entry) => !written.has(key));
    if (added.length === 0) return;
    const complete: MapNode = { ...properties, entries: [...properties.entries, ...added] };
    this.resources.set(this.#api.id, { ...this.#api, properties: complete });
  }
}

/** The document as a map; one that is given as text is parsed. A node that is neither is returned as it is. */
export function documentOf(body: Node): Node {
  if (body.kind === 'either') return { ...body, branches: body.branches.map(documentOf) };
  return parseDocumentText(body) ?? body;
}
