import type { SourceFile } from '../../project/index.ts';
import type { Comment } from './comments.ts';
import { type Outline, type Piece, pieceAt, placeOf } from './outline.ts';
import { routeThing } from './things.ts';

/** What a comment is about. */
export type Placed =
  | { readonly start: number; readonly end: number; readonly place: string }
  | { readonly problem: string; readonly instead: string };

const elsewhere = 'Write it at the end of the line where the node begins, or on a line of its own right above it';
const wholeFile = 'the top of the file';

/**
 * At the end of a line: the outermost node that begins on that line. On a line of its own: the next node below. At the top of the file, with
 * a blank line after it: the whole file, for `allow` only. A `public` at the first line of an event, a function or a resource, or at its
 * `Properties`, is about that thing.
 */
export function placeComment(outline: Outline, comment: Comment, kind: 'public' | 'allow', isProgram: boolean): Placed {
  const { file } = outline;
  const { line, column } = file.position(comment.start);
  const start = file.line(line)?.start ?? 0;
  const before = file.text.slice(start, comment.start);
  const isAlone = isProgram ? /^[\s/*]*$/.test(before) : before.trim() === '';
  if (isAlone && isHeader(outline, comment, isProgram)) {
    if (kind === 'allow') return { start: 0, end: file.text.length + 1, place: '' };
    return {
      problem: `it stands at ${wholeFile}, and a whole file is not public`,
      instead: 'Write it on each route that is public',
    };
  }
  const target = isAlone ? firstAfter(outline, comment.end) : firstAfter(outline, start);
  if (!isAlone && (!target || target.start >= comment.start))
    return { problem: 'no node begins on its line', instead: elsewhere };
  if (!target || (isAlone && !isBelow(outline, target, comment, isProgram ? undefined : column)))
    return { problem: 'no node follows it in the map or list where it stands', instead: elsewhere };
  if (kind === 'allow') return { start: target.start, end: target.end, place: placeOf(target) };
  return placePublic(target);
}

export function placePublic(target: Piece): Placed {
  const { parent } = target;
  const own = routeThing(target);
  if (own) return { start: own.start, end: own.end, place: placeOf(target) };
  const belongs = parent && (parent.pieces[0] === target || target.key === 'Properties');
  const around = belongs ? routeThing(parent) : undefined;
  if (parent && around) return { start: around.start, end: around.end, place: placeOf(parent) };
  const where = placeOf(target);
  return {
    problem: where === '' ? 'it stands on nothing that is a route' : `${where} is no route`,
    instead: 'Write it on the event, the function, the resource or the OpenAPI operation that is public',
  };
}

/** Pieces are sorted by their start, outer before inner. */
function firstAfter({ flat }: Outline, offset: number): Piece | undefined {
  let low = 0;
  let high = flat.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((flat[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return flat[low];
}

/**
 * Whether the node belongs to what the comment stands in: in YAML its line is not indented less, in a program no bracket closes between them.
 */
function isBelow(outline: Outline, target: Piece, comment: Comment, column: number | undefined): boolean {
  if (column !== undefined) {
    const { file } = outline;
    const line = file.line(file.position(target.start).line);
    const indent = line ? line.text.length - line.text.trimStart().length : 0;
    return indent + 1 >= column;
  }
  const inner = pieceAt(outline, comment.start);
  for (let around = target.parent; around; around = around.parent) if (around === inner) return true;
  return false;
}

/** Before the first key or statement, and a blank line follows the block of comments in which it stands. */
function isHeader({ file, begin }: Outline, comment: Comment, isProgram: boolean): boolean {
  if (comment.end > begin) return false;
  const mark = isProgram ? /^(?:\/\/|\/?\*)/ : /^#/;
  const last = file.position(begin).line;
  for (let number = file.position(comment.end).line + 1; number < last; number += 1) {
    const text = lineText(file, number);
    if (text === '' || text === '---') return true;
    if (!mark.test(text)) return false;
  }
  return false;
}

function lineText(file: SourceFile, number: number): string {
  return file.line(number)?.text.trim() ?? '';
}
