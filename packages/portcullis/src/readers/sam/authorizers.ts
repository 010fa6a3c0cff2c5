import { get, type MapNode, type Node, type Span, stringOf, textOf } from '../../project/index.ts';
import { makeMap, type Plain } from '../serverless/lower/nodes.ts';
import { account, given, isTrue, truthy } from './context.ts';

// Security schemes of the OpenAPI document, as the transform writes them for `Auth.Authorizers`.

const authorizerKey = 'x-amazon-apigateway-authorizer';

export const iamScheme = {
  type: 'apiKey',
  name: 'Authorization',
  in: 'header',
  'x-amazon-apigateway-authtype': 'awsSigv4',
} as const;

export const apiKeyScheme = { type: 'apiKey', name: 'x-api-key', in: 'header' } as const;

const invocation = (arn: Plain): Plain => ({
  'Fn::Sub': [
    'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${__FunctionArn__}/invocations',
    { __FunctionArn__: arn },
  ],
});

/** An authorizer of AWS::Serverless::Api: a user pool, or a function of the type TOKEN (when nothing is said) or REQUEST. */
export function restScheme(authorizer: Node, span: Span): MapNode {
  const identity = get(authorizer, 'Identity');
  const pool = given(get(authorizer, 'UserPoolArn'));
  const request = stringOf(get(authorizer, 'FunctionPayloadType')) === 'REQUEST';
  const arn = given(get(authorizer, 'FunctionArn'));
  const header = given(get(identity, 'Header')) ?? 'Authorization';
  const role = invokeRole(authorizer);
  const validation = given(get(identity, 'ValidationExpression'));
  if (truthy(pool)) {
    return makeMap(span, {
      type: 'apiKey',
      name: header,
      in: 'header',
      'x-amazon-apigateway-authtype': 'cognito_user_pools',
      [authorizerKey]: {
        type: 'cognito_user_pools',
        providerARNs: pool?.kind === 'list' ? pool : [pool],
        identityValidationExpression: validation,
      },
    });
  }
  return makeMap(span, {
    type: 'apiKey',
    name: request ? 'Unused' : header,
    in: 'header',
    'x-amazon-apigateway-authtype': 'custom',
    [authorizerKey]: {
      type: request ? 'request' : 'token',
      authorizerUri: arn && invocation(arn),
      authorizerResultTtlInSeconds: given(get(identity, 'ReauthorizeEvery')),
      authorizerCredentials: role,
      identitySource: request ? restSources(identity) : undefined,
      identityValidationExpression: request ? undefined : validation,
    },
  });
}

function invokeRole(authorizer: Node): Node | undefined {
  const role = given(get(authorizer, 'FunctionInvokeRole'));
  return stringOf(role) === 'NONE' ? undefined : role;
}

const sourceKinds = [
  ['Headers', 'method.request.header.', '$request.header.'],
  ['QueryStrings', 'method.request.querystring.', '$request.querystring.'],
  ['StageVariables', 'stageVariables.', '$stageVariables.'],
  ['Context', 'context.', '$context.'],
] as const;

function sources(identity: Node | undefined, which: 1 | 2): readonly string[] {
  return sourceKinds.flatMap((kind) => {
    const names = get(identity, kind[0]);
    return names?.kind === 'list' ? names.items.flatMap((name) => `${kind[which]}${textOf(name) ?? '?'}`) : [];
  });
}

function restSources(identity: Node | undefined): string | undefined {
  const found = sources(identity, 1);
  return found.length > 0 ? found.join(', ') : undefined;
}

/** An authorizer of AWS::Serverless::HttpApi: a JWT authorizer when it has a `JwtConfiguration`, else a function. */
export function httpScheme(authorizer: Node, span: Span): MapNode {
  const jwt = given(get(authorizer, 'JwtConfiguration'));
  if (truthy(jwt)) {
    return makeMap(span, {
      type: 'oauth2',
      [authorizerKey]: {
        type: 'jwt',
        jwtConfiguration: jwt && lowerKeys(jwt),
        identitySource: given(get(authorizer, 'IdentitySource')),
      },
    });
  }
  const arn = given(get(authorizer, 'FunctionArn'));
  const identity = given(get(authorizer, 'Identity'));
  const simple = get(authorizer, 'EnableSimpleResponses');
  return makeMap(span, {
    type: 'apiKey',
    name: 'Unused',
    in: 'header',
    [authorizerKey]: {
      type: 'request',
      authorizerUri: arn && invocation(arn),
      authorizerCredentials: invokeRole(authorizer),
      authorizerResultTtlInSeconds: given(get(identity, 'ReauthorizeEvery')),
      identitySource: identity && sources(identity, 2),
      authorizerPayloadFormatVersion: given(get(authorizer, 'AuthorizerPayloadFormatVersion')),
      enableSimpleResponses: truthy(simple) ? simple : undefined,
    },
  });
}

/** `Issuer`, `Audience` are taken in both spellings. */
function lowerKeys(jwt: Node): Node {
  if (jwt.kind !== 'map') return jwt;
  return { ...jwt, entries: jwt.entries.map((entry) => ({ ...entry, key: entry.key.toLowerCase() })) };
}

/** Permissions for API Gateway to call the functions of authorizers. An HTTP API gets them only on demand. */
export function authorizerPermission(authorizer: Node, kind: 'rest' | 'http'): Node | undefined {
  const arn = given(get(authorizer, 'FunctionArn'));
  if (kind === 'http') return isTrue(get(authorizer, 'EnableFunctionDefaultPermissions')) ? arn : undefined;
  return isTrue(get(authorizer, 'DisableFunctionDefaultPermissions')) ? undefined : arn;
}

export const authorizerSource = (api: string): Plain => ({
  'Fn::Sub': [`arn:\${AWS::Partition}:execute-api:${account}:\${__ApiId__}/authorizers/*`, { __ApiId__: { Ref: api } }],
});
