import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MemoryOptions, memoryContext } from '../../../test/support/memory-disk.ts';
import { at, type InputError, type Node } from '../../project/index.ts';
import { type LoadedService, loadService } from './load.ts';

function load(files: string | Record<string, string>, options?: MemoryOptions): LoadedService {
  const context = memoryContext(typeof files === 'string' ? { 'serverless.yml': files } : files, options);
  return loadService(context.open('/project/serverless.yml'), '/project/serverless.yml', context);
}

/** Decided values as JSON; an undecided one as `?source`, a text in part undecided with `<?source>` in it. */
function plain(node: Node | undefined): unknown {
  if (!node) return undefined;
  if (node.kind === 'map') return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
  if (node.kind === 'list') return node.items.map(plain);
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'text')
    return node.parts.map((part) => (typeof part === 'string' ? part : `<${plain(part)}>`)).join('');
  return node.kind === 'unknown' ? `?${node.source}` : node.kind;
}

function valueOf(service: LoadedService, path: string): unknown {
  return plain(nodeAt(service, path));
}

function nodeAt(service: LoadedService, path: string): Node | undefined {
  return at(service.root, ...path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key)));
}

function codes(service: LoadedService): string[] {
  return service.errors.map(({ code }) => code);
}

function line(node: Node | undefined): string | undefined {
  return node && `${node.span.file.path}:${node.span.file.position(node.span.start).line}`;
}

