import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryContext } from '../../../test/support/memory-disk.ts';
import { type FunctionCode, type LambdaFunction, type Project, SourceFile, unknown } from '../../project/index.ts';
import { withCode } from './index.ts';

/** What the one function of a service says; the first file has the handler. */
function read(files: Readonly<Record<string, string>>, handler: string, runtime = 'nodejs22.x'): FunctionCode | string {
  const file = new SourceFile('serverless.yml', '');
  const span = { file, start: 0, end: 0 };
  const fn: LambdaFunction = {
    id: 'F',
    name: 'f',
    span,
    role: unknown('is not asked'),
    environment: [],
    kmsKey: undefined,
    handler,
    source: { runtime, inline: undefined, folder: undefined, entries: [] },
  };
  const project = { file, format: 'serverless', functions: [fn] } as unknown as Project;
  const [read] = withCode(project, memoryContext({ 'serverless.yml': '', ...files })).functions;
  const code = read?.code ?? unknown('has no code');
  return code.kind === 'known' ? code.value : code.kind === 'unknown' ? code.reason : 'either';
}

/** The facts in short: kinds and names, and the lines on which they stand. */
function short(code: FunctionCode | string) {
  if (typeof code === 'string') return code;
  const line = (span: { file: SourceFile; start: number }) =>
    `${span.file.path}:${span.file.position(span.start).line}`;
  return {
    inputs: code.decisionInputs.map(({ kind, name }) => (name === undefined ? kind : `${kind} ${name}`)).sort(),
    covers: code.statements.map(({ covers }) => covers),
    simple: code.simpleAnswers.length,
    logged: code.logged.map(({ what, header, span }) => `${header ?? what} ${line(span)}`),
    loose: code.looseMatches.map(({ how, span }) => `${how} ${line(span)}`),
    identity: code.identityReads.map(({ name, hasDefault }) => name + (hasDefault ? ' or a default' : '')),
    asks: code.asksForIdentity,
    dispatches: code.dispatches,
    decodes: code.decodes.map(({ header, span }) => `${header} ${line(span)}`),
    mayVerify: code.mayVerify,
  };
}

describe('JavaScript', () => {
  it('reads the handler that AWS shows, with its helper', () => {
    const facts = short(
      read(
        {
          'auth.js': `exports.handler = function (event, context, callback) {
  console.log('Received event', JSON.stringify(event));
  var token = event.authorizationToken;
  switch (token) {
    case 'allow':
      callback(null, generatePolicy('user', 'Allow', event.methodArn));
      break;
    case 'deny':
      callback(null, generatePolicy('user', 'Deny', event.methodArn));
      break;
    default:
      callback('Unauthorized');
  }
};
var generatePolicy = function (principalId, effect, resource) {
  var authResponse = {};
  authResponse.principalId = principalId;
  if (effect && resource) {
    var policyDocument = {};
    policyDocument.Version = '2012-10-17';
    policyDocument.Statement = [];
    var statementOne = {};
    statementOne.Action = 'execute-api:Invoke';
    statementOne.Effect = effect;
    statementOne.Resource = resource;
    policyDocument.Statement[0] = statementOne;
    authResponse.policyDocument = policyDocument;
  }
  return authResponse;
};
`,
        },
        'auth.handler',
      ),
    );
    expect(facts).toEqual({
      inputs: ['token'],
      covers: ['one-method'],
      simple: 0,
      logged: ['event auth.js:2'],
      loose: [],
      identity: [],
      asks: false,
      dispatches: false,
      decodes: [],
      mayVerify: false,
    });
  });

  it('knows the option of Powertools that logs every event', () => {
    const code = `import middy from '@middy/core';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
export const handler = middy(async (event) => ({ isAuthorized: event.headers['x-key'] === process.env.KEY })).use(
  injectLambdaContext(logger, { logEvent: true }),
);
`;
    expect(short(read({ 'a.mjs': code }, 'a.handler'))).toMatchObject({ logged: ['event a.mjs:4'], simple: 1 });
  });

  it('follows imports, wrappers and headers in both spellings', () => {
    const facts = short(
      read(
        {
          'src/auth.ts': `import middy from '@middy/core';
import { tokenOf, allowed } from './lib/token.js';
import type { Foo } from './foo';
const base = async ({ headers, requestContext, ...rest }: any): Promise<Foo> => {
  const token = tokenOf(headers);
  const ok = await allowed(token, rest.rawPath, requestContext.http.sourceIp);
  return { isAuthorized: ok };
};
export const handler = middy(base).use(thing());
`,
          'src/lib/token.ts': `export const tokenOf = (headers: Record<string, string>) => (headers.Authorization ?? headers['authorization'])?.split(' ')[1];
export async function allowed(token: string, path: string, ip: string) {
  const claims = await verifier.verify(token);
  if (!claims) return false;
  if (path.startsWith('/public')) return true;
  return claims.paths.includes(path) && ip === process.env.OFFICE;
}
`,
        },
        'src/auth.handler',
      ),
    );
    expect(facts).toMatchObject({
      inputs: ['address', 'header authorization', 'path'],
      simple: 1,
      loose: ['begins src/lib/token.ts:5'],
      mayVerify: true,
    });
  });
});

