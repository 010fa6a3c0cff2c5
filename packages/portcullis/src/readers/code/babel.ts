import { type ParserOptions, type ParserPlugin, parse } from '@babel/parser';

type JavaScriptFile = ReturnType<typeof parse>;
export type BabelStatement = JavaScriptFile['program']['body'][number];
export type BabelExpression = Extract<BabelStatement, { type: 'ExpressionStatement' }>['expression'];

/**
 * Parses JavaScript or TypeScript by the ending of its file name: `.ts`, `.mts`, `.cts` and `.tsx` as TypeScript, anything else as
 * JavaScript with JSX. Syntax errors that Babel can step over are in `errors` of the result; throws SyntaxError for the others and RangeError
 * for nesting that is deeper than the stack.
 */
export function parseJavaScript(text: string, path: string): JavaScriptFile {
  const typescript = /\.[mc]?tsx?$/.test(path);
  const plugins: ParserPlugin[] = ['decorators-legacy'];
  if (typescript) plugins.push('typescript');
  // `<T>value` and JSX exclude each other in TypeScript.
  if (!typescript || path.endsWith('x')) plugins.push('jsx');
  const options: ParserOptions = {
    sourceType: 'unambiguous',
    errorRecovery: true,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    allowImportExportEverywhere: true,
    allowUndeclaredExports: true,
    attachComment: false,
    plugins,
  };
  return parse(text, options);
}