describe('values of variables', () => {
  const base = `service: orders
provider: { name: aws, stage: "\${opt:stage, 'dev'}", region: eu-west-1 }
params:
  default: { domain: "\${sls:stage}.example.com", level: 1, empty: null, other: default }
  prod: { domain: example.com }
stages:
  prod: { params: { other: of-v4 } }
custom:
  name: orders
  number: 5
  flag: "true"
  nothing: null
  list: [a, { b: c }]
  map: { dev: { x: 1 }, prod: { x: 2 } }
  through: \${self:custom.map.\${self:provider.stage}}
  param: \${ssm:/x}
`;
  const table: [text: string, expected: unknown, options?: MemoryOptions][] = [
    ['${self:service}', 'orders'],
    ['${self:custom.number}', 5],
    ['n-${self:custom.number}', 'n-5'],
    ['${self:custom.list}', ['a', { b: 'c' }]],
    ['${self:custom.list.1.b}', 'c'],
    ['${self:custom.map.${opt:stage, self:provider.stage}.x}', 1],
    ['${self:custom.map.${opt:stage, self:provider.stage}.x}', 2, { stage: 'prod' }],
    ['${self:custom.map.${sls:stage}.x}', 2, { stage: 'prod' }],
    ['${self:custom.through.x}', 1],
    ['${self:custom.through}', { x: 1 }],
    ['${self:provider.stage}', 'prod', { stage: 'prod' }],
    ['${self:custom.missing, self:custom.name}', 'orders'],
    ["${self:custom.missing, 'x'}", 'x'],
    ['${self:custom.missing, "x"}', 'x'],
    ['${self:custom.missing, 1024}', 1024],
    ['${self:custom.missing, true}', true],
    ['${self:custom.missing, null}', null],
    ["${self:custom.missing, ''}", ''],
    ["${self:custom.nothing, 'x'}", 'x'],
    ["${self:custom.name.deeper, 'x'}", 'x'],
    ["${opt:stage, '${self:custom.name}'}", 'orders'],
    ['${opt:stage}', 'dev'],
    ['${opt:region}', 'eu-west-1'],
    ["${opt:verbose, 'no'}", 'no'],
    ['${opt:verbose}', '?opt'],
    ['${env:SET}', 'value', { env: { SET: 'value' } }],
    ["${env:SET, 'x'}", '', { env: { SET: '' } }],
    ["${env:UNSET, 'x'}", 'x'],
    ['${env:UNSET}', '?env'],
    ['a-${env:UNSET}-b', 'a-<?env>-b'],
    ['${env:toString}', '?env'],
    ["${self:custom.toString, 'x'}", 'x'],
    ['${param:domain}', 'dev.example.com'],
    ['${param:domain}', 'example.com', { stage: 'prod' }],
    ['${param:domain}', 'given', { params: { domain: 'given' } }],
    ['${param:level}', 1, { stage: 'prod' }],
    ['${param:other}', 'of-v4', { stage: 'prod' }],
    ["${param:empty, 'x'}", 'x'],
    ['${param:absent}', '?param'],
    ['${strToBool(${self:custom.flag})}', true],
    ['${strToBool(0)}', false],
    ['${strToBool(${env:UNSET})}', '?env'],
    ['${sls:instanceId}', '?sls'],
    ['${aws:region}', 'eu-west-1'],
    ['${aws:accountId}', '?aws'],
    ['${ssm:/a/${sls:stage}}', '?ssm'],
    ["${ssm:/a, 'fallback'}", '?ssm'],
    ["${opt:x, ssm:/a, 'fallback'}", '?ssm'],
    ['${self:custom.param}', '?ssm'],
    ["${self:custom.param, 'x'}", '?ssm'],
    ['p-${self:custom.param}', 'p-<?ssm>'],
    ['${cf:stack.Out}', '?cf'],
    ['${cf.us-east-1:stack.Out}', '?cf'],
    ['${cf(us-east-1):stack.Out}', '?cf'],
    ['${s3:bucket/key}', '?s3'],
    ['${vault:secret/x}', '?vault'],
    ['${terraform:x}', '?terraform'],
    ['${secret:x}', '?plugin'],
    ['${git:sha1}', '?other'],
    ['${self:custom.${env:UNSET}.x}', '?env'],
    ["${self:custom.${env:UNSET}.x, 'y'}", '?env'],
    ['\\${self:service}', '${self:service}'],
    ['${AWS::Region} ${Name} ${a.b}', '${AWS::Region} ${Name} ${a.b}'],
    ['arn:${AWS::Region}:${self:service}', 'arn:${AWS::Region}:orders'],
  ];

  it.each([...table])('%s -> %j %j', (text, expected, options) => {
    const service = load(`${base}value: '${text.replaceAll("'", "''")}'\n`, options);
    expect(valueOf(service, 'value')).toEqual(expected);
    expect(codes(service)).toEqual([]);
  });

  it.each([
    ['${self:custom.missing}', 'VARIABLE_UNRESOLVED'],
    ['${self:custom.nothing}', 'VARIABLE_UNRESOLVED'],
    ['a ${self:custom.map} b', 'WRONG_TYPE'],
    ['a ${opt:x, null} b', 'WRONG_TYPE'],
    ['${strToBool(maybe)}', 'VARIABLE_SYNTAX'],
    ['${sls:other}', 'VARIABLE_SYNTAX'],
    ['${self:custom.', 'VARIABLE_SYNTAX'],
    ['${opt:stage, dev}', 'VARIABLE_SYNTAX'],
    ['${file(missing.yml)}', 'FILE_MISSING'],
    ['${file(missing.yml):a, self:custom.missing}', 'VARIABLE_UNRESOLVED'],
    ['${file(../x.yml)}', 'OUTSIDE_PROJECT'],
    ['${file(/etc/passwd)}', 'OUTSIDE_PROJECT'],
    ['${file(~/.aws/credentials)}', 'OUTSIDE_PROJECT'],
    ['${file(.git/config)}', 'OUTSIDE_PROJECT'],
    ['${file(./x/../.npmrc)}', 'OUTSIDE_PROJECT'],
    ['${file(gha-creds-1a2b.json):private_key}', 'OUTSIDE_PROJECT'],
    ['${file()}', 'VARIABLE_SYNTAX'],
  ])('%s is undecided, with the error %s at its place', (text, code) => {
    const service = load(`${base}value: ${text}\nafter: \${self:service}\n`);
    expect(codes(service)).toEqual([code]);
    expect(String(valueOf(service, 'value'))).toContain('?');
    expect(valueOf(service, 'after')).toBe('orders');
    expect(service.errors[0]?.location).toMatchObject({ file: 'serverless.yml', line: base.split('\n').length });
  });

  it('gives no error when something outside the files can supply the value', () => {
    expect(codes(load(`${base}value: \${opt:x, self:custom.missing}\n`))).toEqual([]);
    expect(codes(load(`${base}value: \${file(missing.yml):a, env:UNSET}\n`))).toEqual([]);
  });
});