describe('Python', () => {
  it('reads an authorizer with its module, and what it logs', () => {
    const facts = short(
      read(
        {
          'auth/handler.py': `import json
import logging
from auth.tokens import claims_of
from .policy import make_policy

logger = logging.getLogger()

def lambda_handler(event, context):
    logger.info(f"event {json.dumps(event)}")
    print("method", event["methodArn"])
    token = event["authorizationToken"].replace("Bearer ", "")
    tmp = event["methodArn"].split(":")
    api_id, stage, method, *path = tmp[5].split("/")
    claims = claims_of(token)
    if not claims:
        raise Exception("Unauthorized")
    if method == "DELETE" and claims["role"] != "admin":
        return make_policy("user", "Deny", event["methodArn"])
    return make_policy(claims["sub"], "Allow", "/".join(event["methodArn"].split("/")[0:2]) + "/*/*")
`,
          'auth/tokens.py': `import jwt

def claims_of(token):
    return jwt.decode(token, options={"verify_signature": False})
`,
          'auth/policy.py': `def make_policy(principal, effect, resource):
    return {
        "principalId": principal,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}],
        },
    }
`,
        },
        'auth/handler.lambda_handler',
        'python3.12',
      ),
    );
    expect(facts).toEqual({
      inputs: ['method', 'token'],
      covers: ['everything'],
      simple: 0,
      logged: ['event auth/handler.py:9'],
      loose: [],
      identity: [],
      asks: false,
      dispatches: true,
      decodes: ['authorization auth/tokens.py:4'],
      mayVerify: false,
    });
  });

  it('reads Powertools, classes and what is asked with in', () => {
    const facts = short(
      read(
        {
          'app.py': `from aws_lambda_powertools import Logger
logger = Logger()

class Gate:
    def __init__(self, event):
        self.event = event

    def path(self):
        return self.event.get("path", "")

    def open(self):
        return any(p in self.path() for p in ["/health", "/docs"])

@logger.inject_lambda_context(log_event=True)
def handler(event, context):
    gate = Gate(event)
    if gate.open():
        return {"isAuthorized": True}
    return {"isAuthorized": event["headers"].get("X-Api-Key") == get_key()}
`,
        },
        'app.handler',
        'python3.12',
      ),
    );
    expect(facts).toMatchObject({
      inputs: ['header x-api-key', 'path'],
      simple: 2,
      logged: ['event app.py:14'],
      loose: ['contains app.py:12'],
    });
  });
});

