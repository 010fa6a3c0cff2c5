import { parseArgs } from 'node:util';
import { InputError, nearest } from '../project/index.ts';

export interface OptionSpec {
  readonly value: string | undefined;
  readonly short?: string;
  readonly repeatable?: boolean;
  readonly help: string;
}

export interface Parsed {
  readonly positionals: readonly string[];
  /** Values by option name in the order given; flags have one empty text per use. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Options of every command. */
export const common: Readonly<Record<string, OptionSpec>> = {
  help: { value: undefined, short: 'h', help: 'show this help' },
  version: { value: undefined, short: 'V', help: 'print the version' },
};

/** Reads the arguments of one command. Throws InputError OPTION_INVALID with the nearest valid name. */
export function parseOptions(argv: readonly string[], specs: Readonly<Record<string, OptionSpec>>): Parsed {
  const all: Readonly<Record<string, OptionSpec>> = { ...specs, ...common };
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(all).map(([name, { value, short }]) => [
        name,
        { type: value === undefined ? ('boolean' as const) : ('string' as const), ...(short ? { short } : {}) },
      ]),
    ),
  });
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = Object.hasOwn(all, token.name) ? all[token.name] : undefined;
    if (!spec) throw unknownOption(token.rawName, Object.keys(all));
    const value = valueOf(token.rawName, spec, token.value, token.inlineValue === true);
    const earlier = values.get(token.name);
    if (earlier && spec.value !== undefined && !spec.repeatable)
      throw invalid(`${token.rawName} is given twice`, `one ${token.rawName}`, 'Leave one of them out.');
    if (earlier) earlier.push(value);
    else values.set(token.name, [value]);
  }
  return { positionals, values };
}

function valueOf(rawName: string, spec: OptionSpec, value: string | undefined, inline: boolean): string {
  if (spec.value === undefined) {
    if (value !== undefined) throw invalid(`${rawName} has the value ${value}`, 'no value', `Write ${rawName} alone.`);
    return '';
  }
  // `--stage --format json` is a forgotten value far more often than a stage named --format.
  if (value === undefined || (!inline && value.startsWith('-') && value !== '-'))
    throw invalid(`${rawName} has no value`, `${rawName} ${spec.value}`, `Write ${rawName} ${spec.value}.`);
  return value;
}

function unknownOption(name: string, known: readonly string[]): InputError {
  const [best] = nearest(name.replace(/^-+/, ''), known);
  return invalid(
    `there is no option ${name}`,
    best === undefined ? undefined : `--${best}`,
    best === undefined ? 'See portcullis help for the options.' : `Did you mean --${best}?`,
  );
}

/** One of a closed set of names. */
export function choice<T extends string>(option: string, value: string, names: readonly T[]): T {
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  const [best] = nearest(value, names);
  throw invalid(
    `${option} is ${value === '' ? 'empty' : value}`,
    names.join(', '),
    best === undefined ? `Use one of ${names.join(', ')}.` : `Did you mean ${best}?`,
  );
}

export function invalid(found: string, expected: string | undefined, next: string): InputError {
  return new InputError({ code: 'OPTION_INVALID', found, expected, next });
}
