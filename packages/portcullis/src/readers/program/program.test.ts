import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPrograms, type ExecOptions, readWithExec } from '../../../test/support/programs.ts';
import { readFiles } from '../../../test/support/read.ts';
import { at, items, locate, type Node, type Project } from '../../project/index.ts';

let folder = '';
beforeAll(() => {
  folder = buildPrograms();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;

const read = (files: Files, options?: ExecOptions) => readWithExec(folder, files, options);

function ok(files: Files, options?: ExecOptions): Project {
  const { project, errors } = read(files, options);
  expect(errors.map(({ message }) => message)).toEqual([]);
  if (!project) throw new Error('no project');
  return project;
}

/** `GET /x file:line:column`, for each route. */
function routes(project: Project): readonly string[] {
  return project.apis
    .flatMap((api) => api.routes)
    .map((route) => {
      const { file, line, column } = locate(route.span);
      return `${route.method} ${route.path} ${file}:${line}:${column}`;
    })
    .sort();
}

function custom(project: Project | undefined, ...path: readonly (string | number)[]): Node | undefined {
  return at(project?.configuration.find(({ path: [first] }) => first === 'custom')?.node, ...path);
}

/** A value in short: the scalar, or why it is not known. */
function brief(node: Node | undefined): unknown {
  if (node?.kind === 'scalar') return node.value;
  return node?.kind === 'unknown' ? { unknown: node.reason } : node?.kind;
}

const provider = `provider: { name: 'aws', runtime: 'nodejs20.x' }`;
const yml = (...lines: readonly string[]) =>
  [
    'service: x',
    'provider: { name: aws, runtime: nodejs20.x }',
    'custom:',
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n');

// As `serverless create --template aws-nodejs-typescript` writes it, in short.
const template: Files = {
  'serverless.ts': `import type { AWS } from '@serverless/typescript';

import hello from '@functions/hello';

const serverlessConfiguration: AWS = {
  service: 'shop',
  frameworkVersion: '3',
  plugins: ['serverless-esbuild'],
  provider: {
    name: 'aws',
    runtime: 'nodejs20.x',
    apiGateway: { minimumCompressionSize: 1024, shouldStartNameWithService: true },
    environment: { STAGE: '\${sls:stage}' },
  },
  // import the function via paths
  functions: { hello },
  package: { individually: true },
};

module.exports = serverlessConfiguration;
`,
  'tsconfig.json': '{ "extends": "./tsconfig.paths.json", "compilerOptions": { "moduleResolution": "node" } }',
  'tsconfig.paths.json':
    '{ "compilerOptions": { "baseUrl": ".", "paths": { "@functions/*": ["src/functions/*"], "@libs/*": ["src/libs/*"] } } }',
  'src/functions/hello/index.ts': `import schema from './schema';
import { handlerPath } from '@libs/handler-resolver';

export default {
  handler: \`\${handlerPath(__dirname)}/handler.main\`,
  events: [
    {
      http: {
        method: 'post',
        path: 'hello',
        request: { schemas: { 'application/json': schema } },
      },
    },
  ],
};
`,
  'src/functions/hello/schema.ts': `export default { type: "object", properties: { name: { type: 'string' } } } as const;`,
  'src/libs/handler-resolver.ts': `export const handlerPath = (context: string) => {
  return \`\${context.split(process.cwd())[1].substring(1).replace(/\\\\/g, '/')}\`
};`,
};

describe('a service that is a program', () => {
  it('is read as the template of the framework writes it', () => {
    const { project, errors, ran } = read(template);
    expect(errors).toEqual([]);
    expect(ran).toEqual(['serverless.ts']);
    if (!project) throw new Error('no project');
    expect(project.name).toBe('shop');
    expect(routes(project)).toEqual(['POST /hello src/functions/hello/index.ts:8:7']);
    expect(project.functions.map(({ handler }) => handler)).toEqual(['src/functions/hello/handler.main']);
  });

  it('has its variables resolved as in a document', () => {
    const project = ok(
      {
        'serverless.ts': `const name = 'orders';
export default { service: name, ${provider}, functions: {}, custom: {
  a: '\${self:service}-x', b: \`\${name}-\${'$'}{sls:stage}\`, c: '\${self:custom.d.e}', d: { e: 5 }, f: '\${file(./more.yml):g}' } };`,
        'more.yml': 'g: from a file\n',
      },
      { stage: 'live' },
    );
    expect(['a', 'b', 'c', 'f'].map((key) => brief(custom(project, key)))).toEqual([
      'orders-x',
      'orders-live',
      5,
      'from a file',
    ]);
  });

  it.each([
    ['serverless.json', (text: string) => text],
    ['serverless.js', (text: string) => `module.exports = ${text};`],
    ['serverless.cjs', (text: string) => `module.exports = ${text};`],
    ['serverless.mjs', (text: string) => `export default ${text};`],
    ['serverless.ts', (text: string) => `export default ${text};`],
    ['serverless.mts', (text: string) => `export default ${text};`],
  ])('%s gives the same as the document', (name, write) => {
    const service = {
      service: 'orders',
      provider: { name: 'aws', runtime: 'nodejs20.x', environment: { A: '${sls:stage}' }, httpApi: { cors: true } },
      functions: {
        list: {
          handler: 'a.b',
          events: [{ httpApi: 'GET /orders' }, { http: { method: 'get', path: 'o', private: true } }],
        },
      },
      resources: { Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'orders' } } } },
    };
    const text = JSON.stringify(service, null, 2);
    const plain = ({ apis, functions, resources }: Project) =>
      JSON.stringify({ apis, functions, resources: [...resources.keys()] }, (key, value: unknown) =>
        key === 'span' || key === 'keySpan' || key === 'file' ? undefined : value,
      );
    const document = readFiles({ 'serverless.yml': text }).project;
    const found = name.endsWith('json') ? readFiles({ [name]: text }).project : ok({ [name]: write(text) });
    if (!document || !found) throw new Error('no project');
    expect(plain(found)).toBe(plain(document));
    const lines = (project: Project) => routes(project).map((route) => route.replace(/ [^ ]*:(\d+):(\d+)$/, ' $1'));
    expect(lines(found)).toEqual(lines(document));
  });

  it('is not run unless somebody asked for it', () => {
    const { project, errors } = readFiles({ 'serverless.ts': 'export default {}' });
    expect(project).toBeUndefined();
    expect(errors.map(({ code, details }) => [code, details.next.includes('--exec')])).toEqual([
      ['NEEDS_EXECUTION', true],
    ]);
  });

  it.each([
    [
      'export default { service: undefinedThing }',
      'EXECUTION_FAILED',
      'throws ReferenceError: undefinedThing is not defined',
      'serverless.ts:1:27',
    ],
    [
      'import x from "not-installed"; export default { x }',
      'EXECUTION_FAILED',
      "throws Error: Cannot find module 'not-installed'",
      'serverless.ts:1:15',
    ],
    ['export default { a: : 1 }', 'EXECUTION_FAILED', 'cannot be loaded: Unexpected ":"', 'serverless.ts:1:21'],
    [
      'console.log("hello"); process.exit(3)',
      'EXECUTION_FAILED',
      'ends by itself (exit code 3) before it has exported anything; it printed last: hello',
      undefined,
    ],
    [
      'export default { service: "x" }',
      'NOTHING_TO_CHECK',
      'has no `provider` and no `functions`',
      'serverless.ts:1:16',
    ],
  ])('%s is an error with its place', (text, code, message, place) => {
    const { project, errors } = read({ 'serverless.ts': text });
    expect(project).toBeUndefined();
    const [error] = errors;
    expect(errors).toHaveLength(1);
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(`serverless.ts ${message}`);
    const location = error?.location;
    expect(location && `${location.file}:${location.line}:${location.column}`).toBe(place);
    expect(error?.details.next).toMatch(/^[A-Z].*\.$/);
  });

  it('says where an error in another module is', () => {
    const { errors } = read({
      'serverless.ts': `import { f } from './lib/f';\nexport default f();`,
      'lib/f.ts': `interface A { b: string }\n\nexport const f = () => {\n  throw new Error('no');\n};`,
    });
    expect(errors.map(({ location }) => location && `${location.file}:${location.line}`)).toEqual(['lib/f.ts:4']);
  });
});

