import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPrograms, projectOnDisk } from '../../test/support/programs.ts';
import type { ProgramEnd, ProgramTask } from '../project/index.ts';
import { createRunner, type RunnerSettings } from './index.ts';

let folder = '';
beforeAll(() => {
  folder = buildPrograms();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Setting extends Partial<RunnerSettings> {
  readonly task?: Partial<ProgramTask>;
  /** After it has run, before its files are gone. */
  readonly after?: (path: string) => void;
}

function exec(files: Readonly<Record<string, string>>, { task, after, ...settings }: Setting = {}): ProgramEnd {
  const { path, remove } = projectOnDisk(files);
  try {
    const [first = ''] = Object.keys(files);
    const runner = createRunner({
      folder,
      variables: process.env,
      pass: [],
      seconds: 20,
      unfenced: false,
      onRun: () => undefined,
      ...settings,
    });
    const end = runner.run({
      kind: 'service',
      path: join(path, first),
      directory: path,
      keys: [],
      options: {},
      variables: {},
      properties: {},
      service: {},
      ...task,
    });
    after?.(path);
    return end;
  } finally {
    remove();
  }
}

const value = (end: ProgramEnd): unknown => {
  if (end.end !== 'result') throw new Error(JSON.stringify(end));
  return end.value === undefined ? undefined : JSON.parse(end.value);
};

const failure = (end: ProgramEnd) => {
  if (end.end !== 'failure') throw new Error(JSON.stringify(end));
  return end;
};

describe('what a program exports', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, unknown]>([
    ['CommonJS', { 'a.js': 'module.exports = { a: 1 }' }, { a: 1 }],
    ['.cjs', { 'a.cjs': 'module.exports = { a: 1 }' }, { a: 1 }],
    ['.mjs', { 'a.mjs': 'export default { a: await Promise.resolve(1) }' }, { a: 1 }],
    ['a module by package.json', { 'a.js': 'export default { a: 1 }', 'package.json': '{"type":"module"}' }, { a: 1 }],
    ['a promise', { 'a.js': 'module.exports = Promise.resolve({ a: 1 })' }, { a: 1 }],
    ['TypeScript', { 'a.ts': 'const a: number = 1; export default { a }' }, { a: 1 }],
    ['TypeScript with module.exports', { 'a.ts': 'type A = 1; const a: A = 1; module.exports = { a }' }, { a: 1 }],
    [
      '.mts and .cts',
      { 'a.mts': 'import b = require("./b.cts"); export default { a: b }', 'b.cts': 'const b: number = 1; export = b' },
      { a: 1 },
    ],
    [
      'its own folder',
      {
        'a.ts': 'import { b } from "./lib/b"; export default { b }',
        'lib/b.ts':
          'import { basename } from "node:path"; export const b = [basename(__dirname), basename(__filename), import.meta.url.endsWith("/lib/b.ts"), basename(import.meta.dirname)]',
      },
      { b: ['lib', 'b.ts', true, 'lib'] },
    ],
    ['the folder of the service', { 'a.js': 'module.exports = { same: process.cwd() === __dirname }' }, { same: true }],
    [
      'import()',
      {
        'a.ts': 'export default (async () => ({ a: (await import("./b")).b }))()',
        'b.ts': 'export const b: number = 1',
      },
      { a: 1 },
    ],
    ['JSON', { 'a.ts': 'import b from "./b.json"; export default { a: b.c }', 'b.json': '{"c":1}' }, { a: 1 }],
    [
      'packages: CommonJS',
      { 'a.ts': 'import { b } from "p"; export default { a: b }', 'node_modules/p/index.js': 'exports.b = 1' },
      { a: 1 },
    ],
    [
      'packages: ES modules only',
      {
        'a.ts': 'import { b } from "p"; export default { a: b }',
        'node_modules/p/package.json': '{"type":"module","exports":{"import":"./m.js"}}',
        'node_modules/p/m.js': 'import { c } from "./n.js"; export const b = c;',
        'node_modules/p/n.js': 'export const c = 1',
      },
      { a: 1 },
    ],
    [
      'packages of a workspace',
      {
        'app/a.ts': 'import { b } from "@w/lib"; export default { a: b }',
        'app/tsconfig.json': '{"compilerOptions":{"paths":{"@w/lib":["../lib/src"]}}}',
        'lib/src/index.ts': 'export const b: number = 1',
      },
      { a: 1 },
    ],
    [
      'type imports that lead nowhere',
      {
        'a.ts':
          'import type { X } from "nowhere"; import { Y } from "nowhere"; const a: X & Y = 1 as never; export default { a }',
      },
      { a: 1 },
    ],
    [
      'decorators, enums, namespaces',
      { 'a.ts': 'enum E { A = "x" } namespace N { export const b = 2 } export default { a: E.A, b: N.b }' },
      { a: 'x', b: 2 },
    ],
    [
      'JavaScript with imports beside TypeScript',
      { 'a.ts': 'import { b } from "./b.js"; export default { a: b }', 'b.js': 'export const b = 1' },
      { a: 1 },
    ],
    [
      'what JSON keeps',
      {
        'a.js':
          'module.exports = { d: new Date(0), f() {}, s: Symbol("x"), u: undefined, n: NaN, t: { toJSON: () => "t" }, i: new (class { x = 1 })() }',
      },
      { d: '1970-01-01T00:00:00.000Z', n: null, t: 't', i: { x: 1 } },
    ],
    [
      'keys of prototypes',
      { 'a.js': 'module.exports = JSON.parse(\'{"__proto__":{"a":1},"constructor":2}\')' },
      JSON.parse('{"__proto__":{"a":1},"constructor":2}'),
    ],
    [
      'printing does not matter',
      {
        'a.js':
          'console.log("{}\\n".repeat(1000)); console.error("x"); process.stdout.write("{\\"verdict\\":1}\\n"); module.exports = { a: 1 }',
      },
      { a: 1 },
    ],
    [
      'what goes on afterwards does not matter',
      { 'a.js': 'setInterval(() => {}, 1000); module.exports = { a: 1 }' },
      { a: 1 },
    ],
  ])('%s', (_name, files, expected) => {
    expect(value(exec(files))).toEqual(expected);
  });
});

