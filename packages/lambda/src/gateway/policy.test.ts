import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Principal } from '../authorize/decision.ts';
import { coverageFor } from './policy.ts';
import { compileRoutes, type Routes } from './routes.ts';

const caller = (...scopes: string[]): Principal => ({ id: 'alice', scheme: 'jwt', scopes, claims: {} });

/** As API Gateway evaluates: `*` is any run of characters, slashes too, `?` is one; Deny beats Allow. */
const globs = (glob: string, text: string): boolean =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  ).test(text);

function opens(routes: Exclude<Routes, 'all'>, scopes: string[], request: string): boolean {
  const { allow, deny } = coverageFor(compileRoutes(routes))(caller(...scopes));
  return allow.some((glob) => globs(glob, request)) && !deny.some((glob) => globs(glob, request));
}

const table = {
  'GET /orders': { scopes: ['read'] },
  'POST /orders': { scopes: ['write'] },
  'GET /orders/{id}': { scopes: ['read'] },
  'DELETE /orders/{id}': { scopes: ['admin'] },
  'GET /orders/{id}/secrets': { scopes: ['admin'] },
  'ANY /reports/{proxy+}': { scopes: ['read'] },
  'GET /reports/salaries': { scopes: ['admin'] },
  'DELETE /reports/{proxy+}': 'nobody',
} as const;

describe('the policy for a caller who may read', () => {
  it.each([
    ['GET/orders', true],
    ['GET/orders/1', true],
    ['POST/orders', false],
    ['DELETE/orders/1', false],
    ['GET/orders/1/secrets', false],
    ['GET/orders/1/secrets/', false],
    ['GET/reports/2026/11', true],
    ['PUT/reports/2026', true],
    ['GET/reports/salaries', false],
    ['GET/reports/salaries/', false],
    ['DELETE/reports/2026', false],
    ['GET/orders/1/2', false],
    ['GET/orders/1/unlisted', false],
    ['GET/', false],
    ['GET/other', false],
    ['PATCH/orders', false],
  ])('%s: %s', (request, open) => {
    expect(opens(table, ['read'], request)).toBe(open);
  });
});

describe('the policy', () => {
  it('covers every route of the caller, so that one cached answer serves them all', () => {
    const { allow, deny } = coverageFor(compileRoutes(table))(caller('read', 'write', 'admin'));
    expect(allow).toContain('GET/orders');
    expect(allow).toContain('DELETE/orders/?*');
    expect(deny.some((glob) => globs(glob, 'GET/orders/1/secrets'))).toBe(false);
  });
  it('never holds a bare wildcard', () => {
    const { allow } = coverageFor(compileRoutes({ 'ANY /{proxy+}': {} }))(caller());
    expect(allow).toEqual(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'].map((verb) => `${verb}/?*`));
  });
  it('does not open the list through the trailing slash of its items', () => {
    const routes = { 'GET /orders': { scopes: ['admin'] }, 'GET /orders/{id}': {} };
    expect(opens(routes, [], 'GET/orders/')).toBe(false);
    expect(opens(routes, [], 'GET/orders/7')).toBe(true);
  });
  it('asks a question of one’s own, and takes only true for yes', () => {
    const routes = {
      'GET /a': { when: ({ id }: Principal) => id === 'alice' },
      'GET /b': { when: (() => 'yes') as unknown as () => boolean },
    };
    expect(coverageFor(compileRoutes(routes))(caller()).allow).toEqual(['GET/a']);
  });
});

const literal = fc.constantFrom('a', 'b', 'ab');
const part = fc.oneof(literal, literal, fc.constant('{p}'));
const path = fc
  .tuple(fc.array(part, { maxLength: 3 }), fc.boolean())
  .map(([parts, rest]) => `/${[...parts, ...(rest ? ['{rest+}'] : [])].join('/')}`);
const routes = fc
  .uniqueArray(fc.tuple(fc.constantFrom('GET', 'PUT', 'ANY'), path, fc.boolean()), {
    selector: ([verb, where]) => `${verb} ${where}`,
    minLength: 1,
    maxLength: 6,
  })
  .map(
    (list): Exclude<Routes, 'all'> =>
      Object.fromEntries(list.map(([verb, where, open]) => [`${verb} ${where}`, open ? {} : 'nobody'])),
  );
const request = fc.tuple(
  fc.constantFrom('GET', 'PUT'),
  fc.array(fc.constantFrom('a', 'b', 'ab', 'c'), { maxLength: 4 }),
);

/** The route that API Gateway takes: literal before parameter before greedy, from the left; a verb before ANY on the same path. */
function chosen(given: Exclude<Routes, 'all'>, verb: string, parts: readonly string[]): string | undefined {
  const fits = Object.keys(given).filter((key) => {
    const [method = '', where = ''] = key.split(' ');
    const texts = where === '/' ? [] : where.slice(1).split('/');
    const rest = texts.at(-1)?.endsWith('+}');
    if ((method !== verb && method !== 'ANY') || (rest ? parts.length < texts.length : parts.length !== texts.length))
      return false;
    return texts.every((text, index) => text.startsWith('{') || text === parts[index]);
  });
  const rank = (key: string) =>
    key
      .slice(key.indexOf(' ') + 2)
      .split('/')
      .map((text) => (text.endsWith('+}') ? 2 : text.startsWith('{') ? 1 : 0))
      .join('') + (key.startsWith('ANY') ? '1' : '0');
  return fits.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))[0];
}

describe('for any table of routes', () => {
  it('opens no route that the caller may not use, and nothing outside the table where no route lies below another', () => {
    let opened = 0;
    fc.assert(
      fc.property(routes, request, fc.boolean(), (given, [verb, parts], slash) => {
        const taken = chosen(given, verb, parts);
        const text = `${verb}/${parts.join('/')}${slash && parts.length > 0 ? '/' : ''}`;
        const open = opens(given, [], text);
        if (open) opened++;
        if (taken !== undefined && given[taken] === 'nobody')
          expect({ text, taken, open }).toEqual({ text, taken, open: false });
      }),
      { numRuns: 3_000 },
    );
    expect(opened).toBeGreaterThan(50);
  });
  it('opens what the caller may use where every route is open', () => {
    fc.assert(
      fc.property(routes, request, (given, [verb, parts]) => {
        const all = Object.fromEntries(Object.keys(given).map((key) => [key, {}]));
        if (chosen(all, verb, parts) !== undefined) expect(opens(all, [], `${verb}/${parts.join('/')}`)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('tables that are refused', () => {
  it.each([
    [{}, 'at least one'],
    [{ 'get /a': {} }, 'form'],
    [{ 'GET a': {} }, 'form'],
    [{ 'GET /*': {} }, 'no literal'],
    [{ 'GET /a?': {} }, 'no literal'],
    [{ 'GET /${aws:username}': {} }, 'no literal'],
    [{ 'GET /{a+}/b': {} }, 'no literal'],
    [{ 'GET /{a}': {}, 'GET /{b}': {} }, 'twice'],
    [{ 'GET /a': { scope: ['x'] } }, 'scope'],
    [{ 'GET /a': true }, 'rule'],
  ])('%j', (given, said) => {
    expect(() => compileRoutes(given as unknown as Exclude<Routes, 'all'>)).toThrow(said);
  });
});
