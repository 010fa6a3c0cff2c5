import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type Node as YamlNode,
} from 'yaml';
import {
  type Entry,
  InputError,
  type Node,
  type Scalar as Plain,
  type SourceFile,
  type Span,
} from '../../project/index.ts';
import { lastOfEach } from './json.ts';
import { MAX_DEPTH, MAX_NODES, repeatedKey, tooDeep, tooManyNodes } from './limits.ts';
import { plainValue } from './scalars.ts';
import { straighten } from './straighten.ts';
import { longForm } from './tags.ts';

/** Aliases may repeat a part of the document; past this factor the file is an attack on whoever reads it. */
const MAX_ALIAS_GROWTH = 50;

export function parseYaml(file: SourceFile, problems: InputError[]): Node {
  const document = onlyDocument(file);
  const converter = new Converter(file, problems);
  try {
    return document?.contents
      ? converter.convert(document.contents as YamlNode, 0)
      : { kind: 'scalar', value: null, span: { file, start: 0, end: 0 } };
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep({ file, start: 0, end: 0 });
    throw error;
  }
}

function onlyDocument(file: SourceFile): Document | undefined {
  let documents: Document[];
  // Each use of an intrinsic's tag makes a warning, which is an error object with a stack trace that nobody reads.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    documents = parse(file.text);
    if (isBroken(documents)) {
      const text = straighten(file.text);
      const again = text === undefined ? documents : parse(text);
      if (!isBroken(again)) documents = again;
    }
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep({ file, start: 0, end: 0 });
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  const [first, second] = documents;
  const failed = documents.find((document) => document.errors.length > 0)?.errors[0];
  if (failed?.code === 'RESOURCE_EXHAUSTION') throw tooDeep(clamp(file, failed.pos[0], failed.pos[1]));
  if (failed) {
    throw new InputError({
      code: 'SYNTAX',
      found: `the YAML is broken: ${withoutSource(failed.message)}`,
      span: clamp(file, failed.pos[0], failed.pos[1]),
      next: 'Correct the YAML; nothing of this file was checked.',
    });
  }
  if (second?.contents) {
    throw new InputError({
      code: 'SYNTAX',
      found: 'the file holds several YAML documents',
      expected: 'one',
      span: clamp(file, second.range?.[0] ?? 0, second.range?.[0] ?? 0),
      next: 'Split the file at the `---` lines.',
    });
  }
  return first;
}

function parse(text: string): Document[] {
  const parsed = parseAllDocuments(text, {
    prettyErrors: false, // its messages would quote the source, which may be a secret
    uniqueKeys: false, // compares every pair of keys; the converter does it with a set
    logLevel: 'silent',
    // Texts only: which of them are numbers and the like is decided in scalars.ts, ten times as fast as by trying every type.
    schema: 'failsafe',
    version: '1.2',
  });
  return Array.isArray(parsed) ? (parsed as Document[]) : [];
}

function isBroken(documents: readonly Document[]): boolean {
  return documents.some(({ errors }) => errors.length > 0);
}

/** The parser's messages may end with a quoted piece of the text ("Unexpected scalar at ...: abc"); the kind of error is enough. */
function withoutSource(message: string): string {
  const [head = message] = message.split(/[:\n]/, 1);
  return head.replace(/\s+at node end$/, '').replace(/"[^"]*"|'[^']*'/g, '…');
}

function clamp(file: SourceFile, start: number, end: number): Span {
  const from = Math.max(0, Math.min(start, file.text.length));
  return { file, start: from, end: Math.max(from, Math.min(end, file.text.length)) };
}

interface Sized {
  readonly node: Node;
  /** Values in it, aliases counted as often as used. */
  readonly size: number;
}

class Converter {
  readonly #file: SourceFile;
  readonly #problems: InputError[];
  readonly #anchors = new Map<string, Sized | 'open'>();
  #written = 0;
  #expanded = 0;

  constructor(file: SourceFile, problems: InputError[]) {
    this.#file = file;
    this.#problems = problems;
  }