describe('a program that goes wrong is one failure with its place', () => {
  it.each<readonly [string, string, string, string, string?]>([
    ['a BigInt', 'a.js', 'module.exports = { a: { b: 10n } }', '`a.b` is a BigInt, which is no JSON'],
    ['a cycle', 'a.js', 'const a = {}; a.b = { c: a }; module.exports = a', '`b.c` contains itself'],
    [
      'an instance',
      'a.js',
      'module.exports = new (class { service = 1 })()',
      'exports an instance of a class, not an object with the service',
    ],
    ['a list', 'a.js', 'module.exports = []', 'exports a list, not an object with the service'],
    ['a function', 'a.js', 'module.exports = () => ({})', 'exports a function, not an object with the service'],
    ['nothing', 'a.mjs', 'export default undefined', 'exports nothing, not an object with the service'],
    [
      'a getter that throws',
      'a.js',
      'module.exports = { get a() { throw new Error("no") } }',
      '`a` throws when it is read',
    ],
    [
      'endless nesting',
      'a.js',
      'let o = {}; const r = o; for (let i = 0; i < 30000; i++) o = o.a = {}; module.exports = r',
      'the export is nested too deeply',
    ],
    ['process.exit', 'a.js', 'process.exit(0)', 'ends by itself (exit code 0) before it has exported anything'],
    [
      'an endless top-level await',
      'a.mjs',
      'await new Promise(() => {}); export default {}',
      'waits for something that never happens',
    ],
    [
      'a promise that nobody settles',
      'a.js',
      'module.exports = new Promise(() => {})',
      'waits for something that never happens',
    ],
    ['a signal', 'a.js', 'process.kill(process.pid, "SIGSEGV")', 'was ended by SIGSEGV'],
    [
      'garbage in the channel',
      'a.js',
      'require("fs").writeSync(3, "garbage\\n")',
      'wrote into the channel of its result',
    ],
    [
      'a syntax error',
      'a.js',
      'const x = 1;\nmodule.exports = { a: : 1 }',
      "SyntaxError: Unexpected token ':'",
      'a.js:2:1',
    ],
    [
      'a syntax error in TypeScript',
      'a.ts',
      'const x: number = 1;\nexport default { a: : 1 }',
      'Unexpected ":"',
      'a.ts:2:21',
    ],
    [
      'an error',
      'a.js',
      'module.exports = {\n  a: undefinedThing.b,\n}',
      'ReferenceError: undefinedThing is not defined',
      'a.js:2:6',
    ],
    [
      'an error in TypeScript',
      'a.ts',
      'interface A { b: string }\ntype C = A;\n\nexport default {\n  a: undefinedThing.b,\n}',
      'ReferenceError: undefinedThing is not defined',
      'a.ts:5:6',
    ],
    ['a rejection', 'a.js', 'module.exports = Promise.reject(new Error("no"))', 'Error: no', 'a.js:1:33'],
    ['null thrown', 'a.js', 'throw null', 'throws nothing'],
    ['a proxy thrown', 'a.js', 'throw new Proxy(new Error("x"), { get() { throw 1 } })', 'throws a number'],
    [
      'another program',
      'a.js',
      'require("child_process").execSync("true")',
      'wants to start another program',
      'a.js:1:26',
    ],
    ['writing', 'a.js', 'require("fs").writeFileSync(__dirname + "/evil", "x")', 'wants to write a file', 'a.js:1:15'],
    [
      'a thread',
      'a.js',
      'new (require("worker_threads").Worker)("1", { eval: true })',
      'wants to start a thread',
      'a.js:1:1',
    ],
    [
      'a signal to another process',
      'a.js',
      'process.kill(process.ppid, "SIGUSR1")',
      'wants to send a signal to another process',
    ],
    [
      'a debugger in another process',
      'a.js',
      'process._debugProcess(process.ppid)',
      'wants to send a signal to another process',
    ],
    [
      'a way around that',
      'a.js',
      'try { delete process._kill; process._kill = 1; Object.defineProperty(process, "_kill", { value: 1 }) } catch {} process.kill(process.ppid, 0)',
      'wants to send a signal to another process',
    ],
    ['a package that is not installed', 'a.js', 'require("nope")', "Error: Cannot find module 'nope'", 'a.js:1:1'],
    [
      'an alias that leads nowhere',
      'a.ts',
      'import x from "@libs/x"; export default { x }',
      "Error: Cannot find module '@libs/x'",
      'a.ts:1:15',
    ],
  ])('%s', (...row: readonly (string | undefined)[]) => {
    const [, file = '', text = '', message, place] = row;
    const found = failure(exec({ [file]: text }));
    expect(found.message).toBe(message);
    const [first] = found.places;
    const shown = first && `${first.path.slice(first.path.lastIndexOf('/') + 1)}:${first.line}:${first.column}`;
    if (place !== undefined) expect(shown).toBe(place);
    else expect(found.places.every(({ path }) => !path.endsWith('program.cjs'))).toBe(true);
  });

  it.each([
    ['a loop', 'for (;;) {}'],
    ['a timer', 'setInterval(() => {}, 100); module.exports = new Promise(() => {})'],
  ])('ends %s when its time is over', (_name, text) => {
    expect(failure(exec({ 'a.js': text }, { seconds: 1 }))).toMatchObject({
      why: 'timeout',
      message: 'does not end within 1 seconds',
    });
  });

  it.each([
    [
      'prints without end',
      'const x = "x".repeat(1e6); setInterval(() => { for (let i = 0; i < 9; i++) console.log(x) }, 0); module.exports = new Promise(() => {})',
      'prints more than 16 MB',
    ],
    ['makes too much', 'module.exports = { a: "x".repeat(40e6) }', 'makes a configuration of more than 32 MB'],
  ])('ends what %s', (_name, text, message) => {
    expect(failure(exec({ 'a.js': text })).message).toBe(message);
  });

  it('ends what the program started, too', async () => {
    let child = 0;
    const text = `const { spawn } = require('child_process');
      const c = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      require('fs').writeFileSync(__dirname + '/pid', String(c.pid));
      setInterval(() => {}, 1000); module.exports = new Promise(() => {});`;
    const end = exec(
      { 'a.js': text },
      {
        unfenced: true,
        seconds: 2,
        after: (path) => {
          child = Number(readdirSync(path).includes('pid') && readText(join(path, 'pid')));
        },
      },
    );
    expect(failure(end).why).toBe('timeout');
    expect(child).toBeGreaterThan(1);
    await expect.poll(() => isAlive(child), { timeout: 5000 }).toBe(false);
  });
});