describe('values of the environment', () => {
  const text = `export default { service: 'x', ${provider}, functions: {}, custom: {
    stage: process.env.STAGE_NAME, password: process.env.DB_PASSWORD, url: 'postgres://u:' + process.env.DB_PASSWORD + '@h', none: process.env.AWS_SECRET_ACCESS_KEY ?? 'none',
    ['key-' + process.env.DB_PASSWORD]: 1 } };`;
  it('that were not given leave the items of a list undecided, and the list when they decide a spread', () => {
    const project = ok({
      'serverless.ts': `const off = process.env.PC_OFF === '1';\nexport default { service: 'x', ${provider}, functions: {}, custom: {
    list: [{ v: 'a' }, { v: off ? 'b' : 'c' }, ...(process.env.PC_MORE ? [{}] : []), { v: off ? 'e' : 'f' }, { v: 'g' }] } };`,
    });
    const unknown = (name: string) => ({
      unknown: `comes from the environment variable ${name}, which the program was not given (--exec-env ${name})`,
    });
    expect(items(custom(project, 'list')).map((item) => brief(at(item, 'v') ?? item))).toEqual([
      'a',
      unknown('PC_OFF'),
      unknown('PC_OFF'),
      'g',
      unknown('PC_MORE'),
    ]);
  });

  const variables = {
    PATH: process.env['PATH'],
    STAGE_NAME: 'blue',
    DB_PASSWORD: 'sesame-77-open',
    AWS_SECRET_ACCESS_KEY: 'x',
  };

  it('are used when they are plainly settings', () => {
    const project = ok({ 'serverless.ts': text }, { variables, pass: ['STAGE_NAME', 'DB_PASSWORD'] });
    const secret = { unknown: 'comes from the environment variable DB_PASSWORD, which may be a secret' };
    expect(['stage', 'password', 'url', 'none'].map((key) => brief(custom(project, key)))).toEqual([
      'blue',
      secret,
      secret,
      'none',
    ]);
    expect(
      JSON.stringify(project.configuration, (key, value: unknown) => (key === 'file' ? undefined : value)),
    ).not.toContain('sesame');
  });

  it('are not used either when the program reads them from a file', () => {
    const project = ok({
      'serverless.js': `for (const line of require('fs').readFileSync(__dirname + '/.env', 'utf8').split('\\n')) { const [k, v] = line.split('='); if (v) process.env[k] = v; }
module.exports = { service: 'x', ${provider}, functions: {}, custom: { password: process.env.DB_PASSWORD, region: process.env.REGION } };`,
      '.env': 'DB_PASSWORD=sesame-77-open\nREGION=eu-west-1\n',
    });
    expect(['password', 'region'].map((key) => brief(custom(project, key)))).toEqual([
      { unknown: 'comes from the environment variable DB_PASSWORD, which may be a secret' },
      'eu-west-1',
    ]);
  });
});

