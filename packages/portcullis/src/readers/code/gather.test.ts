import { describe, expect, it } from 'vitest';
import { memoryContext } from '../../../test/support/memory-disk.ts';
import { readFiles } from '../../../test/support/read.ts';
import { CodeFolder } from './folder.ts';
import { gather } from './gather.ts';

const source = `export const handler = async (event) => ({ isAuthorized: event.headers['x-key'] === process.env.KEY });\n`;

/** What the function named `Auth` or `auth` of a project says of its code: the file of its answer, or why there is none. */
function codeOf(files: Readonly<Record<string, string>>): string {
  const { project, errors } = readFiles(files);
  expect(errors.map(({ message }) => message)).toEqual([]);
  const fn = project?.functions.find(({ id }) => id.startsWith('Auth'));
  const code = fn?.code;
  if (code?.kind !== 'known') return code?.kind === 'unknown' ? code.reason : 'no code';
  const [span] = code.value.simpleAnswers;
  return span ? `${span.file.path}:${span.file.position(span.start).line}` : 'no answer';
}

const sam = (properties: string, more = '') => `Transform: AWS::Serverless-2016-10-31
Resources:
  Auth:
    Type: AWS::Serverless::Function
${more}    Properties:
      Runtime: nodejs22.x
${properties}`;

describe('where the source of a function lies', () => {
  it.each([
    [
      'beside a serverless.yml',
      {
        'serverless.yml':
          'service: a\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions:\n  auth: { handler: src/auth.handler }\n',
        'src/auth.ts': source,
      },
      'src/auth.ts:1',
    ],
    [
      'where a build takes it from',
      {
        'serverless.yml':
          'service: a\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions:\n  auth: { handler: dist/auth.handler }\n',
        'src/auth.ts': source,
      },
      'src/auth.ts:1',
    ],
    [
      'in the index of a folder',
      {
        'serverless.yml':
          'service: a\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions:\n  auth: { handler: functions/auth.handler }\n',
        'functions/auth/index.mjs': source,
      },
      'functions/auth/index.mjs:1',
    ],
    [
      'in the CodeUri of SAM',
      { 'template.yaml': sam('      Handler: app.handler\n      CodeUri: auth/\n'), 'auth/app.mjs': source },
      'auth/app.mjs:1',
    ],
    [
      'in an entry point of a SAM build',
      {
        'template.yaml': sam(
          '      Handler: auth.handler\n      CodeUri: ./\n',
          '    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [src/auth.ts] } }\n',
        ),
        'src/auth.ts': source,
      },
      'src/auth.ts:1',
    ],
    [
      'in the template',
      {
        'template.yaml': sam(
          `      Handler: index.handler\n      InlineCode: |\n        exports.handler = async (event) => ({ isAuthorized: event.headers['x-key'] === 'a' });\n`,
        ),
      },
      'template.yaml:8',
    ],
    [
      'in an asset of a CDK program',
      {
        'stack.template.json': JSON.stringify({
          Resources: {
            Auth: {
              Type: 'AWS::Lambda::Function',
              Properties: {
                Runtime: 'nodejs22.x',
                Handler: 'index.handler',
                Role: 'arn:aws:iam::111122223333:role/a',
                Code: { S3Bucket: 'cdk-assets', S3Key: 'a.zip' },
              },
              Metadata: { 'aws:asset:path': 'asset.abc' },
            },
          },
        }),
        'asset.abc/index.js': source,
      },
      'asset.abc/index.js:1',
    ],
    [
      'in a bucket',
      {
        'template.yml':
          'Resources:\n  Auth:\n    Type: AWS::Lambda::Function\n    Properties: { Runtime: nodejs22.x, Handler: a.b, Role: r, Code: { S3Bucket: b, S3Key: k } }\n',
      },
      'no code',
    ],
    [
      'nowhere',
      { 'template.yaml': sam('      Handler: app.handler\n      CodeUri: auth/\n') },
      'has source that is not at hand',
    ],
  ])('%s', (_name, files, expected) => {
    expect(codeOf(files)).toBe(expected);
  });

  it('follows the paths of a tsconfig.json, with the file that it extends', () => {
    const files = {
      'serverless.yml':
        'service: a\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions:\n  auth: { handler: src/functions/auth.main }\n',
      'tsconfig.json': '{ /* as the framework makes it */ "extends": "./tsconfig.paths.json" }',
      'tsconfig.paths.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "@libs/*": ["src/libs/*"] } } }',
      'src/functions/auth.ts': `import { answer } from '@libs/answer';\nexport const main = async (event) => answer(event.headers.authorization, 'authorizer');\n`,
      'src/libs/answer.ts': `export const answer = (token: string) => ({ isAuthorized: token === process.env.TOKEN });\n`,
    };
    expect(codeOf(files)).toBe('src/libs/answer.ts:1');
  });
});

describe('bounds', () => {
  const ask = (files: Readonly<Record<string, string>>, handler: string, boundary = '/project') =>
    gather(
      {
        handler,
        base: '/project',
        source: { runtime: 'nodejs22.x', inline: undefined, folder: undefined, entries: [] },
      },
      new CodeFolder(memoryContext(files, { boundary, links: { '/project/linked.js': '/elsewhere/secret.js' } })),
    );

  it('leaves bundles, other folders and packages alone', () => {
    expect(ask({ 'a.js': `// authorizer\n${'x;'.repeat(200_000)}` }, 'a.handler')).toBe(
      'has source that is too large or cannot be read',
    );
    expect(ask({ '/elsewhere/secret.js': 'authorizer' }, '../elsewhere/secret.handler')).toBe(
      'has source that is not at hand',
    );
    expect(ask({ '/elsewhere/secret.js': 'authorizer', 'linked.js': '' }, 'linked.handler')).toBe(
      'has source that is too large or cannot be read',
    );
    const gathered = ask(
      { 'a.js': `require('./node_modules/b/index.js'); // authorizer`, 'node_modules/b/index.js': '' },
      'a.handler',
    );
    expect(typeof gathered === 'string' ? gathered : [...gathered.files.keys()]).toEqual(['/project/a.js']);
  });

  it('stops after forty files', () => {
    const files = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [
        `f${index}.js`,
        Array.from({ length: 100 }, (__, other) => `require('./f${other}');`).join('\n'),
      ]),
    );
    const gathered = ask({ ...files, 'a.js': `require('./f1'); // authorizer` }, 'a.handler');
    expect(typeof gathered === 'string' ? gathered : gathered.files.size).toBe(40);
  });
});
