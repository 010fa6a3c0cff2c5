import {
  type Configuration,
  type ConfigurationContext,
  LastOnly,
  type MapNode,
  type Node,
  type Project,
  type Provenance,
  possibilities,
  type ReferenceNode,
  type Span,
  textOf,
  type UnknownNode,
} from '../../project/index.ts';

export type Leaf = Exclude<Node, { kind: 'map' } | { kind: 'list' } | { kind: 'either' }>;

/** One value of the configuration under the name that people gave it. */
export interface Place {
  /** Keys from the root of the document; for `{Name: X, Value: ...}` the last one is X. */
  readonly path: readonly string[];
  readonly node: Leaf;
  /** The key that sets the value here; the value itself may stand elsewhere, behind a variable. */
  readonly entry: Span;
  readonly context: ConfigurationContext;
  readonly owner: string | undefined;
  readonly resourceType: string | undefined;
}

/** Where one value stands in several trees, the tree that says most about it is looked at first. */
const order: Readonly<Record<ConfigurationContext, number>> = {
  'parameter-default': 0,
  environment: 1,
  'api-key': 2,
  output: 3,
  'stack-parameter': 4,
  resource: 5,
  params: 6,
  custom: 7,
  provider: 8,
  other: 9,
};

const cache = new LastOnly<Project, readonly Place[]>();

/** Every value of the project's configuration, trees that are shared (YAML aliases, variables) once. */
export function placesOf(project: Project): readonly Place[] {
  const known = cache.get(project);
  if (known) return known;
  const places: Place[] = [];
  const seen = new Set<Node>();
  const roots = project.configuration.toSorted((a, b) => order[a.context] - order[b.context]);
  for (const root of roots) collect(root, root.node, root.path, placeOf(root.node), seen, places);
  cache.set(project, places);
  return places;
}

/** Where the value is asked for: the variable or intrinsic that was replaced by it, else its own place. */
function placeOf(node: Node): Span {
  return node.from?.[0]?.span ?? node.span;
}

function collect(
  root: Configuration,
  node: Node,
  path: readonly string[],
  entry: Span,
  seen: Set<Node>,
  places: Place[],
): void {
  if (node.kind === 'map' || node.kind === 'list') {
    if (seen.has(node)) return;
    seen.add(node);
  }
  if (node.kind === 'map') collectMap(root, node, path, seen, places);
  else if (node.kind === 'list') {
    node.items.forEach((item, index) => {
      collect(root, item, [...path, String(index)], placeOf(item), seen, places);
    });
  } else if (node.kind === 'either') {
    for (const branch of possibilities(node)) collect(root, branch, path, entry, seen, places);
  } else {
    const { context, owner, resourceType } = root;
    places.push({ path, node, entry, context, owner, resourceType });
  }
}

const nameKeys = ['Name', 'name', 'Key', 'key', 'ParameterKey', 'ParameterName', 'VariableName', 'HeaderName'];
const valueKeys = new Set(['Value', 'value', 'ParameterValue', 'VariableValue', 'HeaderValue']);

function collectMap(
  root: Configuration,
  map: MapNode,
  path: readonly string[],
  seen: Set<Node>,
  places: Place[],
): void {
  const hasValue = map.entries.some(({ key }) => valueKeys.has(key));
  // A listener rule that lets requests with one header through: `HttpHeaderName` and a list of `Values`.
  const header = map.entries.find(({ key }) => key === 'HttpHeaderName');
  const name = header ? textOf(header.value) : hasValue ? nameIn(map) : undefined;
  for (const { key, keySpan, value } of map.entries) {
    const named = name !== undefined && (header ? key === 'Values' : valueKeys.has(key));
    collect(root, value, [...path, named ? name : key], keySpan, seen, places);
  }
}

/** Of a Parameter Store name only the last part names the value. */
function nameIn(map: MapNode): string | undefined {
  for (const wanted of nameKeys) {
    const found = map.entries.find(({ key }) => key === wanted);
    if (!found) continue;
    const text = found.value.kind === 'text' ? found.value.parts.at(-1) : textOf(found.value);
    return typeof text === 'string' ? text.split('/').at(-1) : undefined;
  }
  return undefined;
}

/** The keys for people: provider.environment.DB_PASSWORD. */
export function pathText(path: readonly string[]): string {
  return path.join('.');
}

/** The value as far as it is written out; what is known only when it is deployed stands as `${...}`. */
export function writtenText(node: Leaf): string | undefined {
  if (node.kind === 'text') return node.parts.map((part) => (typeof part === 'string' ? part : '${...}')).join('');
  return textOf(node);
}

const replaceable: ReadonlySet<string> = new Set(['dynamic-reference', 'parameter', 'env']);

/** Sources outside the files of the project, or files that hold what nobody commits. */
const outside: ReadonlySet<string> = new Set([
  'env',
  'dotenv',
  'opt',
  'ssm',
  's3',
  'cf',
  'vault',
  'terraform',
  'import',
  'dynamic-reference',
  'param',
  'parameter',
  'code',
  'plugin',
  'other',
  'file',
]);

export type Origin = Pick<Provenance, 'source' | 'address'>;

/**
 * Where a value comes from that the place itself does not hold: the sources outside the files that contributed to it. Empty for what
 * is written out in the files, also behind `${self:...}` or the default of a variable.
 */
export function originsOf(node: Leaf): readonly Origin[] {
  if (node.kind === 'scalar' && !node.from) return [];
  const pieces: readonly (ReferenceNode | UnknownNode)[] =
    node.kind === 'text' ? node.parts.filter((part) => typeof part !== 'string') : node.kind === 'scalar' ? [] : [node];
  const own = isWrittenOut(node) ? [] : (node.from ?? []);
  // A parameter and an environment variable have a default only for those who give no value.
  const dynamic = (node.from ?? []).filter(({ source }) => replaceable.has(source));
  const all: Origin[] = [...own, ...dynamic];
  for (const piece of pieces) {
    all.push(...(piece.from ?? []));
    if (piece.kind === 'unknown') all.push({ source: piece.source, address: addressOf(piece) });
  }
  const found = new Map<string, Origin>();
  for (const origin of all) {
    if (!outside.has(origin.source)) continue;
    const key = `${origin.source}:${origin.address}`;
    if (!found.has(key)) found.set(key, { source: origin.source, address: origin.address });
  }
  // The same source with and without its address is one.
  return [...found.values()].filter(
    (origin) =>
      origin.address !== '' ||
      ![...found.values()].some((other) => other.source === origin.source && other.address !== ''),
  );
}

function addressOf(node: UnknownNode): string {
  const name = node.name ?? '';
  return name.startsWith('import:') ? name.slice('import:'.length) : name;
}

/** True when the value stands as text in a file of the project, at the node's span. */
export function isWrittenOut(node: Leaf): boolean {
  if (node.kind !== 'scalar') return false;
  if (!node.from || node.from.length === 0) return true;
  const value = textOf(node);
  if (value === undefined || value === '') return false;
  const { file, start, end } = node.span;
  if (/(?:^|\/)\.env(?:\.|$)/.test(file.path)) return false;
  const raw = file.text.slice(start, end);
  if (!node.from.some(({ source }) => outside.has(source))) return true;
  // Of a block text the first line is compared; the others are indented in the file.
  const [line = value] = value.split('\n', 1);
  return raw.includes(line) || raw.includes(JSON.stringify(line).slice(1, -1));
}
