import {
  type Approval,
  at,
  entry,
  InputError,
  type Node,
  type SourceFile,
  type Span,
  textOf,
} from '../../project/index.ts';
import { parseDocument } from '../document/index.ts';
import { isDay } from './grammar.ts';

const keys = ['rule', 'public', 'route', 'subject', 'fingerprint', 'file', 'by', 'until', 'because'] as const;
const next =
  'Write entries such as `- {public: GET /health, by: NAME}` or `- {rule: RULE, fingerprint: FINGERPRINT, by: NAME}`; docs/suppressions.md has all keys.';

/** The entries of an approver file. Throws InputError when one of them is not in order: an approval that is not understood approves nothing. */
export function readApprovals(file: SourceFile): readonly Approval[] {
  const problems: InputError[] = [];
  const root = parseDocument(file, problems);
  if (problems[0]) throw problems[0];
  if (root.kind === 'scalar' && root.value === null) return [];
  const list = root.kind === 'map' ? at(root, 'approved') : root;
  if (list?.kind !== 'list') throw wrong('the approver file holds no list', root.span);
  return list.items.map((item) => readEntry(item, file));
}

function readEntry(item: Node, file: SourceFile): Approval {
  if (item.kind !== 'map') throw wrong('an entry of the approver file is no map', item.span);
  const strange = item.entries.find(({ key }) => !keys.some((known) => known === key));
  if (strange) throw wrong(`an entry of the approver file has the key ${strange.key}`, strange.keySpan);
  const read = (key: (typeof keys)[number]) => {
    const found = entry(item, key);
    if (!found) return undefined;
    const text = textOf(found.value);
    if (text === undefined || text.trim() === '') throw wrong(`\`${key}\` of the entry is no text`, found.keySpan);
    return text.trim();
  };
  const [rule, route] = [read('rule'), read('public')];
  const by = read('by');
  const until = read('until');
  if ((rule === undefined) === (route === undefined))
    throw wrong('an entry of the approver file needs either `rule` or `public`', item.span);
  if (by === undefined) throw wrong('an entry of the approver file does not say by whom', item.span);
  if (until !== undefined && !isDay(until)) throw wrong('`until` of the entry is no day such as 2027-01-31', item.span);
  const about = { route: route ?? read('route'), subject: read('subject'), fingerprint: read('fingerprint') };
  if (Object.values(about).every((one) => one === undefined))
    throw wrong('an entry of the approver file does not say what it is about', item.span);
  const { line, column } = file.position(item.span.start);
  const width = (file.line(line)?.text.length ?? column) + 1 - column;
  const place = { file: file.path, line, column, endColumn: column + Math.max(1, width) };
  return { rule: rule ?? 'public', ...about, file: read('file'), by, until, place };
}

function wrong(found: string, span: Span): InputError {
  return new InputError({ code: 'WRONG_TYPE', found, expected: 'an entry of an approver file', span, next });
}