describe('handlers behind routes', () => {
  it.each([
    [
      'a default',
      `const id = event.requestContext.authorizer?.claims?.sub ?? 'demo-user';`,
      { identity: ['claims.sub or a default'], asks: false },
    ],
    [
      'nothing',
      `const { claims } = event.requestContext.authorizer; save(claims.sub);`,
      { identity: ['claims.sub'], asks: false },
    ],
    [
      'nobody as default',
      `const id = event.requestContext.authorizer?.claims?.sub ?? 'anonymous'; save(id);`,
      { asks: true },
    ],
    [
      'a question',
      `const { authorizer } = event.requestContext; if (!authorizer) return { statusCode: 401 }; save(authorizer.lambda.user);`,
      { asks: true },
    ],
    ['a function that asks', `const user = requireUser(event.requestContext.authorizer); save(user);`, { asks: true }],
  ])('identity with %s', (_name, line, expected) => {
    const code = `export const handler = async (event) => {\n  ${line}\n  return { statusCode: 200 };\n};\n`;
    expect(short(read({ 'h.mjs': code }, 'h.handler'))).toMatchObject(expected);
  });

  it.each([
    [
      'jwt-decode',
      `import { jwtDecode } from 'jwt-decode';`,
      'jwtDecode(event.headers.authorization)',
      ['authorization h.mjs:3'],
      false,
    ],
    [
      'jsonwebtoken',
      `import jwt from 'jsonwebtoken';`,
      `jwt.decode(event.headers['x-amzn-oidc-data'])`,
      ['x-amzn-oidc-data h.mjs:3'],
      false,
    ],
    [
      'by hand',
      '',
      `JSON.parse(Buffer.from(event.headers.Authorization.split(' ')[1].split('.')[1], 'base64').toString())`,
      ['authorization h.mjs:3'],
      false,
    ],
    ['verified first', `import jwt from 'jsonwebtoken';`, `jwt.verify(event.headers.authorization, key)`, [], true],
    [
      'sent on',
      `import axios from 'axios'; import { jwtDecode } from 'jwt-decode';`,
      `jwtDecode(event.headers.authorization) + (await axios.get('/me', { headers: { authorization: event.headers.authorization } }))`,
      ['authorization h.mjs:3'],
      true,
    ],
    [
      'basic credentials',
      '',
      `Buffer.from(event.headers.authorization.split(' ')[1], 'base64').toString().split(':')`,
      [],
      false,
    ],
  ])('a token: %s', (_name, head, expression, decodes, mayVerify) => {
    const code = `${head}\nexport const handler = async (event) => {\n  const claims = ${expression};\n  return { statusCode: 200, body: claims.sub };\n};\n`;
    expect(short(read({ 'h.mjs': code }, 'h.handler'))).toMatchObject({ decodes, mayVerify });
  });
});

describe('what an answer covers', () => {
  it.each([
    ["'*'", 'everything'],
    ['event.methodArn', 'one-method'],
    ['event.routeArn', 'one-method'],
    ["event.methodArn.split('/').slice(0, 2).join('/') + '/*'", 'everything'],
    ["event.methodArn.split('/', 2).join('/') + '/*'", 'everything'],
    ["`${event.methodArn.split('/')[0]}/${event.methodArn.split('/')[1]}/*/*`", 'everything'],
    ["`${event.methodArn.split('/')[0]}/*`", 'everything'],
    ['`arn:aws:execute-api:${region}:${account}:${apiId}/${stage}/*`', 'everything'],
    ['`arn:aws:execute-api:${region}:${account}:${apiId}/${stage}/GET/orders/*`', 'unknown'],
    ["`${event.methodArn.split('/')[0]}/${stage}/DELETE/orders/*`", 'unknown'],
    ["event.methodArn.replace(/x/, 'y')", 'unknown'],
    ['process.env.RESOURCE', 'unknown'],
    ["[event.methodArn, '*']", 'everything'],
  ])('%s: %s', (resource, covers) => {
    const code = `export const handler = async (event) => ({
  principalId: 'x',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: ${resource} }] },
});
`;
    expect(short(read({ 'h.mjs': code }, 'h.handler'))).toMatchObject({ covers: [covers] });
  });

  it('says nothing of a statement that denies', () => {
    const code = `export const handler = async (event) => ({ policyDocument: { Statement: [{ Effect: 'Deny', Resource: '*' }] } });`;
    expect(short(read({ 'h.mjs': code }, 'h.handler'))).toMatchObject({ covers: [] });
  });
});