describe('compared with the framework', () => {
  const resolveAsFramework = createRequire(import.meta.url)('osls/lib/configuration/variables/index.js') as (input: {
    serviceDir: string;
    configuration: Record<string, unknown>;
    options: Record<string, string>;
  }) => Promise<void>;

  const configurations: Record<string, unknown>[] = [
    { custom: { a: '${self:custom.b}', b: { c: '${self:service}', d: ['${opt:stage, "x"}'] } } },
    {
      custom: { stage: '${opt:stage, self:provider.stage}', x: '${self:custom.${self:custom.stage}.y}', dev: { y: 1 } },
    },
    { custom: { text: '${sls:stage}-${self:custom.n}-${self:custom.f}', n: 3, f: false } },
    { custom: { e: '\\${self:a} ${AWS::Region} $${self:service}', f: '\\\\${self:service}' } },
    { custom: { b: '${strToBool(${self:custom.c})}', c: 'FALSE' } },
    {
      custom: {
        deep: { a: { b: '${self:custom.l.0.k}' } },
        l: [{ k: '${self:provider.stage}' }],
        c: '${self:custom.deep.a}',
      },
    },
    { custom: { nested: "${opt:x, '${self:custom.y}'}", y: 'z', falls: '${self:custom.no, self:custom.neither, 0}' } },
    { functions: { f: { handler: 'a.b', name: '${self:service}-${sls:stage}-f', memorySize: '${opt:memory, 256}' } } },
  ];

  it.each(configurations)('%j resolves to the same', async (part) => {
    const configuration = { service: 'orders', provider: { name: 'aws', stage: 'dev' }, ...part };
    const service = load(JSON.stringify(configuration));
    await resolveAsFramework({ serviceDir: '/project', configuration, options: {} });
    expect(plain(service.root)).toEqual(configuration);
    expect(service.errors).toEqual([]);
  });
});

describe('files', () => {
  it('reads maps and lists of included files, which include others from the folder of the service', () => {
    const service = load({
      'serverless.yml': `service: s
functions: \${file(functions/all.yml)}
resources:
  - \${file(resources/a.yml)}
  - \${file(resources/\${sls:stage}.json):Section}
custom: { version: '\${file(package.json):version}', text: '\${file(note.txt)}' }
`,
      'functions/all.yml': 'one: ${file(functions/one.yml):config}\n',
      'functions/one.yml': 'config:\n  handler: a.${sls:stage}\n',
      'resources/a.yml': 'Resources:\n  T: !Ref ${self:service}\n',
      'resources/dev.json': '{"Section": {"Outputs": {"o": {"Value": "${self:service}"}}}}',
      'package.json': '{"version": "1.2.3"}',
      'note.txt': 'for ${self:service}',
    });
    expect(plain(service.root)).toEqual({
      service: 's',
      functions: { one: { handler: 'a.dev' } },
      resources: [{ Resources: { T: { Ref: 's' } } }, { Outputs: { o: { Value: 's' } } }],
      custom: { version: '1.2.3', text: 'for s' },
    });
    expect(service.errors).toEqual([]);
    expect(service.files[0]?.path).toBe('serverless.yml');
    expect(service.files.map(({ path }) => path).sort()).toEqual(
      [
        'serverless.yml',
        'functions/all.yml',
        'functions/one.yml',
        'resources/a.yml',
        'resources/dev.json',
        'package.json',
        'note.txt',
      ].sort(),
    );
    expect(line(nodeAt(service, 'functions.one.handler'))).toBe('functions/one.yml:2');
    expect(nodeAt(service, 'functions.one')?.from).toMatchObject([
      { source: 'file', address: 'functions/one.yml:config', span: { file: { path: 'functions/all.yml' } } },
    ]);
  });

  it.each([
    ['${file(conf.js)}', '?code'],
    ['${file(conf.js):a.b}', '?code'],
    ["${file(conf.js):a, 'x'}", '?code'],
    ["${file(none.js):a, 'x'}", 'x'],
    ["${file(none.yml), 'x'}", 'x'],
    ["${file(some.yml):none, 'x'}", 'x'],
    ['${file(some.yml):list.1}', 'b'],
  ])('%s -> %s', (text, expected) => {
    const service = load({ 'serverless.yml': `value: ${text}\n`, 'conf.js': '', 'some.yml': 'list: [a, b]\n' });
    expect(valueOf(service, 'value')).toBe(expected);
    expect(codes(service)).toEqual([]);
  });

  it('reports a file that is missing once, however many variables ask for it', () => {
    const service = load('a: ${file(env.yml):a}\nb: ${file(env.yml):b}\nc: ${file(other.yml)}\n');
    expect(codes(service)).toEqual(['FILE_MISSING', 'FILE_MISSING']);
    expect(plain(service.root)).toEqual({ a: '?file', b: '?file', c: '?file' });
  });

  it('keeps the rest when an included file is broken, and names that file', () => {
    const service = load({ 'serverless.yml': 'a: ${file(b.yml)}\nb: 1\n', 'b.yml': 'x: [1,\n' });
    expect(codes(service)).toEqual(['SYNTAX']);
    expect(service.errors[0]?.location?.file).toBe('b.yml');
    expect(plain(service.root)).toEqual({ a: '?file', b: 1 });
  });

  it('does not follow a link out of the project', () => {
    const service = load(
      {
        'serverless.yml': 'a: ${file(linked.yml)}\nb: ${file(inner.yml)}\n',
        '/elsewhere/x.yml': 'k: v\n',
        'real.yml': 'k: v\n',
      },
      { links: { 'linked.yml': '/elsewhere/x.yml', 'inner.yml': 'real.yml' } },
    );
    expect(codes(service)).toEqual(['OUTSIDE_PROJECT']);
    expect(plain(service.root)).toEqual({ a: '?file', b: { k: 'v' } });
  });
});

