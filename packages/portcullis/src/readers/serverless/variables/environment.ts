import { join } from 'node:path';
import { entries, InputError, items, type Node, type SourceFile, textOf } from '../../../project/index.ts';
import { isInside } from '../../inside.ts';
import type { ReadContext } from '../../options.ts';
import { readDotenv } from './dotenv.ts';

interface Settings {
  readonly context: ReadContext;
  readonly directory: string;
  /** A top-level key of the service, resolved. */
  readonly setting: (key: string) => Node | undefined;
  readonly stage: () => Node;
  /** v4 reads `.env` without being told. */
  readonly always: boolean;
  readonly opened: (file: SourceFile) => void;
  readonly report: (error: InputError) => void;
}

/** Variables of the process, then those of the `.env` files, which are read when the first variable is missing. */
export class EnvironmentVariables {
  readonly #settings: Settings;
  /** Absent until needed; while the files are being chosen the process alone answers. */
  #files: Map<string, string> | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  get(name: string): { value: string; source: 'env' | 'dotenv' } | undefined {
    const { variables } = this.#settings.context.environment;
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value !== undefined) return { value, source: 'env' };
    if (!this.#files) {
      this.#files = new Map();
      this.#files = this.#read();
    }
    const written = this.#files.get(name);
    return written === undefined ? undefined : { value: written, source: 'dotenv' };
  }

  /** The framework takes `.env.<stage>`, else `.env`; serverless-dotenv-plugin merges four files, the more special ones first. */
  #read(): Map<string, string> {
    const { setting, stage, always } = this.#settings;
    const use = setting('useDotenv');
    const isOn = always || (use?.kind === 'scalar' && Boolean(use.value));
    const isPlugin = usesPlugin(setting('plugins'), 'serverless-dotenv-plugin');
    if (!isOn && !isPlugin) return new Map();
    const name = textOf(stage());
    const values = new Map<string, string>();
    if (isOn) {
      const read = (name === undefined ? undefined : this.#file(`.env.${name}`)) ?? this.#file('.env');
      for (const [key, value] of read ?? []) values.set(key, value);
    }
    if (isPlugin) {
      for (const file of name === undefined ? ['.env'] : [`.env.${name}.local`, '.env.local', `.env.${name}`, '.env'])
        for (const [key, value] of this.#file(file) ?? []) if (!values.has(key)) values.set(key, value);
    }
    return values;
  }

  #file(name: string): Map<string, string> | undefined {
    const { context, directory, opened, report } = this.#settings;
    const path = join(directory, name);
    if (!isInside(directory, path) || context.disk.kind(path) !== 'file') return undefined;
    if (!isInside(context.disk.real(context.boundary), context.disk.real(path))) return undefined;
    try {
      const file = context.open(path);
      opened(file);
      return readDotenv(file.text, context.environment.variables);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      report(error);
      return new Map();
    }
  }
}

function usesPlugin(plugins: Node | undefined, name: string): boolean {
  const list = plugins?.kind === 'map' ? entries(plugins).find((entry) => entry.key === 'modules')?.value : plugins;
  return items(list).some((item) => textOf(item) === name);
}
