import { describe, expect, it } from 'vitest';
import { diskOf } from '../../../test/support/memory-disk.ts';
import { secretFilesIn } from './listing.ts';
import { kindByName } from './names.ts';

describe('kindByName', () => {
  it.each([
    ['.env', 'environment'],
    ['.env.production', 'environment'],
    ['prod.env', 'environment'],
    ['private.pem', 'key'],
    ['id_ed25519', 'key'],
    ['server.key', 'key'],
    ['keystore.jks', 'key'],
    ['credentials', 'credentials'],
    ['secrets.yml', 'credentials'],
    ['secrets.prod.json', 'credentials'],
    ['serviceAccountKey.json', 'credentials'],
    ['.npmrc', 'registry'],
  ])('%s: %s', (name, kind) => {
    expect(kindByName(name)).toBe(kind);
  });

  it.each([
    '.env.example',
    '.env.sample',
    '.env.test',
    'rds-combined-ca-bundle.pem',
    'global-bundle.pem',
    'public.pem',
    'cert.pem',
    'server.crt',
    'keys.ts',
    'secrets.ts',
    'environment.ts',
    'env.js',
    'secrets.example.yml',
    'id_rsa.pub',
    'package.json',
    'x'.repeat(500),
    '.env.\u001b[2J',
    'a\n.env',
  ])('%s holds no secrets by its name', (name) => {
    expect(kindByName(name)).toBeUndefined();
  });
});

describe('secretFilesIn', () => {
  it('looks into folders of the service, not into what is installed, made or only there for tests', () => {
    const names = [
      '.env',
      'config/private.key',
      'a/b/c/.env',
      'a/b/c/d/.env',
      'node_modules/x/.env',
      '.git/credentials',
    ];
    const disk = diskOf(
      Object.fromEntries([...names, 'test/server.key', 'dist/.env', 'cdk.out/.env'].map((name) => [name, ''])),
    );
    expect(secretFilesIn('/project', disk).map(({ path }) => path)).toEqual([
      '.env',
      'a/b/c/.env',
      'config/private.key',
    ]);
  });

  it('has nothing to say of a folder that cannot be listed', () => {
    const disk = diskOf({});
    expect(
      secretFilesIn('/nowhere', {
        ...disk,
        list: () => {
          throw new Error('EACCES');
        },
      }),
    ).toEqual([]);
  });

  it('looks at a bounded number of names', () => {
    let listed = 0;
    const entries = Array.from({ length: 5_000 }, (_, index) => ({ name: `d${index}`, kind: 'directory' as const }));
    const list = () => {
      listed += 1;
      return entries;
    };
    secretFilesIn('/wide', { ...diskOf({}), list });
    expect(listed).toBeLessThan(20);
  });
});
