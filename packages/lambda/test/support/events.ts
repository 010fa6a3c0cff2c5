// The shapes that the API Gateway developer guide documents: "Input to an API Gateway Lambda authorizer", "Control access to HTTP APIs with
// Lambda authorizers in API Gateway"; for function URLs, "Invoking Lambda function URLs" in the Lambda developer guide.
export const stageArn = 'arn:aws:execute-api:eu-central-1:123456789012:abcdef123/prod';

export const tokenEvent = (authorizationToken: string, tail = 'GET/orders') => ({
  type: 'TOKEN',
  authorizationToken,
  methodArn: `${stageArn}/${tail}`,
});

const identity = { apiKey: null, apiKeyId: null, sourceIp: '192.0.2.1', userAgent: 'curl/8', clientCert: null };

export const requestEvent = (headers: Record<string, string>, tail = 'GET/orders', resource = '/orders') => ({
  type: 'REQUEST',
  methodArn: `${stageArn}/${tail}`,
  resource,
  path: `/${tail.split('/').slice(1).join('/')}`,
  httpMethod: tail.split('/')[0],
  headers,
  multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
  queryStringParameters: {},
  multiValueQueryStringParameters: {},
  pathParameters: {},
  stageVariables: {},
  requestContext: { resourcePath: resource, httpMethod: tail.split('/')[0], stage: 'prod', identity },
});

export const http1Event = (headers: Record<string, string>, tail = 'GET/orders', resource = '/orders') => ({
  ...requestEvent(headers, tail, resource),
  version: '1.0',
  identitySource: headers['authorization'] ?? '',
  authorizationToken: headers['authorization'] ?? '',
});

export const http2Event = (
  headers: Record<string, string>,
  routeKey = 'GET /orders',
  tail = 'GET/orders',
  identitySource: readonly string[] | null = [headers['authorization'] ?? ''],
) => ({
  version: '2.0',
  type: 'REQUEST',
  routeArn: `${stageArn}/${tail}`,
  identitySource,
  routeKey,
  rawPath: `/${tail.split('/').slice(1).join('/')}`,
  rawQueryString: '',
  cookies: [],
  headers,
  queryStringParameters: {},
  requestContext: {
    accountId: '123456789012',
    apiId: 'abcdef123',
    authentication: null,
    routeKey,
    stage: 'prod',
    http: { method: tail.split('/')[0] },
  },
  pathParameters: {},
  stageVariables: {},
});

/** A request to a function URL; an HTTP API sends the same with its own `routeKey`. */
export const urlEvent = (
  headers: Record<string, string>,
  method = 'GET',
  rawPath = '/orders',
  routeKey = '$default',
) => ({
  version: '2.0',
  routeKey,
  rawPath,
  rawQueryString: '',
  headers,
  requestContext: {
    http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'curl/8' },
    stage: '$default',
  },
  isBase64Encoded: false,
});