describe('what a program is given and leaves behind', () => {
  const variables = {
    PATH: process.env['PATH'],
    AWS_SECRET_ACCESS_KEY: 'aws-secret',
    GITHUB_TOKEN: 'token',
    npm_config_registry: 'r',
    NODE_OPTIONS: '--no-deprecation',
    STAGE_NAME: 'blue',
    HOME: '/home/somebody',
    LANG: 'C.UTF-8',
  };

  it('has an environment of its own', () => {
    const text = 'module.exports = { env: process.env }';
    const { env } = value(exec({ 'a.js': text }, { variables, pass: ['STAGE_NAME'] })) as {
      env: Record<string, string>;
    };
    expect(Object.keys(env).sort()).toEqual(
      [
        'AWS_EC2_METADATA_DISABLED',
        'HOME',
        'LANG',
        'PATH',
        'STAGE_NAME',
        'TEMP',
        'TMP',
        'TMPDIR',
        'USERPROFILE',
      ].sort(),
    );
    expect(env['HOME']).not.toBe('/home/somebody');
    expect(existsSync(env['HOME'] ?? '')).toBe(false);
  });

  it('may write into its temporary folder', () => {
    const text = `const fs = require('fs'), os = require('os'); fs.writeFileSync(os.tmpdir() + '/x', 'y'); module.exports = { a: fs.readFileSync(os.tmpdir() + '/x', 'utf8'), home: fs.readdirSync(os.homedir()) }`;
    expect(value(exec({ 'a.js': text }))).toEqual({ a: 'y', home: [] });
  });

  it('may do more without the fence', () => {
    const text = `module.exports = { a: require('child_process').execSync('echo hello').toString().trim() }`;
    expect(value(exec({ 'a.js': text }, { unfenced: true }))).toEqual({ a: 'hello' });
  });

  it('says which variables it had and which it made', () => {
    const end = exec(
      { 'a.js': 'process.env.FROM_DOTENV = "x"; module.exports = {}' },
      { variables, pass: ['STAGE_NAME'] },
    );
    expect(end).toMatchObject({ environment: { STAGE_NAME: 'blue', FROM_DOTENV: 'x' } });
  });

  it('leaves no folder behind', () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('portcullis-exec-'));
    const { env } = value(exec({ 'a.js': 'module.exports = { env: process.env }' })) as { env: Record<string, string> };
    expect(before).not.toContain(env['HOME']);
    expect(existsSync(env['TMPDIR'] ?? '')).toBe(false);
  });

  it('knows what it asks for in any way', () => {
    const text =
      'const has = "PC_A" in process.env; process.env.hasOwnProperty("PC_B"); const { PC_C } = process.env; module.exports = { has }';
    const end = exec({ 'a.js': text });
    if (end.end !== 'result') throw new Error(JSON.stringify(end));
    expect(end.missing).toEqual(expect.arrayContaining(['PC_A', 'PC_B', 'PC_C']));
  });

  it.each([
    ['a result', { end: 'result', value: '{}', resolved: [{}], environment: null, missing: 5 }],
    ['a failure', { end: 'failure', why: 5, message: {}, places: [{}], output: 5, missing: 1 }],
    ['nothing', null],
  ])('takes %s that the program itself writes into the channel only in the form that it has', (_name, verdict) => {
    const text = `require("fs").writeSync(3, ${JSON.stringify(JSON.stringify({ verdict }))} + "\\n"); module.exports = {}`;
    expect(failure(exec({ 'a.js': text })).message).toBe('wrote into the channel of its result');
  });

  it('shows its last lines, without secrets', () => {
    const text = `console.log('one'); console.log('password=hunter2hunter'); console.log('https://u:p4ssw0rd@host/x'); console.log('key ' + process.env.SECRET_WORD); console.error('x'.repeat(1000)); console.error('Authorization: Bearer qwertz12'); throw new Error('token: abcdefg and ' + process.env.SECRET_WORD)`;
    const end = failure(
      exec({ 'a.js': text }, { variables: { ...process.env, SECRET_WORD: 'sesame-open' }, pass: ['SECRET_WORD'] }),
    );
    const shown = [end.message, ...end.output].join('\n');
    expect(shown).toContain('one');
    for (const secret of ['hunter2', 'p4ssw0rd', 'sesame', 'abcdefg', 'qwertz12']) expect(shown).not.toContain(secret);
    expect(Math.max(...end.output.map((line) => line.length))).toBeLessThanOrEqual(301);
  });
});

