import { join } from 'node:path';
import {
  InputError,
  type Node,
  type ProgramEnd,
  type ProgramFailure,
  type ProgramResult,
  type ProgramRunner,
  type ProgramTask,
  type SourceFile,
  type Span,
} from '../../project/index.ts';
import { shownPath } from '../discover.ts';
import type { ReadContext } from '../options.ts';
import { readDotenv } from '../serverless/variables/dotenv.ts';
import { Concealer } from './conceal.ts';
import { executionFailed } from './failure.ts';
import { Modules } from './modules.ts';
import { isFunction, type Origin } from './origin.ts';
import { Origins } from './origins.ts';
import { ValueTree } from './tree.ts';

/** By its name: code in a language that Node.js runs. */
export function isProgram(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path);
}

/** What a program is told when its function asks for a value of the service; undefined when the files do not decide it. */
export interface Answers {
  /** `self:custom.name`, `sls:stage`. */
  variable(address: string): { readonly value: unknown } | { readonly undecided: string };
  /** Keys of the service, joined with dots. */
  property(keys: string): { readonly value: unknown } | { readonly undecided: string };
  /** Command line options, and the service as written. */
  given(): Pick<ProgramTask, 'options' | 'service'>;
}

/** `value` is absent when the address leads to nothing. */
export type FileValue = { readonly value?: Node } | { readonly undecided: string };

/** Runs of one service; each takes a tenth of a second or more. */
const MOST_RUNS = 100;
/** Rounds in which a function may ask for more; each runs it again. */
const MOST_ROUNDS = 12;
const MOST_DOTENV = 20;

/** The programs of one service: run when a value of theirs is needed, at most once for each value. */
export class Programs {
  readonly #context: ReadContext;
  readonly #directory: string;
  readonly #modules: Modules;
  readonly #origins: Origins;
  readonly #ends = new Map<string, ProgramEnd | { readonly end: 'undecided'; readonly reason: string }>();
  readonly #broken = new Map<string, ProgramFailure>();
  readonly #wholes = new Map<string, ProgramResult>();
  #variables: Readonly<Record<string, string>> | undefined;
  #runs = 0;

  /** @param directory folder of the service; absolute */
  constructor(directory: string, context: ReadContext) {
    this.#context = context;
    this.#directory = directory;
    this.#modules = new Modules(context);
    this.#origins = new Origins(this.#modules);
  }

  /** Files of programs that were looked at. */
  get files(): readonly SourceFile[] {
    return this.#modules.files;
  }

  /** Whether programs may be run. */
  get isAllowed(): boolean {
    return this.#context.environment.programs !== undefined;
  }

  /** The configuration that a serverless.js or .ts exports. Throws InputError EXECUTION_FAILED. */
  service(file: SourceFile, path: string): Node {
    const end = this.#run({ ...nothing, kind: 'service', path, directory: this.#directory });
    if (end.end !== 'result' || end.value === undefined) throw this.#failed(end, path);
    const module = this.#modules.at(path);
    const origins = module ? this.#origins.exportOf(module, ['default']) : [];
    return this.#tree(end, path).build(JSON.parse(end.value), origins, { file, start: 0, end: 0 });
  }

  /**
   * What `${file(path):keys}` stands for. Throws InputError EXECUTION_FAILED.
   * @param asked place of the variable
   */
  file(path: string, keys: readonly string[], asked: Span, answers: Answers): FileValue {
    const whole = this.#wholes.get(path);
    if (whole?.whole !== undefined) {
      const value = dig(JSON.parse(whole.whole), keys);
      if (value !== undefined && value !== null) return { value: this.#fileTree(whole, path, keys, value, asked) };
    }
    const end = this.#answered(path, keys, answers);
    if (end.end === 'undecided') return { undecided: end.reason };
    if (end.end !== 'result') throw this.#failed(end, path, asked);
    if (end.whole !== undefined) this.#wholes.set(path, end);
    if (end.value === undefined) return {};
    return { value: this.#fileTree(end, path, keys, JSON.parse(end.value), asked) };
  }

  #fileTree(end: ProgramResult, path: string, keys: readonly string[], value: unknown, asked: Span): Node {
    const module = this.#modules.at(path);
    const around = module ? { file: module.file, start: 0, end: 0 } : asked;
    return this.#tree(end, path).build(value, module ? this.#exported(path, keys) : [], around);
  }

  /** The places behind an address: through functions too, which the framework calls on the way. */
  #exported(path: string, keys: readonly string[]): readonly Origin[] {
    const module = this.#modules.at(path);
    if (!module) return [];
    for (const first of [[], ['default']]) {
      const all = [...first, ...keys];
      for (let length = all.length; length >= 0; length -= 1) {
        const found = this.#origins.exportOf(module, all.slice(0, length));
        const called = found.find((origin) => origin.kind === 'code' && isFunction(origin.node));
        if (called?.kind === 'code' && isFunction(called.node))
          return this.#origins.returned(called.node, called.scope, [], all.slice(length));
        if (length === all.length && found.length > 0 && found.some(({ kind }) => kind !== 'module')) return found;
      }
    }
    return this.#origins.exportOf(module, keys);
  }