describe('values that depend on variables the program was not given', () => {
  const text = `const { ARN, WANTED } = process.env;
const bucket = process.env.BUCKET;
module.exports = { service: 'x', ${provider}, functions: {}, custom: {
  dropped: process.env.ARN, named: ARN, second: bucket, text: \`x-\${process.env.ARN}\`, joined: 'a' + bucket,
  condition: process.env.BUCKET ? { name: process.env.BUCKET } : null,
  fallback: process.env.STAGE || 'dev', other: bucket ?? 'b', list: [process.env.ARN],
  branch: process.env.OFFLINE ? { a: 1 } : { b: 2 }, given: WANTED, plain: 'p', inner: { arn: process.env['ARN'] } } };`;

  it('are not decided, and the reason says what to pass', () => {
    const project = ok({ 'serverless.js': text }, { variables: { ...process.env, WANTED: 'blue' }, pass: ['WANTED'] });
    const unknown = (name: string) => ({
      unknown: `comes from the environment variable ${name}, which the program was not given (--exec-env ${name})`,
    });
    const keys = ['dropped', 'named', 'second', 'text', 'joined', 'condition', 'fallback', 'other', 'given', 'plain'];
    expect(Object.fromEntries(keys.map((key) => [key, brief(custom(project, key))]))).toEqual({
      dropped: unknown('ARN'),
      named: unknown('ARN'),
      second: unknown('BUCKET'),
      text: unknown('ARN'),
      joined: unknown('BUCKET'),
      condition: unknown('BUCKET'),
      fallback: 'dev',
      other: 'b',
      given: 'blue',
      plain: 'p',
    });
    expect(brief(custom(project, 'branch', 'b'))).toBe(2);
    expect(brief(custom(project, 'inner', 'arn'))).toEqual(unknown('ARN'));
  });

  it('a program that insists on one says which', () => {
    const { errors } = read({
      'serverless.ts': `if (!process.env.ACCOUNT_ID) throw new Error('missing');\nexport default {};`,
    });
    expect(errors.map(({ details }) => details.next)).toEqual([
      'Pass the environment variable that the program asks for: --exec-env ACCOUNT_ID.',
    ]);
  });
});

