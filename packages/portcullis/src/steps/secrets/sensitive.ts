import type { Project, SourceFile, Span } from '../../project/index.ts';
import { classifyName, classifyPath, findProvider, isAddress, isReference, looksRandom } from './detector/index.ts';
import { namedPath } from './facts.ts';
import { keyOf, partsOf, suspectsOf } from './literals.ts';
import { isWrittenOut, type Place, placesOf } from './places.ts';
import { keysInLine } from './sensitive-code.ts';

/**
 * Ranges of the project's files whose text must not appear in any output: everything that may be a secret, at a lower threshold than
 * the rules have. Includes values below keys that speak of secrets without being judged one.
 */
export function sensitive(project: Project): readonly Span[] {
  const spans = new Map<string, Span>();
  const add = (span: Span) => {
    if (span.end > span.start) spans.set(keyOf(span), span);
  };
  for (const { place, verdict } of suspectsOf(project)) {
    for (const part of partsOf(place.node.span, verdict, { deployed: true })) {
      if (part.verdict.evidence === 'pattern') for (const span of tokenIn(part.span)) add(span);
      else add(part.span);
    }
  }
  for (const place of placesOf(project)) if (mayBeSecret(place)) add(place.node.span);
  return [...spans.values()];
}

/** The value of an API key, or named like a secret and not obviously a name, a place or a switch. */
function mayBeSecret(place: Place): boolean {
  const { node } = place;
  if (node.kind !== 'scalar' || node.value === null || node.value === '' || typeof node.value === 'boolean')
    return false;
  const name = place.context === 'api-key' ? undefined : classifyPath(namedPath(place));
  if (!name && place.context !== 'api-key') return false;
  const text = String(node.value);
  if (isReference(text) || !isWrittenOut(node)) return false;
  if (!name) return true;
  if (isAddress(text) || /^(?:true|false|yes|no|null|none|\d{1,3})$/i.test(text)) return false;
  return name.strength === 'strong' || looksRandom(text);
}

/** Of a long text only the token in it, where it stands in the file as it is; else the whole value. */
function tokenIn(span: Span): readonly Span[] {
  const { file, start, end } = span;
  const raw = file.text.slice(start, end);
  const match = findProvider(raw);
  if (!match || match.what === 'private key' || match.end - match.start > raw.length / 2) return [span];

  return [{ file, start: start + match.start, end: start + match.end }];
}

const assignment = /([A-Za-z_][\w.-]{1,63})["']?[ \t]{0,8}[=:][ \t]{0,8}(["']?)([^\s"'#,;]{4,512})/g;

/** Lines that no tree holds: comments, sections that were not read, programs. Works on the text, line by line. */
export function sensitiveText(file: SourceFile): readonly Span[] {
  return [...inText(file)];
}

const program = /\.(?:[cm]?[jt]sx?|py)$/i;

function* inText(file: SourceFile): Iterable<Span> {
  const { text } = file;
  const isProgram = program.test(file.path);
  const inComment = isProgram ? /(?:^|\s)(?:#|\/\/)/ : /(?:^|\s)#/;
  let above: string | undefined;
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const line = text.slice(start, Math.min(end, start + 4096));
    const token = line.length >= 16 ? findProvider(line) : undefined;
    if (token) yield { file, start: start + token.start, end: start + token.end };
    if (inComment.test(line)) yield* inComments(file, line, start);
    if (isProgram) yield* keysInLine(file, line, start);
    if (isProgram) above = yield* inProgram(file, line, start, above);
    start = end + 1;
  }
}

function* inComments(file: SourceFile, line: string, start: number): Iterable<Span> {
  for (const match of line.matchAll(assignment)) {
    const [whole, name = '', , value = ''] = match;
    const verdict = classifyName(name);
    if (!verdict || isReference(value) || isAddress(value)) continue;
    if (verdict.strength !== 'strong' && !looksRandom(value)) continue;
    const from = start + match.index + whole.length - value.length;
    yield { file, start: from, end: from + value.length };
  }
}

const word = /(["'`])((?:\\.|(?!\1)[^\\]){0,512})\1|[A-Za-z_$][\w$-]{1,63}/g;

/** Between a name and its value in TypeScript. */
const types = /^(?:string|String|any|unknown|as|const|satisfies|readonly|Record)$/;

/**
 * Texts of a program that stand after a name of a secret: `apiKey: '...'`, `const TOKEN = "..."`, `process.env.KEY ?? '...'`.
 * @param above the name with which the line before ended
 * @returns the name with which this line ends, when its value follows on the next
 */
function* inProgram(
  file: SourceFile,
  line: string,
  start: number,
  above: string | undefined,
): Generator<Span, string | undefined> {
  let name = above;
  for (const match of line.matchAll(word)) {
    const [whole, quote, text = ''] = match;
    if (quote === undefined) {
      if (!types.test(whole)) name = whole;
      continue;
    }
    const from = start + match.index + 1;
    if (name !== undefined && text.length > 3 && isValueOf(name, text))
      yield { file, start: from, end: from + text.length };
    // `'apiKey': '...'` and `headers['x-api-key'] = '...'`
    name = /^[A-Za-z][\w.-]{1,63}$/.test(text) ? text : undefined;
  }
  return /[:=(?|]\s*$/.test(line) ? name : undefined;
}

function isValueOf(name: string, text: string): boolean {
  const verdict =
    classifyName(name) ?? (/^(?:key|secret|token|password|pass|pwd)$/i.test(name) ? { strength: 'weak' } : undefined);
  if (!verdict || isReference(text) || isAddress(text) || /^[\w./${}-]*\$\{[^}]*\}$/.test(text)) return false;
  return verdict.strength === 'strong' || looksRandom(text);
}
