import { Lexer } from 'yaml';
import { straighten } from '../document/straighten.ts';

export interface Comment {
  readonly start: number;
  readonly end: number;
  /** Without the marks. */
  readonly text: string;
}

/** The comments of a YAML text: what stands behind a `#` inside quotes or in a block scalar is none. */
export function yamlComments(text: string): readonly Comment[] {
  // Brackets and quotes whose lines are not indented are read as the parser reads them, once they stand on one line.
  return lex(text) ?? lex(straighten(text) ?? '') ?? [];
}

/** Undefined when a bracket or quote ends where the lexer does not expect it. */
function lex(text: string): readonly Comment[] | undefined {
  const comments: Comment[] = [];
  let at = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    // Marks of the lexer, which stand in no text: a document begins, a plain or block scalar follows, a collection is broken.
    if (!isScalar && token === '\u0018') return undefined;
    if (!isScalar && token === '\u0002') continue;
    if (!isScalar && token === '\u001f') {
      isScalar = true;
      continue;
    }
    if (!isScalar && token.startsWith('#'))
      comments.push({ start: at, end: at + token.trimEnd().length, text: token.slice(1) });
    isScalar = false;
    at += token.length;
  }
  return comments;
}

/** The lines of a comment of a program, each by itself: `// ...`, or the lines of a block without their asterisks. */
export function commentLines(text: string, start: number, end: number): readonly Comment[] {
  const lines: Comment[] = [];
  let at = start;
  for (const line of text.slice(start, end).split('\n')) {
    const inner = line
      .replace(/^[ \t]*(?:\/\/+|\/\*+|\*+(?!\/))?/, '')
      .replace(/\*+\/[ \t\r]*$/, '')
      .trim();
    const from = at + Math.max(0, line.indexOf(inner));
    if (inner !== '') lines.push({ start: from, end: from + inner.length, text: inner });
    at += line.length + 1;
  }
  return lines;
}