describe('file(x.js)', () => {
  it('stands for what the program exports', () => {
    const files: Files = {
      'serverless.yml': yml(
        'all: ${file(./config.js)}',
        'key: ${file(./config.js):table.name}',
        'made: ${file(./config.js):make}',
        'inner: ${file(./config.js):make.b}',
        'other: ${self:custom.all.table.name}',
        'fallback: ${file(./config.js):nothing, "f"}',
        'list: ${file(./list.cjs)}',
        'module: ${file(./m.mjs):thing}',
        'module2: ${file(./m.mjs):d}',
        'typescript: ${file(./t.ts):thing}',
        'in-text: x-${file(./config.js):table.name}',
      ),
      'config.js': `const table = { name: 'orders-\${sls:stage}' };\nmodule.exports = { table, make: () => ({ a: 1, b: 'made' }) };`,
      'list.cjs': 'module.exports = [1, 2];',
      'm.mjs': `export const thing = 'm';\nexport default { d: 'default' };`,
      't.ts': 'export const thing: string = "t";',
    };
    const { project, errors, ran } = read(files);
    expect(errors.map(({ message }) => message)).toEqual([]);
    const values = ['key', 'inner', 'other', 'fallback', 'module', 'module2', 'typescript', 'in-text'];
    expect(values.map((key) => brief(custom(project, key)))).toEqual([
      'orders-dev',
      'made',
      'orders-dev',
      'f',
      'm',
      'default',
      't',
      'x-orders-dev',
    ]);
    expect(brief(custom(project, 'made', 'a'))).toBe(1);
    expect(brief(custom(project, 'list', 1))).toBe(2);
    const place = (...path: readonly (string | number)[]) => {
      const node = custom(project, ...path);
      if (!node) throw new Error('nothing');
      const { file, line, column } = locate(node.span);
      return `${file}:${line}:${column}`;
    };
    expect(place('all', 'table', 'name')).toBe('config.js:1:23');
    expect(place('made', 'b')).toBe('config.js:2:51');
    expect(place('list', 1)).toBe('list.cjs:1:22');
    expect(place('module')).toBe('m.mjs:1:22');
    // The plain exports of one file are one run.
    expect(ran.filter((path) => path === 'config.js').length).toBeLessThan(5);
  });

  it('gives functions the values of the service', () => {
    const project = ok(
      {
        'serverless.yml': yml(
          'name: ${self:service}-n',
          'v3: ${file(./v3.js)}',
          'v2: ${file(./v2.js):hello}',
          'nested: ${file(./nested.js)}',
          'settings: { a: { b: "${sls:stage}" } }',
        ),
        'v3.js': `module.exports = async ({ options, resolveVariable, resolveConfigurationProperty }) => {
  const name = await resolveVariable('self:custom.name');
  const [service, stage] = await Promise.all([resolveConfigurationProperty(['service']), resolveVariable('sls:stage')]);
  return [name, service, stage, options.stage].join(' ');
};`,
        'v2.js': `module.exports.hello = (serverless) => serverless.service.provider.stage + ' ' + serverless.service.service;`,
        'nested.js': `module.exports = async ({ resolveConfigurationProperty }) => (await resolveConfigurationProperty(['custom', 'settings'])).a.b;`,
      },
      { stage: 'live' },
    );
    expect(['v3', 'v2', 'nested'].map((key) => brief(custom(project, key)))).toEqual([
      'x-n x live live',
      'live x',
      'live',
    ]);
  });

  it('is undecided where a function asks for what the files do not decide', () => {
    const project = ok({
      'serverless.yml': yml('a: ${file(./a.js):x}'),
      'a.js': `module.exports.x = async ({ resolveVariable }) => (await resolveVariable('ssm:/a/b')) + '!';`,
    });
    expect(brief(custom(project, 'a'))).toEqual({
      unknown: 'is made by ./a.js from a value that comes from Parameter Store when it is deployed',
    });
  });

  it('is one error where it cannot be run, and the rest is read', () => {
    const { project, errors } = read({
      'serverless.yml': yml('a: ${file(./a.js):x}', 'b: ${file(./a.js):y}', 'c: ${file(./c.js):z}', 'd: d'),
      'a.js': 'const x = ;',
      'c.js': 'module.exports = {};',
    });
    expect(errors.map(({ code, location }) => [code, location?.file, location?.line])).toEqual([
      ['EXECUTION_FAILED', 'a.js', 1],
      ['VARIABLE_UNRESOLVED', 'serverless.yml', 6],
    ]);
    expect(['a', 'b', 'd'].map((key) => brief(custom(project, key)))).toEqual([
      { unknown: 'is made by ./a.js, which could not be run' },
      { unknown: 'is made by ./a.js, which could not be run' },
      'd',
    ]);
  });

  it('that asks for itself is a circle, not an endless run', () => {
    const { errors } = read({
      'serverless.yml': yml('a: ${file(./a.js)}'),
      'a.js': `module.exports = ({ resolveVariable }) => resolveVariable('self:custom.a');`,
    });
    expect(errors.map(({ code }) => code)).toEqual(['CIRCULAR_FILE']);
  });

  it('is undecided without --exec, and the reason names it', () => {
    const { project, errors } = readFiles({
      'serverless.yml': yml('a: ${file(./a.js):x}'),
      'a.js': 'module.exports = {}',
    });
    expect(errors).toEqual([]);
    expect(brief(custom(project, 'a'))).toEqual({
      unknown: 'is made by code (./a.js), which check runs only with --exec',
    });
  });

  it('does not lead out of the project', () => {
    const { errors, ran } = read({ 'serverless.yml': yml('a: ${file(../../../etc/a.js):x}') });
    expect(errors.map(({ code }) => code)).toEqual(['OUTSIDE_PROJECT']);
    expect(ran).toEqual([]);
  });
});

