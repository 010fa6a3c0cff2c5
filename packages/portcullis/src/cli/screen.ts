import type { Screen } from '../report/index.ts';
import type { Io, Output } from './io.ts';

/** What a stream can show, from the terminal and the conventions NO_COLOR, FORCE_COLOR, TERM=dumb and the locale. */
export function screenOf(output: Output, { environment, platform }: Pick<Io, 'environment' | 'platform'>): Screen {
  const { variables } = environment;
  return {
    colour: hasColour(output, variables),
    unicode: hasUnicode(output, variables, platform),
    width: output.columns && output.columns > 0 ? output.columns : 100,
  };
}

type Variables = Io['environment']['variables'];

/** FORCE_COLOR decides where both are set, as Node.js itself does. */
function hasColour(output: Output, variables: Variables): boolean {
  const forced = variables['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (variables['NO_COLOR']) return false;
  return output.isTerminal && variables['TERM'] !== 'dumb';
}

/** The first of the three that is not empty decides (POSIX, section 8.2). */
function hasUnicode(output: Output, variables: Variables, platform: string): boolean {
  const locale = variables['LC_ALL'] || variables['LC_CTYPE'] || variables['LANG'];
  if (locale) return /utf-?8/i.test(locale);
  if (!output.isTerminal) return false;
  return platform === 'win32'
    ? Boolean(variables['WT_SESSION'] || variables['TERM_PROGRAM'])
    : Boolean(variables['TERM_PROGRAM']);
}
