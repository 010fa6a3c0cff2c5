import { type MapNode, type Node, type PackedFile, type Span, textOf } from '../../project/index.ts';
import type { ReadContext } from '../options.ts';
import type { LoadedService } from '../serverless/load.ts';
import { dig, isUnset, listOf } from '../serverless/lower/nodes.ts';
import { type NamedFile, secretFilesIn } from './listing.ts';
import { patternMatches } from './patterns.ts';

/** Plugins that pack what they built instead of the folder. */
const builders =
  /(?:^|[/_-])(?:webpack|esbuild|bundle|rollup|rolldown|parcel|rspack|vite|typescript|tsc?|swc|babel|ncc|optimize|optimizer|include-dependencies|build|builder|go|golang|rust|dotnet|nextjs|next|nuxt|jar|java|maven|gradle|scala|haskell|swift)(?:$|[/_-])/i;

/**
 * Secret files in the folder of a service that go into the package of its functions, by their names. The framework packs the whole
 * folder and then applies `package.patterns` in their order; the last pattern that matches decides.
 * @param directory absolute path of the folder
 */
export function packedByService(
  service: LoadedService,
  directory: string,
  context: ReadContext,
): readonly PackedFile[] {
  const functions = packedFunctions(service);
  if (functions.length === 0 || pluginNames(service.root).some((name) => builders.test(name))) return [];
  const files = secretFilesIn(directory, context.disk);
  if (files.length === 0) return [];
  const shared = dig(service.root, 'package');
  const span = keySpan(service.root, 'package') ?? keySpan(service.root, 'functions') ?? service.root.span;
  const patterns = [...excludes(service, shared), ...includes(service, shared)];
  const found: PackedFile[] = [];
  if (functions.some(({ own }) => !own) && isUnset(dig(shared, 'artifact')))
    found.push(...packed(files, patterns, { span, owner: undefined }));
  for (const { name, node, own, span: place } of functions) {
    if (!own) continue;
    const settings = dig(node, 'package');
    const all = [...patterns, ...excludes(service, settings), ...includes(service, settings)];
    found.push(...packed(files, all, { span: place, owner: name }));
  }
  // Functions that are packed alike are one mistake.
  return found.length > files.length ? distinct(found, span) : found;
}

interface PackedFunction {
  readonly name: string;
  readonly node: Node;
  readonly span: Span;
  /** Packed by itself. */
  readonly own: boolean;
}

function packedFunctions(service: LoadedService): readonly PackedFunction[] {
  const { root, framework, major } = service;
  const individually = isOn(dig(root, 'package', 'individually'));
  const runtime = textOf(dig(root, 'provider', 'runtime')) ?? 'nodejs';
  // Serverless Framework v4 builds functions in JavaScript and TypeScript unless it is told not to.
  const builds =
    framework === 'serverless' && major !== undefined && major >= 4 && !isOff(dig(root, 'build', 'esbuild'));
  return listOf(dig(root, 'functions')).flatMap((part) =>
    part.kind !== 'map'
      ? []
      : part.entries.flatMap(({ key, keySpan: span, value: node }): readonly PackedFunction[] => {
          const own = textOf(dig(node, 'runtime')) ?? runtime;
          if (node.kind !== 'map' || !isUnset(dig(node, 'image')) || (builds && own.startsWith('nodejs'))) return [];
          const settings = dig(node, 'package');
          if (isOn(dig(settings, 'disable')) || !isUnset(dig(settings, 'artifact'))) return [];
          return [{ name: key, node, span, own: individually || isOn(dig(settings, 'individually')) }];
        }),
  );
}

/** What the framework leaves out, and `exclude` where it is still read: osls 4 knows `patterns` only. */
function excludes({ root, framework, major }: LoadedService, settings: Node | undefined): readonly Node[] {
  const always = settings === dig(root, 'package') ? dotenv(root, framework, major) : [];
  if (framework === 'osls' && (major ?? 4) >= 4) return always;
  return [...always, ...listOf(dig(settings, 'exclude')).map(inverted)];
}

/** `useDotenv` leaves `.env*` out, in the folder of the service itself only. Serverless Framework v4 behaves as if it were set. */
function dotenv(root: MapNode, framework: string, major: number | undefined): readonly Node[] {
  const implied = framework === 'serverless' && major !== undefined && major >= 4;
  return implied || isOn(dig(root, 'useDotenv')) ? [{ kind: 'scalar', value: '!.env*', span: root.span }] : [];
}

function includes({ framework, major }: LoadedService, settings: Node | undefined): readonly Node[] {
  const old = framework === 'osls' && (major ?? 4) >= 4 ? [] : listOf(dig(settings, 'include'));
  return [...old, ...listOf(dig(settings, 'patterns'))];
}

function inverted(node: Node): Node {
  const text = textOf(node);
  if (node.kind !== 'scalar' || text === undefined) return node;
  return { ...node, value: text.startsWith('!') ? text.slice(1) : `!${text}` };
}

function packed(
  files: readonly NamedFile[],
  patterns: readonly Node[],
  place: Pick<PackedFile, 'span' | 'owner'>,
): readonly PackedFile[] {
  return files.flatMap((file): readonly PackedFile[] => {
    let state: 'in' | 'out' | { readonly undecided: string } = 'in';
    for (const node of patterns) {
      const text = textOf(node);
      if (text === undefined) {
        if (!(node.kind === 'scalar'))
          state = { undecided: 'a pattern of the package is known only when it is packed' };
        continue;
      }
      const out = text.startsWith('!');
      const hit = patternMatches(out ? text.slice(1) : text, file.path);
      if (hit === undefined) state = { undecided: `the pattern ${text} is not read` };
      else if (hit) state = out ? 'out' : 'in';
    }
    if (state === 'out') return [];
    return [{ ...file, ...place, undecided: state === 'in' ? undefined : state.undecided }];
  });
}

/** The files once, when every function has them in a package of its own. */
function distinct(found: readonly PackedFile[], span: Span): readonly PackedFile[] {
  const byFile = new Map<string, PackedFile>();
  for (const file of found) {
    const key = `${file.path} ${file.undecided ?? ''}`;
    if (!byFile.has(key)) byFile.set(key, { ...file, span, owner: undefined });
  }
  return [...byFile.values()];
}

function pluginNames(root: MapNode): readonly string[] {
  const plugins = dig(root, 'plugins');
  return listOf(plugins?.kind === 'map' ? dig(plugins, 'modules') : plugins).flatMap((node) => textOf(node) ?? []);
}

function keySpan(node: MapNode, key: string): Span | undefined {
  return node.entries.findLast((entry) => entry.key === key)?.keySpan;
}

const isOn = (node: Node | undefined): boolean => textOf(node)?.toLowerCase() === 'true';
const isOff = (node: Node | undefined): boolean => textOf(node)?.toLowerCase() === 'false';
