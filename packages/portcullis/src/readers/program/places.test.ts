import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPrograms, readWithExec } from '../../../test/support/programs.ts';
import { at, locate, type Node, type Project } from '../../project/index.ts';

let folder = '';
beforeAll(() => {
  folder = buildPrograms();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * `@a.b@` in a comment before an expression: the value `custom.a.b` must have its place there, as a literal. `@a.b!@`: there, but computed.
 */
const marker = /\/\*@([\w.[\]-]+)(!?)@\*\//g;

interface Expected {
  readonly path: string;
  readonly computed: boolean;
  readonly place: string;
}

function markersOf(files: Readonly<Record<string, string>>): readonly Expected[] {
  return Object.entries(files).flatMap(([file, text]) =>
    [...text.matchAll(marker)].map((match) => {
      const before = text.slice(0, match.index + match[0].length);
      const line = before.split('\n').length;
      const column = before.length - before.lastIndexOf('\n');
      return { path: match[1] ?? '', computed: match[2] === '!', place: `${file}:${line}:${column}` };
    }),
  );
}

function custom(project: Project, path: string): Node | undefined {
  const root = project.configuration.find(({ path: [first] }) => first === 'custom')?.node;
  return at(root, ...path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step)));
}

const head = `service: 'x', provider: { name: 'aws', runtime: 'nodejs20.x' }, functions: {}`;

