import type { Credentials } from '../authorize/decision.ts';
import { isObject, type JsonObject, own } from '../token/json.ts';

/** What an authorizer needs of its event, whichever of the four shapes it has. */
export interface AuthorizerRequest {
  /** REST APIs answer 401 to an error named `Unauthorized`; HTTP APIs have no such word. */
  readonly api: 'rest' | 'http';
  readonly version: '1.0' | '2.0';
  readonly credentials: Credentials;
  /** `arn:aws:execute-api:{region}:{account}:{api}/{stage}`. */
  readonly stageArn: string;
  /** The whole ARN of the request. */
  readonly arn: string;
  readonly method: string;
  /** The template of the route where the event has it. */
  readonly template: string | undefined;
  readonly path: string;
  /** What the result is cached by, where the event says so; undefined where it does not, empty where nothing is cached. */
  readonly identitySource: readonly string[] | undefined;
}

const text = (object: JsonObject, name: string): string | undefined => {
  const value = own(object, name);
  return typeof value === 'string' ? value : undefined;
};

/**
 * Reads the event of a Lambda authorizer: TOKEN and REQUEST of REST APIs, format 1.0 and 2.0 of HTTP APIs. Undefined where it is none of them.
 * "Input to an API Gateway Lambda authorizer", "Control access to HTTP APIs with Lambda authorizers" in the API Gateway developer guide.
 */
export function readAuthorizerEvent(event: unknown): AuthorizerRequest | undefined {
  if (!isObject(event)) return undefined;
  const type = text(event, 'type');
  const version = text(event, 'version');
  if ((type !== 'TOKEN' && type !== 'REQUEST') || (version !== undefined && version !== '1.0' && version !== '2.0'))
    return undefined;
  const arn = text(event, version === '2.0' ? 'routeArn' : 'methodArn');
  const match = /^(arn:[a-z-]+:execute-api:[a-z0-9-]+:\d*:[^/*?]+\/[^/*?]+)\/([A-Z]+)(\/.*)?$/s.exec(arn ?? '');
  if (arn === undefined || !match) return undefined;
  const [, stageArn = '', method = '', path = '/'] = match;
  const token = text(event, 'authorizationToken');
  return {
    api: version === undefined ? 'rest' : 'http',
    version: version ?? '1.0',
    // A TOKEN event carries one header, and not its name: whichever was configured.
    credentials: type === 'TOKEN' ? { header: () => (token === undefined ? [] : [token]) } : credentialsOf(event),
    stageArn,
    arn,
    method,
    template: version === '2.0' ? text(event, 'routeKey')?.replace(/^[A-Z]+ /, '') : text(event, 'resource'),
    path,
    identitySource: version === undefined ? undefined : readIdentitySource(own(event, 'identitySource')),
  };
}

/** A list in format 2.0, values joined by commas in 1.0. */
function readIdentitySource(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(',');
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** What a request to a function says: of a function URL, an HTTP API or a REST API. */
export interface FunctionRequest {
  readonly credentials: Credentials;
  readonly method: string;
  readonly path: string;
  readonly template: string | undefined;
}

/** Reads the event of a proxied request, format 1.0 or 2.0; undefined where it is none. */
export function readFunctionEvent(event: unknown): FunctionRequest | undefined {
  if (!isObject(event)) return undefined;
  const credentials = credentialsOf(event);
  const context = own(event, 'requestContext');
  if (text(event, 'version') === '2.0') {
    const http = isObject(context) ? own(context, 'http') : undefined;
    const method = isObject(http) ? text(http, 'method') : undefined;
    const path = text(event, 'rawPath');
    const key = /^[A-Z]+ (\/.*)$/s.exec(text(event, 'routeKey') ?? '');
    return method === undefined || path === undefined ? undefined : { credentials, method, path, template: key?.[1] };
  }
  const method = text(event, 'httpMethod');
  const path = text(event, 'path');
  return method === undefined || path === undefined
    ? undefined
    : { credentials, method, path, template: text(event, 'resource') };
}

/** Header names are compared without regard to case; a name that stands in several spellings has several values. */
function credentialsOf(event: JsonObject): Credentials {
  const [many, one] = ['multiValueHeaders', 'headers'].map((name) => own(event, name));
  const maps = isObject(many) && Object.keys(many).length > 0 ? [many] : isObject(one) ? [one] : [];
  return {
    header: (name) =>
      maps
        .flatMap((map) => Object.entries(map))
        .filter(([key]) => key.toLowerCase() === name)
        .flatMap(([, value]) => value)
        .filter((value): value is string => typeof value === 'string'),
  };
}