describe('programs that are written to break the reader', () => {
  const service = (rest: string) => `${rest}\nmodule.exports = { service: 'x', ${provider}, functions: {}, custom };`;
  it.each<readonly [string, string]>([
    ['names in circles', `var a = b, b = a; const custom = { a, c: (() => { var c = d, d = c; return 1 })() };`],
    ['functions in circles', 'const f = (n) => n > 0 ? { f: f(n - 1), g: f(n - 1) } : {}; const custom = f(8);'],
    [
      'many branches',
      `const t = false; const custom = { a: ${Array.from({ length: 300 }, (_, i) => `t ? { k${i}: ${i} } :`).join(' ')} { last: 1 } };`,
    ],
    [
      'spreads of spreads',
      `const s0 = { a: 1 };\n${Array.from({ length: 200 }, (_, i) => `const s${i + 1} = { ...s${i}, ...s${i} };`).join('\n')}\nconst custom = s200;`,
    ],
    [
      'deep members',
      `const custom = {};\nlet o = custom;\nfor (let i = 0; i < 150; i++) { o.a = {}; o = o.a; }\ncustom${'.a'.repeat(100)} = { end: 1 };`,
    ],
    [
      'many assignments',
      `const custom = {};\n${Array.from({ length: 3000 }, (_, i) => `custom.k${i} = custom.k${i - 1} || ${i};`).join('\n')}`,
    ],
    [
      'a large object',
      `const custom = {\n${Array.from({ length: 20_000 }, (_, i) => `k${i}: { a: ['v${i}'] },`).join('\n')}\n};`,
    ],
    [
      'keys of prototypes',
      `const custom = JSON.parse('{"__proto__": {"a": 1}, "constructor": {"b": 2}, "toString": 3}');`,
    ],
    [
      'a mistake that Babel sees and Node.js does not run',
      'const custom = { a: 1 }; function f() { "use strict"; return 010n === 8n }'.replace('010n === 8n', '1'),
    ],
  ])('%s', (_name, text) => {
    const { project, errors } = read({ 'serverless.js': service(text) });
    expect(errors).toEqual([]);
    expect(custom(project)?.kind).toBe('map');
    const check = (node: Node): void => {
      expect(node.span.end).toBeLessThanOrEqual(node.span.file.text.length);
      if (node.kind === 'map') for (const { value } of node.entries.slice(0, 50)) check(value);
    };
    const root = custom(project);
    if (root) check(root);
  });

  it('refuses a configuration that nests too deeply', () => {
    const { errors } = read({
      'serverless.js': service(
        'const custom = {}; let o = custom; for (let i = 0; i < 400; i++) { o.a = {}; o = o.a; }',
      ),
    });
    expect(errors.map(({ code }) => code)).toEqual(['TOO_DEEP']);
  });
});
