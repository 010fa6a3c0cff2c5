import { describe, expect, it } from 'vitest';
import {
  type AuthorizerOptions,
  allOf,
  anyOf,
  apiKey,
  authorizer,
  jwt,
  makeApiKey,
  type PolicyAnswer,
  type Refused,
} from '../src/index.ts';
import { http1Event, http2Event, requestEvent, stageArn, tokenEvent } from './support/events.ts';
import { goodClaims, issuer, mint, nowMs, publicJwk } from './support/tokens.ts';

const ports = { nowMs: () => nowMs };
const check = jwt({ issuer, audience: 'orders', jwks: { keys: [publicJwk('ES256')] }, ports });
const reader = `Bearer ${mint({ ...goodClaims, scope: 'orders/read' })}`;
const writer = `Bearer ${mint()}`;
const routes = {
  'GET /orders': { scopes: ['orders/read'] },
  'GET /orders/{id}': { scopes: ['orders/read'] },
  'POST /orders': { scopes: ['orders/write'] },
};
const make = (more: Partial<AuthorizerOptions> = {}) => authorizer(check, { routes, ...more });

const statements = (answer: unknown) => (answer as PolicyAnswer).policyDocument.Statement;
const readers = {
  principalId: 'alice',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        Resource: [`${stageArn}/GET/orders`, `${stageArn}/GET/orders/?*`],
      },
      { Effect: 'Deny', Action: 'execute-api:Invoke', Resource: [`${stageArn}/GET/orders/*/?*`] },
    ],
  },
  context: { scheme: 'jwt', scopes: 'orders/read' },
};

describe('an authorizer that answers with policies', () => {
  it.each<[string, unknown]>([
    ['TOKEN of a REST API', tokenEvent(reader)],
    ['TOKEN, another route', tokenEvent(reader, 'GET/orders/17')],
    ['REQUEST of a REST API', requestEvent({ Authorization: reader })],
    ['REQUEST, another route', requestEvent({ authorization: reader }, 'GET/orders/17', '/orders/{orderId}')],
    ['format 1.0 of an HTTP API', http1Event({ authorization: reader })],
    ['format 2.0 of an HTTP API', http2Event({ authorization: reader })],
    ['format 2.0, another route', http2Event({ authorization: reader }, 'GET /orders/{id}', 'GET/orders/17')],
  ])('gives the same one for every route: %s', async (_name, event) => {
    expect(await make()(event)).toEqual(readers);
  });

  it('lets in more who may do more', async () => {
    expect(statements(await make()(tokenEvent(writer)))[0]?.Resource).toContain(`${stageArn}/POST/orders`);
  });

  it('denies the request at hand where it is none of the caller’s, besides', async () => {
    const [allow, deny] = statements(
      await make()(requestEvent({ authorization: reader }, 'GET/orders/1/x', '/orders/{id}/x')),
    );
    expect(allow?.Resource).toEqual(readers.policyDocument.Statement[0]?.Resource);
    expect(deny?.Resource).toContain(`${stageArn}/GET/orders/1/x`);
  });

  it('gives the stage, and no more, to callers who may do everything', async () => {
    expect(statements(await make({ routes: 'all' })(tokenEvent(reader)))).toEqual([
      { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: [`${stageArn}/*`] },
    ]);
  });

  it('gives nothing to a caller without a route', async () => {
    const nobody = `Bearer ${mint({ ...goodClaims, scope: '' })}`;
    expect(statements(await make()(tokenEvent(nobody)))).toEqual([
      { Effect: 'Deny', Action: 'execute-api:Invoke', Resource: [`${stageArn}/GET/orders`] },
    ]);
  });

  it('names the one request where no wildcard fits', async () => {
    const nested = { 'GET /{p}': {}, 'GET /a/{rest+}': {}, 'GET /{rest+}': 'nobody' } as const;
    const answer = await make({ routes: nested })(tokenEvent(reader, 'GET/x'));
    expect(statements(answer)[0]?.Resource).toEqual([`${stageArn}/GET/a/?*`, `${stageArn}/GET/x`]);
    const wild = await make({ routes: nested })(tokenEvent(reader, 'GET/*'));
    expect(statements(wild)[0]?.Resource).toEqual([`${stageArn}/GET/a/?*`]);
  });

  it('hands over context as text, and the key of the usage plan', async () => {
    const answer = await make({
      context: ({ claims }) => ({ sub: String(claims['sub']), level: 3, beta: true, none: undefined }),
      usageIdentifierKey: ({ id }) => `key-of-${id}`,
    })(tokenEvent(reader));
    expect(answer).toMatchObject({
      context: { sub: 'alice', level: '3', beta: 'true' },
      usageIdentifierKey: 'key-of-alice',
    });
    expect(answer.context).not.toHaveProperty('none');
  });
});

