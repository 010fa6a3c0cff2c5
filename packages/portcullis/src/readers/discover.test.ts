import { describe, expect, it } from 'vitest';
import { diskOf } from '../../test/support/memory-disk.ts';
import { discover, shownPath } from './discover.ts';

const service = 'service: a\nprovider:\n  name: aws\nfunctions: {}\n';
const template = 'Resources:\n  A:\n    Type: AWS::S3::Bucket\n';
const parent =
  'Resources:\n  A:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ./child.yml\n';

function find(files: Readonly<Record<string, string>>, ...paths: string[]) {
  const { candidates, errors } = discover(paths, {
    disk: diskOf(files),
    environment: { directory: '/project', variables: {} },
  });
  return {
    found: candidates.map(({ kind, shown }) => `${kind} ${shown}`),
    errors: errors.map((error) => error.code),
    candidates,
  };
}

describe('the path that is shown', () => {
  it.each([
    ['/home/me/work/a/serverless.yml', 'a/serverless.yml'],
    ['/home/me/work/..a/serverless.yml', '..a/serverless.yml'],
    ['/home/me/other/serverless.yml', '../other/serverless.yml'],
    ['/home/you/serverless.yml', '../../you/serverless.yml'],
    ['/srv/serverless.yml', '/srv/serverless.yml'],
    ['/home/me/work', '/home/me/work'],
  ])('%s', (path, expected) => {
    expect(shownPath(path, '/home/me/work')).toBe(expected);
  });

  it('is relative to the root as to any folder', () => {
    expect(shownPath('/srv/serverless.yml', '/')).toBe('srv/serverless.yml');
  });
});

describe('discover', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['a service', { 'serverless.yml': service }, ['serverless serverless.yml']],
    ['a service under another name', { 'deploy/prod.yaml': service }, ['serverless deploy/prod.yaml']],
    [
      'services in folders',
      { 'a/serverless.yml': service, 'b/serverless.json': '{}' },
      ['serverless a/serverless.yml', 'serverless b/serverless.json'],
    ],
    [
      'a service written in code, not every program of that name',
      { 'serverless.ts': 'export default { service, provider, functions }', 'bin/serverless.js': 'require("./run")' },
      ['code serverless.ts'],
    ],
    [
      'no schema of templates',
      { 'schema.json': '{"Resources": {"enum": ["AWS::S3::Bucket"]}, "AWSTemplateFormatVersion": {}}' },
      [],
    ],
    [
      'templates by content',
      { 'infra/x.yml': template, 'y.json': '{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}' },
      ['cloudformation infra/x.yml', 'cloudformation y.json'],
    ],
    [
      'synthesized templates, without assets',
      {
        'cdk.out/S.template.json': '{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}',
        'cdk.out/manifest.json': '{"AWS::": 1}',
        'cdk.out/asset.1/x.template.json': template,
      },
      ['cloudformation cdk.out/S.template.json'],
    ],
    [
      'nothing in dependencies, build output and hidden folders',
      {
        'node_modules/x/serverless.yml': service,
        'dist/t.yml': template,
        '.serverless/t.json': template,
        '.git/x.yml': template,
      },
      [],
    ],
    [
      'nothing in other YAML',
      {
        'docker-compose.yml': 'services:\n  a: {}\n',
        'package.json': '{"service": "AWS::X"}',
        'openapi.yml': 'paths: {}\n',
      },
      [],
    ],
    [
      'the parent before what it nests',
      { 'child.yml': template, 'parent.yml': parent },
      ['cloudformation parent.yml', 'cloudformation child.yml'],
    ],
    [
      'a CDK stack before the nested stacks that its metadata names',
      {
        'cdk.out/Root.template.json':
          '{"Resources": {"A": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": {"Fn::Join": []}}, "Metadata": {"aws:asset:path": "Books.nested.template.json"}}}}',
        'cdk.out/Books.nested.template.json': '{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}',
      },
      ['cloudformation cdk.out/Root.template.json', 'cloudformation cdk.out/Books.nested.template.json'],
    ],
    [
      'a template of modules',
      { 'app.yaml': 'Resources:\n  Site:\n    Type: LocalModule\n    Source: site.yaml\n' },
      ['cloudformation app.yaml'],
    ],
  ])('finds %s', (_name, files, expected) => {
    expect(find(files, '.').found).toEqual(expected);
  });

  it('takes a named file for what it is, and says which paths do not exist', () => {
    expect(find({ 'a.txt': service }, 'a.txt', 'nowhere')).toMatchObject({
      found: ['serverless a.txt'].map(() => expect.stringMatching(/a\.txt$/)),
      errors: ['PATH_NOT_FOUND'],
    });
  });

  it('takes each file once', () => {
    expect(find({ 'a/serverless.yml': service }, '.', 'a', 'a/serverless.yml').found).toEqual([
      'serverless a/serverless.yml',
    ]);
  });

  it('bounds a project by the repository around it', () => {
    expect(find({ 'serverless.yml': service }, '.').candidates[0]?.boundary).toBe('/project');
    expect(find({ '.git/HEAD': 'x', 'a/b/serverless.yml': service }, 'a/b').candidates[0]?.boundary).toBe('/project');
  });
});