  convert(yaml: YamlNode, depth: number): Node {
    const span = this.#span(yaml);
    if (depth > MAX_DEPTH) throw tooDeep(span);
    if (isAlias(yaml)) return this.#alias(yaml.source, span);
    this.#count(1, span);
    this.#written += 1;
    const anchor = (yaml as { anchor?: string }).anchor;
    const before = this.#expanded;
    if (anchor) this.#anchors.set(anchor, 'open');
    const plain = this.#plain(yaml, span, depth);
    const tag = (yaml as { tag?: string }).tag;
    const node = tag?.startsWith('!') && !tag.startsWith('!!') ? longForm(tag, plain, this.#tagSpan(span, tag)) : plain;
    if (anchor) this.#anchors.set(anchor, { node, size: this.#expanded - before + 1 });
    return node;
  }

  #plain(yaml: YamlNode, span: Span, depth: number): Node {
    if (isScalar(yaml)) return { kind: 'scalar', value: scalarValue(yaml), span };
    if (isSeq(yaml))
      return { kind: 'list', items: yaml.items.map((item) => this.#item(item as YamlNode | null, span, depth)), span };
    if (isMap(yaml)) return { kind: 'map', entries: this.#entries(yaml, span, depth), span };
    return { kind: 'unknown', source: 'other', reason: 'is a YAML construct that is not read', span };
  }

  #item(item: YamlNode | null, parent: Span, depth: number): Node {
    return item ? this.convert(item, depth + 1) : { kind: 'scalar', value: null, span: parent };
  }

  #entries(map: YAMLMap, span: Span, depth: number): Entry[] {
    const entries: Entry[] = [];
    const merged: Entry[] = [];
    const keys = new Set<string>();
    for (const pair of map.items) {
      const keyNode = pair.key as YamlNode | null;
      const keySpan = keyNode ? this.#span(keyNode) : span;
      const key = this.#key(keyNode, keySpan);
      const value = this.#item(pair.value as YamlNode | null, keySpan, depth);
      if (key === '<<' && isScalar(keyNode) && keyNode.type === 'PLAIN') {
        for (const source of value.kind === 'list' ? value.items : [value])
          if (source.kind === 'map') merged.push(...source.entries);
        continue;
      }
      if (keys.has(key)) this.#problems.push(repeatedKey(key, keySpan));
      keys.add(key);
      entries.push({ key, keySpan, value });
    }
    const unique = keys.size < entries.length ? lastOfEach(entries) : entries;
    // YAML merge: keys of the map itself win, then the sources in their order.
    for (const entry of merged) {
      if (keys.has(entry.key)) continue;
      keys.add(entry.key);
      unique.push(entry);
    }
    return unique;
  }

  #key(node: YamlNode | null, span: Span): string {
    if (node === null) return '';
    if (isScalar(node)) return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target && target !== 'open' && target.node.kind === 'scalar') return String(target.node.value);
    }
    throw new InputError({
      code: 'SYNTAX',
      found: 'a key is a map or a list',
      expected: 'a text as key',
      span,
      next: 'If this is a template of another tool ({{ … }}), check the file that it produces.',
    });
  }

  #alias(name: string, span: Span): Node {
    const target = this.#anchors.get(name);
    if (target === undefined || target === 'open') {
      throw new InputError({
        code: 'SYNTAX',
        found: target ? `the alias *${name} lies inside its own anchor` : `the alias *${name} has no anchor before it`,
        span,
        next: 'Correct the alias; nothing of this file was checked.',
      });
    }
    this.#count(target.size, span);
    return target.node;
  }

  #count(values: number, span: Span): void {
    this.#expanded += values;
    if (this.#expanded <= MAX_NODES && (this.#expanded < 20_000 || this.#expanded <= this.#written * MAX_ALIAS_GROWTH))
      return;
    if (this.#written * MAX_ALIAS_GROWTH >= this.#expanded) throw tooManyNodes(span);
    throw new InputError({
      code: 'ALIAS_BOMB',
      found: `aliases blow the document up to more than ${this.#expanded.toLocaleString('en')} values`,
      span,
      next: 'Replace the aliases that refer to aliases by plain values.',
    });
  }

  #span(yaml: YamlNode): Span {
    const range = yaml.range;
    return clamp(this.#file, range?.[0] ?? 0, range?.[1] ?? 0);
  }

  /** The range of a tagged node begins behind the tag; people look for the tag. */
  #tagSpan(span: Span, tag: string): Span {
    const from = this.#file.text.lastIndexOf(tag, span.start);
    return from === -1 || span.start - from > tag.length + 200 ? span : { ...span, start: from };
  }
}

/** `!!str 1` is a text, `!!int "1"` a number; without a tag only a plain scalar can be something else than a text. */
function scalarValue({ value, type, tag, source }: Scalar): Plain {
  const text = typeof value === 'string' ? value : (source ?? '');
  if (tag?.startsWith('tag:yaml.org,2002:'))
    return tag.endsWith(':str') || tag.endsWith(':binary') ? text : plainValue(text);
  return type === 'PLAIN' && tag === undefined ? plainValue(text) : text;
}