describe('what is not there or not read', () => {
  it.each([
    [{}, 'a.handler', 'nodejs22.x', 'has source that is not at hand'],
    [
      { 'a.js': 'exports.other = 1; // authorizer' },
      'a.handler',
      'nodejs22.x',
      'has source in which handler is no function that could be found',
    ],
    [
      { 'a.js': 'exports.handler = () => 1' },
      'a.handler',
      'nodejs22.x',
      'has source that says nothing about authorization',
    ],
    [{}, 'bootstrap', 'provided.al2023', 'is written in a language of its own runtime, which is not read'],
    [{}, 'a.B::c', 'java21', 'is written in Java, which is not read'],
    [{ 'a.js': 'authorizer (((' }, 'a.handler', 'nodejs22.x', 'has source that cannot be parsed'],
  ])('%j %s', (files, handler, runtime, reason) => {
    expect(read(files, handler, runtime)).toBe(reason);
  });

  it('does not follow a file out of the project, or around in a circle', () => {
    const files = {
      'a.js': `const b = require('./b'); const c = require('../secret'); exports.handler = (event) => b.check(event.authorizationToken, c);`,
      'b.js': `const a = require('./a'); exports.check = (token) => token === 'x' || a.handler(token);`,
      '/secret.js': `module.exports = 1;`,
    };
    expect(short(read(files, 'a.handler'))).toMatchObject({ dispatches: false });
  });

  it('ends on code that calls itself in every way', () => {
    const many = Array.from(
      { length: 60 },
      (_, i) => `function f${i}(x) { return [${Array.from({ length: 60 }, (_, j) => `f${j}(x)`).join(', ')}]; }`,
    );
    const code = `${many.join('\n')}\nexports.handler = (event) => f0(event.authorizationToken);`;
    expect(read({ 'a.js': code }, 'a.handler')).toMatchObject({ mayVerify: true, dispatches: true });
  });

  it('ends on deep nesting', () => {
    const code = `exports.handler = (event) => ${'('.repeat(20_000)}event.authorizationToken${')'.repeat(20_000)};`;
    expect(typeof read({ 'a.js': code }, 'a.handler')).toMatch(/string|object/);
    const python = `def handler(event, c):\n  return ${'('.repeat(20_000)}event["authorizationToken"]${')'.repeat(20_000)}\n`;
    expect(typeof read({ 'a.py': python }, 'a.handler', 'python3.12')).toMatch(/string|object/);
  });
});

describe('whatever stands in a file', () => {
  const piece = fc.constantFrom(
    'event',
    '.headers',
    "['x']",
    '(',
    ')',
    '{',
    '}',
    ' => ',
    ' = ',
    ';',
    '\n',
    'if ',
    'return ',
    "'Allow'",
    '?.',
    '...',
    'function f',
    'class A ',
    'def f',
    ':',
    '  ',
    ',',
    '`${',
    '`',
    'await ',
    '*',
    '/',
    'x',
    '.split("/")[2]',
    ' in ',
    ' not ',
    'for ',
    'import ',
    ' from ',
  );

  it('is read or not, and ends', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const js = read({ 'a.js': `exports.handler = (event) => { event.methodArn; ${text} }` }, 'a.handler');
        const ts = read({ 'a.ts': `${text}\nexport const handler = (event) => f(event.methodArn);` }, 'a.handler');
        const py = read(
          { 'a.py': `def handler(event, c):\n  x = event["methodArn"]\n  ${text}` },
          'a.handler',
          'python3.13',
        );
        expect([js, ts, py].every((one) => typeof one === 'string' || one.decisionInputs !== undefined)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
