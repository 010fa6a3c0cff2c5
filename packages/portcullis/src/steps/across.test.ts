import { describe, expect, it } from 'vitest';
import { readFiles } from '../../test/support/read.ts';
import { assess, assessAcross, steps } from './index.ts';

const service = (name: string, bucket: string | undefined, region = 'eu-west-1') =>
  [
    `service: ${name}`,
    'provider:',
    '  name: aws',
    '  runtime: nodejs20.x',
    `  region: ${region}`,
    ...(bucket === undefined ? [] : [`  deploymentBucket: ${bucket}`]),
    'functions: { list: { handler: a.b } }',
  ].join('\n');

const mentionsOf = (files: Readonly<Record<string, string>>) =>
  Object.keys(files).flatMap((entry) => {
    const { project } = readFiles(files, { entry });
    if (!project) throw new Error(entry);
    return assess(project, steps).mentions;
  });

const different = (files: Readonly<Record<string, string>>) =>
  assessAcross(mentionsOf(files), steps).map(
    ({ location, severity, message }) => `${severity} ${location.file}: ${message}`,
  );

describe('assessAcross', () => {
  const files = {
    'a/serverless.yml': service('a', 'acme'),
    'b/serverless.yml': service('b', 'acme'),
    'c/serverless.yml': service('c', 'other'),
    'd/serverless.yml': service('d', undefined),
    'e/serverless.yml': service('e', undefined, 'us-east-1'),
  };

  it('says of each project that differs what the others do', () => {
    expect(different(files)).toEqual([
      'note c/serverless.yml: c is deployed through other, and a, beside it in eu-west-1, through acme.',
      'warning d/serverless.yml: d is deployed through a bucket of its own, and a, beside it in eu-west-1, through acme.',
    ]);
  });

  it('does not depend on the order of the projects, but for whom it names', () => {
    const places = (found: readonly string[]) => found.map((line) => line.split(':')[0]).sort();
    const reversed = Object.fromEntries(Object.entries(files).reverse());
    expect(places(different(reversed))).toEqual(places(different(files)));
  });

  it('takes mentions that went through another thread', () => {
    const mentions = mentionsOf(files);
    expect(structuredClone(mentions)).toEqual(mentions);
    expect(JSON.stringify(mentions)).not.toContain('handler');
  });

  it('gives findings fingerprints that tell the projects apart', () => {
    const found = assessAcross(mentionsOf(files), steps);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(found.length);
    for (const { fingerprint } of found) expect(fingerprint).toMatch(/^[0-9a-f]{32}$/);
  });

  it('has nothing to say of one project, of none, or without the step', () => {
    expect(different({ 'a/serverless.yml': service('a', 'acme') })).toEqual([]);
    expect(assessAcross([], steps)).toEqual([]);
    const others = steps.filter(({ id }) => id !== 'deployment-bucket');
    expect(assessAcross(mentionsOf(files), others)).toEqual([]);
  });

  it('holds short texts, whatever the files hold', () => {
    const [mention] = mentionsOf({ 'a/serverless.yml': service('a'.repeat(100_000), 'b'.repeat(100_000)) });
    expect(JSON.stringify(mention?.facts).length).toBeLessThan(1_000);
  });
});