  #tree(end: ProgramResult, path: string): ValueTree {
    const shown = shownPath(path, this.#context.environment.directory);
    const environment = { ...this.#dotenv(), ...end.environment };
    return new ValueTree({
      origins: this.#origins,
      conceal: new Concealer(environment),
      missing: new Set(end.missing),
      shown,
    });
  }

  /** Variables of the `.env` files beside the service: a program may read them without setting them. */
  #dotenv(): Readonly<Record<string, string>> {
    if (this.#variables) return this.#variables;
    const { disk } = this.#context;
    const found: Record<string, string> = {};
    const names = disk.list(this.#directory).filter(({ name, kind }) => kind === 'file' && /^\.env(?:\.|$)/.test(name));
    for (const { name } of names.slice(0, MOST_DOTENV)) {
      try {
        const file = this.#context.open(join(this.#directory, name));
        for (const [key, value] of readDotenv(file.text, {})) found[`${key}`] = value;
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
      }
    }
    this.#variables = found;
    return found;
  }

  #answered(path: string, keys: readonly string[], answers: Answers) {
    const key = `${path}\0${keys.join('.')}`;
    const known = this.#ends.get(key) ?? this.#broken.get(path);
    if (known) return known;
    const end = this.#ask(path, keys, answers);
    // What cannot be loaded cannot be loaded for another address either.
    const isForAll = end.end === 'failure' && !['threw', 'not-data', 'pending'].includes(end.why);
    if (isForAll) this.#broken.set(path, end);
    else this.#ends.set(key, end);
    return end;
  }

  #ask(path: string, keys: readonly string[], answers: Answers) {
    const variables: Record<string, unknown> = {};
    const properties: Record<string, unknown> = {};
    const given = answers.given();
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const end = this.#run({ kind: 'file', path, directory: this.#directory, keys, variables, properties, ...given });
      if (end.end !== 'question') return end;
      for (const [asked, known, answer] of [
        [end.variables, variables, answers.variable],
        [end.properties, properties, answers.property],
      ] as const) {
        for (const name of asked) {
          const found = answer(name);
          if ('undecided' in found) return { end: 'undecided' as const, reason: found.undecided };
          known[name] = found.value;
        }
      }
    }
    return { end: 'undecided' as const, reason: 'asks for ever more values of the service' };
  }

  #run(task: ProgramTask): ProgramEnd {
    const runner: ProgramRunner | undefined = this.#context.environment.programs;
    this.#runs += 1;
    if (!runner || this.#runs > MOST_RUNS)
      return { ...failed, message: `is needed for more than ${MOST_RUNS} values, each of which would run it again` };
    const end = runner.run(task);
    if (end.end === 'result') this.#modules.note(end.resolved);
    return end;
  }

  #failed(end: Exclude<ProgramEnd, { end: 'question' }> | { end: 'question' }, path: string, asked?: Span): InputError {
    const failure = end.end === 'failure' ? end : { ...failed, why: 'not-data' as const, message: 'exports nothing' };
    const shown = shownPath(path, this.#context.environment.directory);
    return executionFailed(failure, shown, (from) => this.#modules.source(from), asked);
  }
}

const failed = { end: 'failure', why: 'not-started', message: '', places: [], output: [], missing: [] } as const;
const nothing = { keys: [], options: {}, variables: {}, properties: {}, service: {} };

function dig(value: unknown, keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}
