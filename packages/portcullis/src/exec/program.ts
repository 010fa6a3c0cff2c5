import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import type { ProgramFailure, ProgramTask } from '../project/index.ts';
import { conclude, hear } from './channel.ts';
import { installHooks, resolved, TranslationError } from './hooks.ts';
import { NotData, toJson } from './serialize.ts';
import { keepSignalsInside } from './signals.ts';

/** Loads a program of the project inside its own process and says what it exports. Everything here may be changed by that program. */

const task = hear() as ProgramTask;
const given = { ...process.env };
/** What it asks of its environment and does not get: a value that depends on it is not decided. */
const missing = new Set<string>();
/** Names that it only asked whether they are there: what reads `.env` files does so before it sets them. */
const tested = new Set<string>();
const MOST_MISSING = 1000;
const isTypeScript = /\.[cm]?tsx?$/.test(task.path);

void main();

async function main(): Promise<void> {
  keepSignalsInside();
  watchEnvironment();
  installHooks(isTypeScript);
  // The event loop is empty, and the promise that everything waits for can no longer be settled.
  process.on('beforeExit', () => conclude(failure('pending', 'waits for something that never happens')));
  process.on('uncaughtException', (error) => conclude(describe(error)));
  process.on('unhandledRejection', (error) => conclude(describe(error)));
  try {
    const exported = await load();
    if (task.kind === 'service') concludeService(exported);
    else await concludeFile(exported);
  } catch (error) {
    conclude(describe(error));
  }
}

function watchEnvironment(): void {
  const note = (name: string | symbol, names = missing) => {
    if (typeof name === 'string' && names.size < MOST_MISSING) names.add(name);
  };
  const { env } = process;
  process.env = new Proxy(env, {
    get: (target, name, receiver) => {
      if (!Reflect.has(target, name)) note(name);
      return Reflect.get(target, name, receiver) as string | undefined;
    },
    // `'CI' in process.env` and `process.env.hasOwnProperty('CI')` ask as well.
    has: (target, name) => {
      const is = Reflect.has(target, name);
      if (!is) note(name, tested);
      return is;
    },
    getOwnPropertyDescriptor: (target, name) => {
      const described = Reflect.getOwnPropertyDescriptor(target, name);
      if (!described) note(name, tested);
      return described;
    },
  });
}

/** As the framework loads it: `require` for CommonJS and TypeScript, of which the default export counts; `import` for .mjs. */
async function load(): Promise<unknown> {
  const { path } = task;
  if (extname(path) === '.mjs') return await import(pathToFileURL(path).href);
  try {
    return createRequire(path)(path) as unknown;
  } catch (error) {
    // Node.js before 20.19 cannot require what package.json calls a module.
    if ((error as NodeJS.ErrnoException | null)?.code !== 'ERR_REQUIRE_ESM' || isTypeScript) throw error;
    return await import(pathToFileURL(path).href);
  }
}

/** Of an ES module, or of what was one before it was translated, the default export. */
function defaultOf(exported: unknown): unknown {
  if (!isObject(exported)) return exported;
  if (types.isModuleNamespaceObject(exported)) return 'default' in exported ? exported['default'] : exported;
  return isTypeScript || exported['__esModule'] === true ? exported['default'] || exported : exported;
}

function concludeService(exported: unknown): void {
  void Promise.resolve(defaultOf(exported))
    .then((configuration) => {
      if (!isObject(configuration) || !isPlain(configuration))
        throw new NotData(`exports ${nameOf(configuration)}, not an object with the service`);
      finish(toJson(configuration), undefined);
    })
    .catch((error: unknown) => conclude(describe(error)));
}

/** Follows the address as the framework does: the first function on the way is called, a promise is awaited. */
async function concludeFile(exported: unknown): Promise<void> {
  let called = false;
  const call = async (value: unknown): Promise<unknown> => {
    if (typeof value !== 'function' || called) return await value;
    called = true;
    return await (value as (context: unknown) => unknown)(await context());
  };
  let [first] = task.keys;
  let content: unknown = exported;
  // `export const key` and `export default { key }` are both meant by `${file(x.mjs):key}`.
  if (!isObject(exported) || first === undefined || !(first in exported)) content = defaultOf(exported);
  content = await call(content);
  const whole = isObject(content) && !called ? tryJson(content) : called ? toJson(content) : undefined;
  let value = content;
  for (const key of task.keys) {
    first = undefined;
    if (value === null || value === undefined) break;
    value = Object(value)[key] as unknown;
    value = await call(value);
  }
  finish(value === null || value === undefined ? undefined : toJson(value), whole);
}

function tryJson(value: unknown): string | undefined {
  try {
    return toJson(value);
  } catch {
    return undefined;
  }
}