describe('refusals', () => {
  const expired = `Bearer ${mint({ ...goodClaims, exp: 1 })}`;
  it.each<[string, unknown]>([
    ['no token', tokenEvent('')],
    ['an expired token', tokenEvent(expired)],
    ['no header', requestEvent({})],
    ['two tokens', { ...requestEvent({}), multiValueHeaders: { Authorization: [reader, writer] } }],
    ['two spellings', requestEvent({ Authorization: reader, authorization: writer })],
  ])('are the word that REST APIs answer with 401: %s', async (_name, event) => {
    await expect(make()(event)).rejects.toThrow(/^Unauthorized$/);
  });

  it('are a policy for HTTP APIs, and for callers who are known', async () => {
    const denied = {
      principalId: 'anonymous',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: 'execute-api:Invoke', Resource: [`${stageArn}/*`] }],
      },
    };
    expect(await make()(http1Event({ authorization: expired }))).toEqual(denied);
    expect(await make()(http2Event({ authorization: expired }))).toEqual(denied);
    const strict = authorizer(
      jwt({ issuer, audience: 'orders', scopes: ['admin'], jwks: { keys: [publicJwk('ES256')] }, ports }),
      { routes },
    );
    expect(await strict(tokenEvent(reader))).toEqual(denied);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['no event', {}],
    ['another type', { ...tokenEvent(reader), type: 'COGNITO' }],
    ['an ARN of something else', { ...tokenEvent(reader), methodArn: 'arn:aws:s3:::bucket' }],
    [
      'an ARN with a wildcard for its API',
      { ...tokenEvent(reader), methodArn: 'arn:aws:execute-api:eu-central-1:1:*/*/GET/a' },
    ],
    ['an unknown format', { ...http2Event({ authorization: reader }), version: '3.0' }],
  ])('are errors where the event cannot be judged: %s', async (_name, event) => {
    await expect(make()(event)).rejects.toThrow('The request cannot be judged: check_failed');
  });

  it.each<[string, Partial<AuthorizerOptions>]>([
    [
      'when',
      {
        routes: {
          'GET /orders': {
            when: () => {
              throw new Error('secret');
            },
          },
        },
      },
    ],
    [
      'context',
      {
        context: () => {
          throw new Error('secret');
        },
      },
    ],
    ['an object in the context', { context: () => ({ a: {} }) as never }],
    ['a reserved name in the context', { context: () => ({ claims: 'x' }) }],
    [
      'the usage key',
      {
        usageIdentifierKey: () => {
          throw new Error('secret');
        },
      },
    ],
  ])('are errors without a word of the cause where a function of the options fails: %s', async (_name, options) => {
    await expect(make(options)(tokenEvent(reader))).rejects.toThrow(/^The request cannot be judged: check_failed$/);
  });

  it('are told, without the token, and whatever the listener does', async () => {
    const told: [Refused, string | undefined][] = [];
    const listening = make({
      onRefusal: (...about) => {
        told.push(about);
        throw new Error('log is full');
      },
    });
    await expect(listening(tokenEvent(expired))).rejects.toThrow('Unauthorized');
    expect(told.map(([refusal, arn]) => [refusal.code, refusal.status, arn])).toEqual([
      ['token_expired', 401, `${stageArn}/GET/orders`],
    ]);
    expect(JSON.stringify(told)).not.toContain(expired.slice(7, 40));
  });
});

describe('simple answers', () => {
  const simple = make({ response: 'simple' });
  const keyed = (routeKey: string, tail: string, token = reader) =>
    http2Event({ authorization: token }, routeKey, tail, [token, routeKey]);
  it('are yes and no', async () => {
    expect(await simple(keyed('GET /orders', 'GET/orders'))).toEqual({ isAuthorized: true, context: readers.context });
    expect(await simple(keyed('POST /orders', 'POST/orders'))).toEqual({ isAuthorized: false });
    expect(await simple(keyed('GET /other', 'GET/other'))).toEqual({ isAuthorized: false });
    expect(await simple(keyed('GET /orders', 'GET/orders', 'Bearer x'))).toEqual({ isAuthorized: false });
  });
  it('that depend on the route are not given where the cache does not know the route', async () => {
    await expect(simple(http2Event({ authorization: reader }))).rejects.toThrow('cache_key_incomplete');
    expect(await simple(http2Event({ authorization: reader }, 'GET /orders', 'GET/orders', null))).toMatchObject({
      isAuthorized: true,
    });
    expect(await make({ response: 'simple', routes: 'all' })(http2Event({ authorization: reader }))).toMatchObject({
      isAuthorized: true,
    });
  });
  it('are not for other events', async () => {
    await expect(simple(tokenEvent(reader))).rejects.toThrow('check_failed');
    await expect(simple(http1Event({ authorization: reader }))).rejects.toThrow('check_failed');
  });
});

describe('the key of the result cache', () => {
  const pepper = 'p'.repeat(32);
  const { key, record } = makeApiKey({ pepper, id: 'acme' });
  const keys = apiKey({ keys: [record], pepper, ports });
  it('must hold every header that decides', async () => {
    const both = authorizer(anyOf(check, keys), { routes: 'all' });
    const headers = { authorization: 'Bearer none', 'x-api-key': key };
    await expect(both(http2Event(headers))).rejects.toThrow('cache_key_incomplete');
    await expect(both(http1Event(headers))).rejects.toThrow('cache_key_incomplete');
    expect(await both(http2Event(headers, 'GET /orders', 'GET/orders', ['Bearer none', key]))).toMatchObject({
      principalId: 'acme',
    });
  });
  it('is what the authorizer says of its resource', () => {
    expect(authorizer(allOf(check, keys), { routes }).resource).toEqual({
      restIdentitySource: 'method.request.header.authorization,method.request.header.x-api-key',
      httpIdentitySource: ['$request.header.authorization', '$request.header.x-api-key'],
      resultTtlInSeconds: 60,
    });
    expect(make({ response: 'simple' }).resource.httpIdentitySource).toEqual([
      '$request.header.authorization',
      '$context.routeKey',
    ]);
  });
});

describe('options', () => {
  it('must say which routes', () => {
    expect(() => authorizer(check, {} as AuthorizerOptions)).toThrow('routes must be given');
    expect(() => make({ reponse: 'simple' } as never)).toThrow('reponse');
    expect(() => make({ response: 'yes' as never })).toThrow('response');
  });
});