describe('circles and excess', () => {
  it.each<[string, Record<string, string>, string, RegExp]>([
    [
      'two variables',
      { 'serverless.yml': 'a: ${self:b}\nb: ${self:a}\nc: 1\n' },
      'CIRCULAR_VARIABLE',
      /self:b -> self:a -> self:b/,
    ],
    ['a variable to itself', { 'serverless.yml': 'a: x-${self:a}\nc: 1\n' }, 'CIRCULAR_VARIABLE', /self:a -> self:a/],
    ['a map that holds itself', { 'serverless.yml': 'a: { b: "${self:a}" }\nc: 1\n' }, 'CIRCULAR_VARIABLE', /self:a/],
    ['the whole service', { 'serverless.yml': 'a: { b: "${self:}" }\nc: 1\n' }, 'CIRCULAR_VARIABLE', /self:/],
    [
      'two files',
      { 'serverless.yml': 'a: ${file(a.yml)}\nc: 1\n', 'a.yml': 'x: ${file(b.yml)}\n', 'b.yml': 'y: ${file(a.yml)}\n' },
      'CIRCULAR_FILE',
      /file\(b.yml\) -> file\(a.yml\)/,
    ],
    [
      'the service file itself',
      { 'serverless.yml': 'a: ${file(serverless.yml)}\nc: 1\n' },
      'CIRCULAR_FILE',
      /serverless.yml/,
    ],
  ])('%s: one error with the chain, and the rest is read', (_, files, code, chain) => {
    const service = load(files);
    expect(codes(service)).toEqual([code]);
    expect(service.errors[0]?.message).toMatch(chain);
    expect(service.errors[0]?.location).toBeDefined();
    expect(valueOf(service, 'c')).toBe(1);
    expect(JSON.stringify(plain(service.root))).toContain('?self');
  });

  it('does not take a file that uses its own keys for a circle', () => {
    const service = load({
      'serverless.yml': 'custom: ${file(c.yml)}\n',
      'c.yml': 'a: ${self:custom.b}\nb: ${file(c.yml):d}\nd: 1\n',
    });
    expect(plain(service.root)).toEqual({ custom: { a: 1, b: 1, d: 1 } });
    expect(service.errors).toEqual([]);
  });

  const chain = (length: number, value: (next: string) => string) =>
    Array.from({ length }, (_, index) => `v${index}: ${value(`\${self:v${index + 1}}`)}\n`).join('') +
    `v${length}: end\n`;

  it.each([
    ['texts that double', chain(60, (next) => `"${next}${next}"`), 'TOO_MANY_NODES'],
    [
      'undecided texts that double',
      chain(60, (next) => `"${next}${next}"`).replace('end', '${ssm:/x}'),
      'TOO_MANY_NODES',
    ],
    ['lists that double', chain(60, (next) => `["${next}", "${next}"]`), 'TOO_MANY_NODES'],
    [
      'a large map that is used often',
      `big: {${Array.from({ length: 2000 }, (_, i) => `k${i}: v`).join(', ')}}\n${Array.from({ length: 2000 }, (_, i) => `r${i}: "\${self:big}"\n`).join('')}`,
      'TOO_MANY_NODES',
    ],
    ['variables through thousands of variables', chain(5000, (next) => next), 'TOO_DEEP'],
    [
      'variables inside variables that lead through variables',
      `${chain(2000, (next) => `${'${self:'.repeat(35)}${next}${'}'.repeat(35)}`)}end: end\n`,
      'TOO_DEEP',
    ],
    ['maps inside thousands of maps', chain(5000, (next) => `{ x: "${next}" }`), 'TOO_DEEP'],
  ])('bounds %s', (_, text, code) => {
    const service = load(`after2: 1\nafter: \${self:after2}\n${text}`);
    expect(new Set(codes(service))).toEqual(new Set([code]));
    expect(valueOf(service, 'after2')).toBe(1);
    expect(valueOf(service, 'after')).toBe(1);
  });

  it('resolves a long chain of ordinary length', () => {
    const service = load(chain(100, (next) => next));
    expect(valueOf(service, 'v0')).toBe('end');
    expect(service.errors).toEqual([]);
  });
});

