import { parseJavaScript } from './late.ts';

export type Program = ReturnType<typeof parseJavaScript>;

/**
 * JavaScript or TypeScript as a tree of Babel's nodes, offsets in UTF-16; which of the two by the ending of the file name. What is wrong
 * with it is stepped over where that is possible; undefined where it is not. The parser is loaded with the first call.
 */
export function parseProgram(text: string, path: string): Program | undefined {
  try {
    return parseJavaScript(text, path);
  } catch {
    return undefined;
  }
}