/**
 * What functions are given: since v3 `{options, resolveVariable, resolveConfigurationProperty}`, before that the framework itself, of
 * which the parts are here that such functions use.
 */
async function context(): Promise<object> {
  const options = { ...task.options };
  const service = isObject(task.service) ? task.service : {};
  const silent = () => undefined;
  return {
    options,
    resolveVariable: (address: unknown) => answer(task.variables, String(address), 'variables'),
    resolveConfigurationProperty: (keys: unknown) =>
      answer(task.properties, Array.isArray(keys) ? keys.join('.') : String(keys), 'properties'),
    service: {
      ...service,
      getServiceName: () => service['service'],
      getAllFunctions: () => Object.keys(Object(service['functions'])),
    },
    variables: { options, service },
    processedInput: { options, commands: ['package'] },
    pluginManager: { cliOptions: options, cliCommands: ['package'] },
    config: { servicePath: task.directory, serviceDir: task.directory },
    configurationInput: service,
    serviceDir: task.directory,
    cli: { log: silent, consoleLog: silent, warn: silent },
  };
}

const questions = { variables: new Set<string>(), properties: new Set<string>() };
let asking = false;

/** What was not given is asked for by ending: the program then runs again with the answer. What it asks at once is asked at once. */
function answer(
  known: Readonly<Record<string, unknown>>,
  name: string,
  kind: keyof typeof questions,
): Promise<unknown> {
  if (Object.hasOwn(known, name)) return Promise.resolve(known[name]);
  questions[kind].add(name);
  if (!asking) {
    asking = true;
    setImmediate(() =>
      conclude({ end: 'question', variables: [...questions.variables], properties: [...questions.properties] }),
    );
  }
  return new Promise(() => undefined);
}

function finish(value: string | undefined, whole: string | undefined): void {
  const environment: Record<string, string> = {};
  for (const [name, text] of Object.entries(process.env))
    if (text !== undefined && given[name] !== text) environment[name] = text;
  for (const name of tested) if (process.env[name] === undefined) missing.add(name);
  conclude({ end: 'result', value, whole, resolved, environment, missing: [...missing] });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** As the framework decides it: a literal, or what was made without a prototype. Not an instance, a list or a date. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || types.isModuleNamespaceObject(value)) return true;
  return (
    Object.prototype.toString.call(value) === '[object Object]' && Object.getPrototypeOf(prototype as object) === null
  );
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' ? 'an instance of a class' : `a ${typeof value}`;
}

function failure(why: ProgramFailure['why'], message: string): ProgramFailure {
  return { end: 'failure', why, message, places: [], output: [], missing: [...missing] };
}

/** Never throws, whatever was thrown: a number, a proxy, an error whose message throws. */
function describe(error: unknown): ProgramFailure {
  try {
    if (error instanceof NotData) return failure('not-data', error.message);
    if (error instanceof TranslationError) return { ...failure('syntax', error.message), places: [error.place] };
    if (!(error instanceof Error))
      return failure('threw', `throws ${typeof error === 'string' ? `"${error}"` : nameOf(error)}`);
    const { code, permission } = error as { code?: unknown; permission?: unknown };
    const stack = String(error.stack ?? '');
    const [line = ''] = String(error.message).split('\n', 1);
    const why =
      code === 'ERR_ACCESS_DENIED' || code === 'ERR_DLOPEN_DISABLED'
        ? 'denied'
        : error instanceof SyntaxError
          ? 'syntax'
          : 'threw';
    const message = why === 'denied' ? deniedWhat(permission) : `${String(error.name)}: ${line}`;
    return { ...failure(why, message), places: placesIn(stack) };
  } catch {
    return failure('threw', 'throws something that cannot be shown');
  }
}

function deniedWhat(permission: unknown): string {
  if (permission === 'ChildProcess') return 'wants to start another program';
  if (permission === 'FileSystemWrite') return 'wants to write a file';
  if (permission === 'WorkerThreads') return 'wants to start a thread';
  if (permission === 'Signal') return 'wants to send a signal to another process';
  return 'wants to do what programs of a configuration may not do';
}

/** Frames in files, the innermost first; the head of a syntax error has no column. */
function placesIn(stack: string): ProgramFailure['places'] {
  const places: { path: string; line: number; column: number }[] = [];
  for (const line of stack.split('\n').slice(0, 60)) {
    const match = /(?:^|[( ])((?:file:\/\/)?\/[^()\n]{1,1000}?):(\d{1,9})(?::(\d{1,9}))?\)?$/.exec(line.slice(0, 1200));
    const [, path, row, column = '1'] = match ?? [];
    if (path === undefined || path === __filename) continue;
    places.push({
      path: path.startsWith('file://') ? decodeURIComponent(new URL(path).pathname) : path,
      line: Number(row),
      column: Number(column),
    });
  }
  return places.slice(0, 30);
}