describe('files', () => {
  const file = (text: string, keys: readonly string[], task: Partial<ProgramTask> = {}) =>
    exec({ 'a.js': text }, { task: { kind: 'file', keys, ...task } });

  it.each<readonly [string, string, readonly string[], unknown]>([
    ['all of it', 'module.exports = { a: 1 }', [], { a: 1 }],
    ['a list', 'module.exports = [1]', [], [1]],
    ['a text', 'module.exports = "x"', [], 'x'],
    ['a key', 'module.exports = { a: { b: 2 } }', ['a', 'b'], 2],
    ['a function', 'module.exports = () => ({ a: 1 })', [], { a: 1 }],
    ['a key of what a function returns', 'module.exports = async () => ({ a: { b: 2 } })', ['a', 'b'], 2],
    ['a function behind a key', 'module.exports.a = () => ({ b: 2 })', ['a', 'b'], 2],
    ['a promise behind a key', 'module.exports.a = Promise.resolve({ b: 2 })', ['a', 'b'], 2],
    ['nothing behind a key', 'module.exports = { a: 1 }', ['b', 'c'], undefined],
    ['null', 'module.exports = { a: null }', ['a'], undefined],
    ['options', 'module.exports = ({ options }) => options.stage', [], 'dev'],
    [
      'functions of v1 and v2',
      'module.exports.a = (sls) => { sls.cli.consoleLog("x"); return sls.service.provider.region + sls.processedInput.options.stage + sls.variables.options.stage }',
      ['a'],
      'eu-west-1devdev',
    ],
  ])('%s', (_name, text, keys, expected) => {
    const end = file(text, keys, { options: { stage: 'dev' }, service: { provider: { region: 'eu-west-1' } } });
    expect(value(end)).toEqual(expected);
  });

  it('asks for what it was not given, all at once', () => {
    const text = `module.exports = async ({ resolveVariable, resolveConfigurationProperty }) => {
      const [a, b] = await Promise.all([resolveVariable('self:a'), resolveConfigurationProperty(['b', 'c'])]);
      return a + b;
    }`;
    expect(file(text, [])).toEqual({ end: 'question', variables: ['self:a'], properties: ['b.c'] });
    expect(value(file(text, [], { variables: { 'self:a': 1 }, properties: { 'b.c': 2 } }))).toBe(3);
  });
});

