import type { SourceFile, Span } from '../project/index.ts';

interface Range {
  readonly start: number;
  readonly end: number;
}

/** What a redactor hides, as plain data: it may come from another thread. Holds the texts of secrets. */
export interface Hidden {
  /** By path of the file. */
  readonly places: readonly (readonly [string, readonly Range[]])[];
  readonly texts: readonly string[];
}

export interface Redactor {
  /** True when there is nothing to hide. */
  readonly empty: boolean;
  /** What stands where a secret was. */
  readonly mask: string;
  /** Adds places, and with them their texts. */
  hide(spans: readonly Span[]): void;
  /** Adds what another redactor hides. */
  absorb(hidden: Hidden): void;
  hiding(): Hidden;
  /** The text without any of the secrets. */
  text(value: string): string;
  /** Parts of a file between two offsets that must not be shown: ascending, not overlapping, clipped to the offsets. */
  hidden(file: SourceFile, start: number, end: number): readonly Range[];
}

/** Shorter texts occur everywhere by accident; their places are hidden, other occurrences are not. */
const SHORTEST = 4;

/** Occurrences of one secret in one text. */
const MOST_FINDS = 200;

/**
 * Words of our own sentences. When somebody chose one of them as a password, taking it out of every sentence would print nothing
 * but the fact that it is the password. Its place in the file stays hidden.
 */
const ordinary = new Set(
  'secret secrets password passwords token tokens credential credentials value values literal test example admin root user default true false null none open closed http https route routes function functions lambda role table bucket serverless provider environment resources'.split(
    ' ',
  ),
);

/**
 * Hides the ranges and every other occurrence of their texts. Keeps no file alive.
 * @param spans places of secrets in files of the run
 * @param texts values of secrets, decoded, where they differ from what the file shows
 */
export function createRedactor(spans: readonly Span[] = [], texts: readonly string[] = []): Redactor {
  const places = new Map<string, Range[]>();
  const secrets = new Set<string>();
  for (const text of texts) addText(secrets, text);
  let derived: { everywhere: string[]; inSentences: string[]; longest: number; mask: string } | undefined;
  const known = () => {
    derived ??= derive(secrets);
    return derived;
  };
  const redactor: Redactor = {
    get empty() {
      return secrets.size === 0;
    },
    get mask() {
      return known().mask;
    },
    hide(more) {
      for (const { file, start, end } of more) {
        const list = places.get(file.path);
        if (list) list.push({ start, end });
        else places.set(file.path, [{ start, end }]);
        for (const text of spellings(file.text.slice(start, end))) addText(secrets, text);
      }
      derived = undefined;
    },
    absorb(hidden) {
      for (const [path, ranges] of hidden.places) places.set(path, [...(places.get(path) ?? []), ...ranges]);
      for (const text of hidden.texts) secrets.add(text);
      derived = undefined;
    },
    hiding: () => ({ places: [...places], texts: [...secrets] }),
    text(value) {
      const { inSentences, mask } = known();
      let result = '';
      let from = 0;
      for (const { start, end } of merge(occurrences(value, inSentences))) {
        result += value.slice(from, start) + mask;
        from = end;
      }
      return from === 0 ? value : result + value.slice(from);
    },
    hidden(file, start, end) {
      const { everywhere, longest } = known();
      const from = Math.max(0, start - longest);
      const found = occurrences(file.text.slice(from, end + longest), everywhere);
      const ranges = [
        ...(places.get(file.path) ?? []),
        ...found.map((range) => ({ start: range.start + from, end: range.end + from })),
      ];
      return merge(ranges)
        .filter((range) => range.end > start && range.start < end)
        .map((range) => ({ start: Math.max(start, range.start), end: Math.min(end, range.end) }));
    },
  };
  redactor.hide(spans);
  return redactor;
}

function derive(secrets: ReadonlySet<string>) {
  const everywhere = [...secrets];
  return {
    everywhere,
    inSentences: everywhere.filter((text) => !ordinary.has(text.toLowerCase())),
    longest: everywhere.reduce((length, text) => Math.max(length, text.length), 0),
    mask: everywhere.some((text) => '[secret]'.includes(text)) ? '[****]' : '[secret]',
  };
}

/** The text as the file has it, and without its quotes and escapes. */
function spellings(raw: string): string[] {
  const text = raw.trim();
  const inner = text.length >= 2 ? text.slice(1, -1) : '';
  if (text.startsWith("'") && text.endsWith("'")) return [inner, inner.replaceAll("''", "'")];
  if (!text.startsWith('"') || !text.endsWith('"')) return [text];
  try {
    return [inner, String(JSON.parse(text))];
  } catch {
    return [inner];
  }
}

/** The text, and each line of it by itself: a key of several lines is often shown or repeated in part. */
function addText(secrets: Set<string>, text: string): void {
  // A copy of its own: a slice would keep the whole file in memory.
  if (text.length >= SHORTEST) secrets.add(Buffer.from(text).toString());
  const lines = text.split(/\r?\n/);
  if (lines.length < 2) return;
  for (const line of lines) if (line.trim().length >= SHORTEST) secrets.add(Buffer.from(line.trim()).toString());
}

function occurrences(value: string, texts: readonly string[]): Range[] {
  const found: Range[] = [];
  for (const text of texts) {
    let count = 0;
    for (let at = value.indexOf(text); at !== -1; at = value.indexOf(text, at + 1)) {
      count += 1;
      // A long text that repeats itself is found at each of its letters, and each find reads all of it: the rest is hidden as a whole.
      if (count > MOST_FINDS) {
        found.push({ start: at, end: value.length });
        break;
      }
      found.push({ start: at, end: at + text.length });
    }
  }
  return found;
}

function merge(ranges: readonly Range[]): Range[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = merged.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else if (end > start) merged.push({ start, end });
  }
  return merged;
}

/** Names of files stay as they are: people and tools open them. Fingerprints are hashes of names, never of values. */
const untouched = new Set(
  'file fingerprint rule step severity state format kind type code access stage method period'.split(' '),
);

/** A report, or a part of one, with every sentence and name passed through the redactor. Plain data only. */
export function redact<T>(value: T, redactor: Redactor): T {
  return redactor.empty ? value : (redactValue(value, redactor) as T);
}

function redactValue(value: unknown, redactor: Redactor): unknown {
  if (typeof value === 'string') return redactor.text(value);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, redactor));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      untouched.has(key) && typeof inner === 'string' ? inner : redactValue(inner, redactor),
    ]),
  );
}
