import { type ParseErrorCode, visit } from 'jsonc-parser';
import { type Entry, InputError, type Node, type SourceFile, type Span } from '../../project/index.ts';
import { MAX_DEPTH, MAX_NODES, repeatedKey, tooDeep, tooManyNodes } from './limits.ts';

// ParseErrorCode is a const enum of the library; with isolated modules its members are spelled out here.
const messages: Record<number, string> = {
  1: 'an invalid symbol',
  2: 'an invalid number',
  3: 'a missing property name',
  4: 'a missing value',
  5: 'a missing colon',
  6: 'a missing comma',
  7: 'a missing }',
  8: 'a missing ]',
  9: 'text after the end',
  10: 'a comment',
  11: 'an unfinished comment',
  12: 'an unfinished string',
  13: 'an unfinished number',
  14: 'an invalid \\u escape',
  15: 'an invalid escape',
  16: 'an invalid character',
};

type Open =
  | { kind: 'map'; start: number; entries: Entry[]; keys: Set<string>; key: string; keySpan: Span | undefined }
  | { kind: 'list'; start: number; items: Node[] };

export function parseJson(file: SourceFile, problems: InputError[]): Node {
  const stack: Open[] = [];
  let root: Node | undefined;
  let count = 0;
  const span = (start: number, end: number): Span => ({ file, start, end });

  const add = (node: Node) => {
    count += 1;
    if (count > MAX_NODES) throw tooManyNodes(node.span);
    const parent = stack.at(-1);
    if (!parent) root = node;
    else if (parent.kind === 'list') parent.items.push(node);
    else if (parent.keySpan) {
      if (parent.keys.has(parent.key)) problems.push(repeatedKey(parent.key, parent.keySpan));
      parent.keys.add(parent.key);
      parent.entries.push({ key: parent.key, keySpan: parent.keySpan, value: node });
    }
  };
  const open = (frame: Open) => {
    if (stack.length >= MAX_DEPTH) throw tooDeep(span(frame.start, frame.start + 1));
    stack.push(frame);
  };
  const close = (end: number) => {
    const frame = stack.pop();
    if (frame?.kind === 'list') add({ kind: 'list', items: frame.items, span: span(frame.start, end) });
    else if (frame) {
      const repeated = frame.keys.size < frame.entries.length;
      add({ kind: 'map', entries: repeated ? lastOfEach(frame.entries) : frame.entries, span: span(frame.start, end) });
    }
  };

  visit(
    file.text,
    {
      onObjectBegin: (offset) =>
        open({ kind: 'map', start: offset, entries: [], keys: new Set(), key: '', keySpan: undefined }),
      onObjectProperty: (key, offset, length) => {
        const frame = stack.at(-1);
        if (frame?.kind !== 'map') return;
        frame.key = key;
        frame.keySpan = span(offset, offset + length);
      },
      onObjectEnd: (offset, length) => close(offset + length),
      onArrayBegin: (offset) => open({ kind: 'list', start: offset, items: [] }),
      onArrayEnd: (offset, length) => close(offset + length),
      onLiteralValue: (value: string | number | boolean | null, offset, length) =>
        add({ kind: 'scalar', value, span: span(offset, offset + length) }),
      onError: (code: ParseErrorCode, offset, length) => {
        throw new InputError({
          code: 'SYNTAX',
          found: `the JSON has ${messages[code] ?? 'an error'} here`,
          span: span(Math.min(offset, file.text.length), Math.min(offset + length, file.text.length)),
          next: 'Correct the JSON; nothing of this file was checked.',
        });
      },
    },
    { disallowComments: true, allowTrailingComma: false },
  );
  return root ?? { kind: 'scalar', value: null, span: span(0, 0) };
}

/** Of repeated keys the last entry counts, as in JSON.parse. */
export function lastOfEach(entries: readonly Entry[]): Entry[] {
  const byKey = new Map<string, Entry>();
  for (const entry of entries) byKey.set(entry.key, entry);
  return [...byKey.values()];
}