it('does not outlive Portcullis', async () => {
  const { path, remove } = projectOnDisk({
    'a.js': 'require("fs").writeFileSync(require("os").tmpdir() + "/../pid", String(process.pid)); for (;;) {}',
  });
  try {
    // A process in the middle, which waits for the supervisor as Portcullis does and is then killed.
    const order = {
      task: {
        kind: 'service',
        path: join(path, 'a.js'),
        directory: path,
        keys: [],
        options: {},
        variables: {},
        properties: {},
        service: {},
      },
      program: join(folder, 'program.cjs'),
      flags: [],
      environment: { PATH: process.env['PATH'] ?? '', TMPDIR: join(path, '.git') },
      milliseconds: 60_000,
    };
    const middle = spawn(process.execPath, [
      '-e',
      `require('child_process').spawnSync(process.execPath, [${JSON.stringify(join(folder, 'supervisor.cjs'))}], { input: ${JSON.stringify(JSON.stringify(order))} })`,
    ]);
    await expect
      .poll(() => existsSync(join(path, 'pid')) && readText(join(path, 'pid')) !== '', { timeout: 10_000 })
      .toBe(true);
    const program = Number(readText(join(path, 'pid')));
    expect(isAlive(program)).toBe(true);
    middle.kill('SIGKILL');
    await expect.poll(() => isAlive(program), { timeout: 10_000 }).toBe(false);
  } finally {
    remove();
  }
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}
