import type { SourceFile, Span } from '../../project/index.ts';
import { classifyName, isAddress, isReference } from './detector/index.ts';

const keyed =
  /\b(?:verify|sign|decode|encode|createHmac|hmac\.new|compare_digest|timingSafeEqual)[ \t]{0,4}\([^()\n]{0,200}?,[ \t]{0,8}[bf]?(["'`])([^"'`\n]{4,512})\1/g;
const algorithm = /^(?:sha|rs|hs|es|ps|md)-?\d+$|^utf-?8$|^(?:hex|base64|base64url)$/i;
const given = /([A-Za-z_$][\w$]{1,63})["'\])]{0,3}[ \t]{0,8}(?:[=!]==?|=)[ \t]{0,8}(["'`])([^"'`\s/]{8,512})\2/g;

/**
 * What a line of code gives away: the key of a signature, whatever it looks like (`jwt.verify(token, 'x')`), and what a credential is
 * compared with (`token === 'x'`), unless it is a plain word.
 */
export function* keysInLine(file: SourceFile, line: string, start: number): Iterable<Span> {
  for (const { 0: whole, 2: value = '', index } of line.matchAll(keyed))
    if (!algorithm.test(value)) yield endingAt(file, start + index + whole.length - 1, value);
  for (const { 0: whole, 1: name = '', 3: value = '', index } of line.matchAll(given)) {
    const isPlain = !/\d/.test(value) || isReference(value) || isAddress(value);
    if (!isPlain && classifyName(name)) yield endingAt(file, start + index + whole.length - 1, value);
  }
}

const endingAt = (file: SourceFile, end: number, { length }: string): Span => ({ file, start: end - length, end });