describe('where values come from', () => {
  const service = load(
    {
      'serverless.yml': `service: s
useDotenv: true
provider: { name: aws }
custom:
  key: \${ssm:/orders/\${sls:stage}/key~true}
  token: \${env:TOKEN}
functions:
  f:
    environment:
      KEY: \${self:custom.key}
      TOKEN: Bearer \${self:custom.token}
      NAME: \${self:service}
      FROM_FILE: \${env:FROM_FILE}
`,
      '.env': 'FROM_FILE=abc # comment\nTOKEN=not-this\n',
    },
    { env: { TOKEN: 't' } },
  );
  const from = (path: string) => nodeAt(service, path)?.from?.map(({ source, address }) => `${source}:${address}`);

  it('keeps every source, outermost first, and the place of the definition', () => {
    expect(from('functions.f.environment.KEY')).toEqual(['self:custom.key', 'ssm:/orders/dev/key']);
    expect(from('functions.f.environment.TOKEN')).toEqual(['self:custom.token', 'env:TOKEN']);
    expect(from('functions.f.environment.FROM_FILE')).toEqual(['dotenv:FROM_FILE']);
    expect(from('service')).toBeUndefined();
    expect(line(nodeAt(service, 'functions.f.environment.NAME'))).toBe('serverless.yml:1');
    expect(line(nodeAt(service, 'functions.f.environment.KEY'))).toBe('serverless.yml:5');
    expect(valueOf(service, 'functions.f.environment.TOKEN')).toBe('Bearer <?env>');
    expect(valueOf(service, 'functions.f.environment.FROM_FILE')).toBe('abc');
  });

  it('takes what v4 asks for through an account for the same source', () => {
    const { root } = load('a: ${aws:ssm:/orders/key}\nb: ${live:cf:network.VpcId}\nc: ${aws:accountId}\n');
    const origins = root.entries.map(({ value }) => value.from?.map(({ source, address }) => `${source}:${address}`));
    expect(origins).toEqual([['ssm:/orders/key'], ['cf:network.VpcId'], ['aws:accountId']]);
  });

  it('keeps the environment variable that a fallback stands in for', () => {
    const service = load('a: ${env:NOT_SET, "x"}\nb: ${ssm:/${env:NOT_SET, "dev"}/key}\n');
    const origins = (path: string) => nodeAt(service, path)?.from?.map(({ source, address }) => `${source}:${address}`);
    expect(origins('a')).toEqual(['env:NOT_SET']);
    // Nothing of the environment is in the address, so that it may be shown.
    expect(origins('b')).toContain('ssm:/dev/key');
  });

  it('points at the variable inside its text', () => {
    const { errors } = load('a: "x ${self:b} and ${self:none}"\nb: 1\n');
    expect(errors[0]?.location).toMatchObject({ line: 1, column: 21, endColumn: 33 });
  });

  it('shows nothing of an environment variable that is part of an address', () => {
    const secret = load(
      'a: ${self:custom.${env:WHICH}}\nb: ${file(${env:WHICH}.yml)}\nc: ${ssm:/${env:WHICH}}\nd: ${opt:${env:WHICH}}\ne: ${env:${env:WHICH}}\n',
      {
        env: { WHICH: 'hunter2' },
      },
    );
    expect(secret.errors).toHaveLength(2);
    expect(JSON.stringify(secret.errors.map(({ message, details }) => [message, details.next]))).not.toContain(
      'hunter2',
    );
    const reasons = ['a', 'b', 'c', 'd', 'e'].map((key) => nodeAt(secret, key));
    expect(JSON.stringify(reasons)).not.toContain('hunter2');
    expect(reasons.every((node) => node?.kind === 'unknown')).toBe(true);
    expect(nodeAt(secret, 'c')?.from?.[0]?.address).toBe('ssm:/${env:WHICH}');
  });

  it('takes nothing from outside the files that may be a secret', () => {
    const service = load('useDotenv: true\na: ${env:X}\nb: "${param:p}"\nc: ${env:Y, "fallback"}\nd: ${env:Z}\n', {
      env: { X: 'AKIAIOSFODNN7EXAMPLE', Y: 'Tr0ub4dor&3', Z: 'prod' },
      params: { p: 'Tr0ub4dor&3' },
    });
    expect(['a', 'b', 'c', 'd'].map((key) => valueOf(service, key))).toEqual(['?env', '?param', '?env', 'prod']);
    expect(JSON.stringify(service.root)).not.toMatch(/AKIA|Tr0ub/);
  });

  it('returns the same objects where nothing was to be resolved', () => {
    const untouched = load('a: { b: [1, 2] }\nc: { d: "${self:a.b.0}", e: { f: 1 } }\n');
    expect(at(untouched.root, 'a')).toBe(at(untouched.raw, 'a'));
    expect(at(untouched.root, 'c', 'e')).toBe(at(untouched.raw, 'c', 'e'));
    expect(at(untouched.root, 'c')).not.toBe(at(untouched.raw, 'c'));
    const constant = load('a: { b: "${AWS::Region}" }\n');
    expect(constant.root).toBe(constant.raw);
  });
});