/** Name, files beside serverless.ts or .js (the first is the service), whose `custom` the markers speak of. */
const cases: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [
    'literals',
    {
      'serverless.js': `module.exports = { ${head}, custom: { a: /*@a@*/'x', b: /*@b@*/12, c: /*@c@*/-1, d: /*@d@*/true, e: \`t\`, f: [/*@f.0@*/'p', /*@f.1@*/'q'] } };`,
    },
  ],
  [
    'texts that are put together',
    {
      'serverless.js': `const s = 'x';\nmodule.exports = { ${head}, custom: { a: /*@a!@*/\`\${s}-y\`, b: /*@b!@*/s + 'z', c: /*@c!@*/s.toUpperCase() } };`,
    },
  ],
  [
    'a name leads to where the value is written',
    {
      'serverless.js': `const s = /*@a@*/'x';\nlet t = /*@b@*/'y';\nmodule.exports = { ${head}, custom: { a: s, b: t } };`,
    },
  ],
  [
    'shorthand',
    { 'serverless.js': `const a = /*@a@*/'x';\nconst custom = { a };\nmodule.exports = { ${head}, custom };` },
  ],
  [
    'TypeScript around it',
    {
      'serverless.ts': `import type { AWS } from '@serverless/typescript';\nconst config = { ${head}, custom: { a: /*@a@*/'x' as const, b: (/*@b@*/'y' satisfies string), c: (<string>/*@c@*/'z') } } as const;\nexport default config satisfies AWS as unknown as AWS;`,
    },
  ],
  [
    'module.exports in TypeScript',
    {
      'serverless.ts': `import type { AWS } from '@serverless/typescript';\nconst config: AWS = { ${head}, custom: { a: /*@a@*/'x' } };\nmodule.exports = config;`,
    },
  ],
  ['export =', { 'serverless.ts': `const config = { ${head}, custom: { a: /*@a@*/'x' } };\nexport = config;` }],
  [
    'default import, named import, all of a module',
    {
      'serverless.ts': `import one from './one';\nimport { two as second, three } from './two';\nimport * as all from './two';\nexport default { ${head}, custom: { one, second, three, all } };`,
      'one.ts': `export default { a: /*@one.a@*/'x' };`,
      'two.ts': `export const two = /*@second@*/'x';\nconst inner = /*@three@*/'y';\nexport { inner as three };\nexport const only = /*@all.only@*/'z';`,
    },
  ],
  [
    're-exports',
    {
      'serverless.ts': `import { a, hello } from './lib';\nexport default { ${head}, custom: { a, hello } };`,
      'lib/index.ts': `export * from './a';\nexport { default as hello } from './hello';`,
      'lib/a.ts': `export const a = /*@a@*/'x';`,
      'lib/hello.ts': `export default { handler: /*@hello.handler@*/'src/x.main' };`,
    },
  ],
  [
    'aliases of tsconfig.json',
    {
      'serverless.ts': `import { a } from '@libs/a';\nexport default { ${head}, custom: { a } };`,
      'tsconfig.json': `{ "extends": "./tsconfig.paths.json" }`,
      'tsconfig.paths.json': `{ "compilerOptions": { "baseUrl": ".", "paths": { "@libs/*": ["src/libs/*"] } } }`,
      'src/libs/a.ts': `export const a = /*@a@*/'x';`,
    },
  ],
  [
    'require, taken apart',
    {
      'serverless.js': `const { a, b: { c } } = require('./lib');\nconst d = require('./lib').d;\nmodule.exports = { ${head}, custom: { a, c, d, e: require('./e') } };`,
      'lib.js': `exports.a = /*@a@*/'x';\nmodule.exports.b = { c: /*@c@*/'y' };\nexports.d = /*@d@*/'z';`,
      'e.js': `module.exports = /*@e@*/'w';`,
    },
  ],
  [
    'a JSON file',
    {
      'serverless.ts': `import data from './data.json';\nexport default { ${head}, custom: { data, again: require('./data.json').a } };`,
      'data.json': `{ "a": "x" }`,
    },
  ],
  [
    'spreads: what comes last wins',
    {
      'serverless.js': `const base = { a: /*@a@*/'x', b: 'lost', ...{ d: /*@d@*/'w' } };\nmodule.exports = { ${head}, custom: { ...base, b: /*@b@*/'y', c: [...['p'], /*@c.1@*/'q'] } };`,
    },
  ],
  [
    'keys of a list that is spread',
    {
      'serverless.js': `const more = [/*@c.1@*/'p'];\nmodule.exports = { ${head}, custom: { c: ['o', ...more, /*@c.2@*/'q'] } };`,
    },
  ],
  [
    'functions of the project',
    {
      'serverless.js': `const make = (name, { size = 1 } = {}) => ({ name, size, kind: /*@a.kind@*/'k' });\nfunction other(x) { const y = x; if (!x) { return { other: 1 }; } return { y, z: /*@b.z@*/'z' }; }\nmodule.exports = { ${head}, custom: { a: make(/*@a.name@*/'n', { size: /*@a.size@*/2 }), b: other(/*@b.y@*/'y') } };`,
    },
  ],
  [
    'a function of another module',
    {
      'serverless.ts': `import { route } from './route';\nexport default { ${head}, custom: { a: route(/*@a.path@*/'orders') } };`,
      'route.ts': `export const route = (path: string) => ({ path, method: /*@a.method@*/'get' });`,
    },
  ],
  [
    'copies and frozen objects',
    {
      'serverless.js': `module.exports = { ${head}, custom: Object.freeze({ a: /*@a@*/'x', b: Object.assign({}, { c: /*@b.c@*/'y' }), d: structuredClone({ e: /*@d.e@*/1 }) }) };`,
    },
  ],
  [
    'an identity of a package',
    {
      'serverless.ts': `import { defineConfig } from 'define';\nexport default defineConfig({ ${head}, custom: { a: /*@a@*/'x' } });`,
      'node_modules/define/index.js': `exports.defineConfig = (config) => config;`,
    },
  ],
  [
    'a package that makes something else of it',
    {
      'serverless.ts': `import { prefix } from 'prefix';\nexport default { ${head}, custom: { a: /*@a.x!@*/prefix({ x: 'x' }), b: /*@b!@*/prefix({ name: 'x' }).x } };`,
      'node_modules/prefix/index.js': `exports.prefix = () => ({ x: 'made', y: 'made' });`,
    },
  ],
  [
    'conditions: the branch that was taken',
    {
      'serverless.js': `const isProd = false;\nmodule.exports = { ${head}, custom: { a: isProd ? 'x' : /*@a@*/'y', b: undefined || /*@b@*/'z', c: isProd ? { p: 1 } : { q: /*@c.q@*/2 }, ...(isProd ? {} : { d: /*@d@*/'w' }) } };`,
    },
  ],
  [
    'computed names',
    {
      'serverless.js': `const NAME = 'a'; const names = { b: 'bee' };\nmodule.exports = { ${head}, custom: { [NAME]: /*@a@*/'x', [names.b]: /*@bee@*/'y', ['c']: /*@c!@*/'z'.concat('') } };`,
    },
  ],
  [
    'members of objects and enums',
    {
      'serverless.ts': `enum Stage { Dev = /*@a@*/'dev' }\nconst settings = { prod: { size: 1 }, dev: { size: /*@b@*/2 } };\nconst stage = 'dev' as const;\nexport default { ${head}, custom: { a: Stage.Dev, b: settings[stage].size } };`,
    },
  ],
  [
    'assigned later',
    {
      'serverless.js': `const config = { ${head}, custom: { a: 'x' } };\nconfig.custom.a = /*@a@*/'y';\nconfig.custom.b = { c: /*@b.c@*/'z' };\nmodule.exports = config;`,
    },
  ],
  [
    'promises',
    {
      'serverless.js': `const load = async () => ({ a: /*@a@*/'x' });\nmodule.exports = (async () => ({ ${head}, custom: await load() }))();`,
    },
  ],
  [
    'ES module',
    {
      'serverless.mjs': `import { a } from './a.mjs';\nexport default { ${head}, custom: { a } };`,
      'a.mjs': `export const a = /*@a@*/'x';`,
    },
  ],
  [
    'ES module by package.json, TypeScript with .js specifiers',
    {
      'serverless.ts': `import { a } from './a.js';\nimport { fileURLToPath } from 'node:url';\nexport default { ${head}, custom: { a, here: /*@here!@*/fileURLToPath(import.meta.url).endsWith('serverless.ts') } };`,
      'a.ts': `export const a = /*@a@*/'x';`,
      'package.json': '{"type":"module"}',
    },
  ],
  [
    'what map makes of a list',
    {
      'serverless.js': `const stages = ['p', /*@m.1.name@*/'q'];\nmodule.exports = { ${head}, custom: { m: stages.map((name) => ({ name, kind: /*@m.0.kind@*/'k' })), n: [...['x', /*@n.1@*/'y'].map((x) => x), /*@n.2@*/'z'] } };`,
    },
  ],
  [
    'values nobody can follow have the place around them',
    {
      'serverless.js': `const open = Object.fromEntries(['a', 'b'].map((name) => [name, { made: name }]));\nmodule.exports = { ${head}, custom: { o: open, m: /*@m.0!@*/['p'].flatMap((x) => [x + 'q']) } };`,
    },
  ],
  [
    'a parameter without an argument',
    {
      'serverless.js': `const f = (a, b = /*@x.b@*/'d') => ({ a, b });\nmodule.exports = { ${head}, custom: { x: f('y') } };`,
    },
  ],
  [
    'functions that call themselves',
    {
      'serverless.js': `const f = (n) => (n === 0 ? { end: /*@x.end@*/'e' } : f(n - 1));\nmodule.exports = { ${head}, custom: { x: f(5) } };`,
    },
  ],
];

describe('values of a program have the place where a person would edit them', () => {
  it.each(cases)('%s', (_name, files) => {
    const expected = markersOf(files);
    const { project, errors } = readWithExec(folder, files);
    expect(errors.map(({ message }) => message)).toEqual([]);
    if (!project) throw new Error('no project');
    const found = expected.map(({ path }) => {
      const node = custom(project, path);
      const { file, line, column } = node ? locate(node.span) : { file: 'nothing', line: 0, column: 0 };
      const computed = node?.kind === 'scalar' ? node.from?.some(({ source }) => source === 'code') === true : false;
      return { path, computed, place: `${file}:${line}:${column}` };
    });
    expect(
      found.map((one) => ({
        ...one,
        computed: one.computed && expected.some((e) => e.path === one.path && e.computed),
      })),
    ).toEqual(
      expected.map((one) => ({ ...one, computed: one.computed && custom(project, one.path)?.kind === 'scalar' })),
    );
  });

  it('asks something of nearly every case', () => {
    const silent = cases.filter(([, files]) => markersOf(files).length === 0).map(([name]) => name);
    expect(silent).toEqual(['a JSON file']);
  });
});