describe('stage', () => {
  it.each<[string, string, MemoryOptions | undefined, string | undefined]>([
    ['the option', 'provider: { stage: x }', { stage: 'prod' }, 'prod'],
    ['the file', 'provider: { stage: x }', undefined, 'x'],
    ['dev', 'provider: { name: aws }', undefined, 'dev'],
    ['dev for the short form', 'provider: aws', undefined, 'dev'],
    ['the fallback', 'provider: { stage: "${opt:stage, \'qa\'}" }', undefined, 'qa'],
    ['dev when it asks for the option alone', 'provider: { stage: "${opt:stage}" }', undefined, 'dev'],
    [
      'another key',
      'provider: { stage: "${self:custom.stage}" }\ncustom: { stage: "${opt:stage, \'s\'}" }',
      undefined,
      's',
    ],
    ['the environment', 'provider: { stage: "${env:STAGE}" }', { env: { STAGE: 'e' } }, 'e'],
    ['nothing when undecided', 'provider: { stage: "${env:STAGE}" }', undefined, undefined],
  ])('is %s', (_, text, options, expected) => {
    const service = load(`${text}\nvalue: "\${sls:stage}"\n`, options);
    expect(service.stage).toBe(expected);
    expect(valueOf(service, 'value')).toBe(expected ?? '?env');
    expect(codes(service)).toEqual([]);
  });

  it('keeps quiet about the parameters of other stages', () => {
    const text = 'params:\n  dev: { a: 1 }\n  prod: { a: "${file(prod.yml):a}" }\n';
    expect(codes(load(text))).toEqual([]);
    expect(codes(load(text, { stage: 'prod' }))).toEqual(['FILE_MISSING']);
    expect(codes(load('params: ${file(params.yml)}\n'))).toEqual(['FILE_MISSING']);
  });
});

describe('.env', () => {
  const files = { '.env': 'A=env\nB=env\n', '.env.dev': 'A=stage\n', '.env.dev.local': 'A=local\n' };
  it.each<[string, string, unknown, unknown]>([
    ['is not read without useDotenv', '', '?env', '?env'],
    ['of the stage stands alone', 'useDotenv: true', 'stage', '?env'],
    ['is merged by the plugin', 'plugins: [serverless-dotenv-plugin]', 'local', 'env'],
    ['is read by v4 without being told', "frameworkVersion: '4'", 'stage', '?env'],
  ])('%s', (_, setting, a, b) => {
    const service = load({ 'serverless.yml': `${setting}\na: \${env:A}\nb: \${env:B}\n`, ...files });
    expect([valueOf(service, 'a'), valueOf(service, 'b')]).toEqual([a, b]);
  });

  it('is the general one when the stage has none', () => {
    const service = load({ 'serverless.yml': 'useDotenv: true\na: ${env:A}\n', ...files }, { stage: 'prod' });
    expect(valueOf(service, 'a')).toBe('env');
    expect(service.files.map(({ path }) => path)).toEqual(['serverless.yml', '.env']);
  });
});

describe('variableSyntax of v1 and v2', () => {
  it('is undecided, and says so, when variables begin otherwise', () => {
    const service = load('provider: { variableSyntax: "@{([a-z:.]+?)}" }\na: "@{self:b}"\nb: "${self:c}"\n');
    expect(plain(nodeAt(service, 'a'))).toBe('?other');
    expect(nodeAt(service, 'a')).toMatchObject({ reason: expect.stringContaining('variableSyntax') });
    expect(valueOf(service, 'b')).toBe('${self:c}');
    expect(codes(service)).toEqual([]);
  });

  it('changes nothing when it only spares CloudFormation', () => {
    const pattern = '\\\\${((?!AWS)[ ~:a-zA-Z0-9._@\'\\",\\\\-\\\\/\\\\(\\\\)]+?)}';
    const service = load(`provider: { variableSyntax: "${pattern}" }\na: "\${self:b}-\${AWS::Region}"\nb: 1\n`);
    expect(valueOf(service, 'a')).toBe('1-${AWS::Region}');
    expect(codes(service)).toEqual([]);
  });
});

describe('framework', () => {
  it.each<[string, Record<string, string>, string]>([
    ['without a manifest', {}, 'serverless'],
    ['a dependency on osls', { 'package.json': '{"devDependencies": {"osls": "^3.50.0"}}' }, 'osls'],
    ['an alias', { 'package.json': '{"devDependencies": {"serverless": "npm:osls@^4"}}' }, 'osls'],
    ['a dependency on serverless', { 'package.json': '{"dependencies": {"serverless": "^3"}}' }, 'serverless'],
    ['a broken manifest', { 'package.json': '{' }, 'serverless'],
  ])('%s', (_, files, expected) => {
    expect(load({ 'serverless.yml': 'service: s\n', ...files }).framework).toBe(expected);
  });
});

describe('bad input', () => {
  it.each([
    ['', 'WRONG_TYPE'],
    ['- a\n', 'WRONG_TYPE'],
    ['text', 'WRONG_TYPE'],
    ['a: [', 'SYNTAX'],
  ])('%j throws %s', (text, code) => {
    expect(() => load(text)).toThrow(expect.objectContaining({ code }) as InputError);
  });

  it('never breaks on random services, and every place lies inside its file', () => {
    const variable = fc.constantFrom(
      '${self:a}',
      '${self:b.c}',
      '${self:}',
      '${file(x.yml)}',
      '${file(x.yml):a}',
      '${file(y.json)}',
      '${opt:stage}',
      '${ssm:/x}',
      '${self:a, self:b}',
      '${self:${self:a}}',
      '${env:E}',
      '${self:',
      'x',
      '${strToBool(${self:a})}',
      '${file(${self:a})}',
      '\\${self:a}',
      "${opt:x, '${self:b}'}",
    );
    const text = fc.array(variable, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('-'));
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        text,
        fc.dictionary(fc.constantFrom('a', 'b', 'c', 'provider', 'stage'), tie('tree'), { maxKeys: 4 }),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    const map = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'provider', 'custom', 'useDotenv', 'params'), tree);
    let resolved = 0;
    fc.assert(
      fc.property(map, map, tree, (service, x, y) => {
        const loaded = load(
          { 'serverless.yml': JSON.stringify(service), 'x.yml': JSON.stringify(x), 'y.json': JSON.stringify(y) },
          { env: { E: 'a' } },
        );
        for (const { details } of loaded.errors) if (details.span) expectInside(details.span);
        visit(loaded.root);
        resolved += 1;
      }),
      { numRuns: 500 },
    );
    expect(resolved).toBe(500);
  });
});

function expectInside({ file, start, end }: Node['span']): void {
  expect(start).toBeGreaterThanOrEqual(0);
  expect(end).toBeGreaterThanOrEqual(start);
  expect(end).toBeLessThanOrEqual(file.text.length);
}

function visit(node: Node): void {
  expectInside(node.span);
  for (const { span } of node.from ?? []) expectInside(span);
  if (node.kind === 'map') for (const { value } of node.entries) visit(value);
  if (node.kind === 'list') for (const item of node.items) visit(item);
}
