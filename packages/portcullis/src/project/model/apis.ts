import type { Fact } from '../fact.ts';
import type { Node } from '../node.ts';
import type { Span } from '../source.ts';
import type { Link, Unread } from './base.ts';
import type { PolicyStatement } from './functions.ts';

export type ApiKind = 'rest' | 'http' | 'websocket' | 'url' | 'alb';

export interface Api {
  /** Logical id in the template that is deployed, as osls names it for a serverless.yml. */
  readonly id: string;
  readonly kind: ApiKind;
  readonly name: string | undefined;
  readonly span: Span;
  /** REST only: how it is reached. `PRIVATE` means through a VPC endpoint. */
  readonly endpoint: Fact<'EDGE' | 'REGIONAL' | 'PRIVATE'>;
  /** REST only; a known empty list when there is no resource policy. */
  readonly resourcePolicy: Fact<readonly PolicyStatement[]>;
  /** Where the resource policy is written, when there is one. */
  readonly resourcePolicySpan: Span | undefined;
  readonly keySource: Fact<'HEADER' | 'AUTHORIZER'>;
  readonly defaultEndpointDisabled: Fact<boolean>;
  readonly stages: readonly Stage[];
  readonly routes: readonly Route[];
  /** Set when the routes or a part of them are described in a way that was not read (an OpenAPI body, say). */
  readonly unreadRoutes: readonly Unread[];
  /** What the gateway itself tells browsers about pages of other origins; headers that code sets are not here. */
  readonly cors?: readonly CorsGrant[];
}

/** CORS headers that are answered without any code: a CORS configuration, a mock preflight, a gateway response. */
export interface CorsGrant {
  /** Id of the API, route or gateway response that answers them. */
  readonly id: string;
  readonly source: 'configuration' | 'preflight' | 'gateway-response';
  readonly span: Span;
  /** As they are answered (`*`, `https://app.example.com`), or the patterns whose matches are answered (`https://*`, `.+`). */
  readonly origins: Fact<readonly string[]>;
  /** `Access-Control-Allow-Credentials: true`: browsers then send cookies and hand the answer to the page. */
  readonly credentials: Fact<boolean>;
  /** True when the caller's own `Origin` is answered to those who match `origins`. */
  readonly reflects: boolean;
}

export interface Stage {
  /** Logical id of the Stage, or of the Deployment that carries the stage name. */
  readonly id: string;
  readonly name: Fact<string>;
  readonly span: Span;
  /** REST `MethodSettings`, HTTP `RouteSettings` and `DefaultRouteSettings`. */
  readonly throttles: readonly MethodThrottle[];
  /** Other settings of methods, in the order of the file; absent when the stage has none. */
  readonly methods?: readonly MethodSetting[];
  /** Whether requests are written to an access log; absent where the files cannot say (a stage of an API elsewhere). */
  readonly accessLogs?: Fact<boolean>;
  /** REST only: whether there is a cache cluster for responses. */
  readonly cacheCluster?: Fact<boolean>;
}

/** A setting that is undefined is not written. */
export interface MethodSetting {
  /** `*` or a path as in Route.path. */
  readonly path: string;
  /** `*` or an upper-case method. */
  readonly method: string;
  /** `DataTraceEnabled`: whole requests and responses are written to the execution log. */
  readonly dataTrace: Fact<boolean> | undefined;
  /** `OFF`, `ERROR` or `INFO`. */
  readonly logLevel: Fact<string> | undefined;
  /** REST only. */
  readonly caching: Fact<boolean> | undefined;
  /** REST only: `CacheDataEncrypted`. */
  readonly cacheEncrypted: Fact<boolean> | undefined;
  readonly span: Span;
}

/** Rate in requests per second, burst in requests; undefined facts inside are "not set", and so is -1 in a branch of a condition. */
export interface Throttle {
  readonly rate: Fact<number> | undefined;
  readonly burst: Fact<number> | undefined;
  readonly span: Span;
}

export interface MethodThrottle extends Throttle {
  /** `*` or a path as in Route.path. */
  readonly path: string;
  /** `*` or an upper-case method. */
  readonly method: string;
}

export interface Route {
  /** Unique in the project and stable when lines move: api id, method and path. */
  readonly id: string;
  /** Upper-case or ANY. */
  readonly method: string;
  /** Begins with `/`; `$default`, `$connect` and other route keys of HTTP and WebSocket APIs as they are. */
  readonly path: string;
  readonly span: Span;
  readonly integration: Integration;
  readonly authorization: Fact<RouteAuthorization>;
  readonly scopes: Fact<readonly string[]>;
  readonly apiKeyRequired: Fact<boolean>;
  /** An OPTIONS method that answers from the gateway by itself (MOCK), as generated for CORS. */
  readonly preflight: boolean;
  /** REST only: what tells cached responses apart besides the path, `method.request.header.Authorization`; absent when nothing is written. */
  readonly cacheKeys?: Fact<readonly string[]>;
  /** Security schemes that an OpenAPI document asks for here and API Gateway enforces nothing for; absent when there are none. */
  readonly unenforced?: readonly UnenforcedScheme[];
}

/** `type` as in OpenAPI (`http`, `oauth2`, `apiKey`); undefined when the document names a scheme that it does not define. */
export interface UnenforcedScheme {
  readonly name: string;
  readonly type: string | undefined;
  readonly span: Span;
}

export type RouteAuthorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'iam' }
  | { readonly kind: 'authorizer'; readonly authorizer: Fact<Link>; readonly type: 'lambda' | 'cognito' | 'jwt' }
  /** Load balancer listener rule with authenticate-oidc, authenticate-cognito or jwt-validation before the target, or mutual TLS. */
  | { readonly kind: 'listener'; readonly type: 'oidc' | 'cognito' | 'jwt' | 'mutual-tls' };

export type Integration =
  | { readonly kind: 'function'; readonly function: Fact<Link>; readonly span: Span }
  | {
      readonly kind: 'http';
      readonly uri: Fact<string>;
      /** Load balancer of this project that the address leads to. */
      readonly loadBalancer: string | undefined;
      /** Through a VPC link, not over the public internet. */
      readonly private: Fact<boolean>;
      /** Names of headers that the integration adds or overwrites with a static or mapped value. */
      readonly headers: readonly { readonly name: string; readonly value: Node; readonly span: Span }[];
      readonly span: Span;
    }
  | { readonly kind: 'mock'; readonly span: Span }
  | {
      readonly kind: 'service';
      readonly service: string;
      /** The role that API Gateway acts with (`Credentials`, `CredentialsArn`). */
      readonly role?: Fact<Link> | undefined;
      readonly span: Span;
    }
  | { readonly kind: 'containers'; readonly targetGroups: readonly Fact<Link>[]; readonly span: Span }
  | { readonly kind: 'unknown'; readonly reason: string; readonly span: Span };

export interface Authorizer {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
  readonly api: Fact<Link>;
  readonly type: 'token' | 'request' | 'cognito' | 'jwt' | 'unknown';
  readonly function: Fact<Link> | undefined;
  readonly userPools: readonly Fact<Link>[];
  /** JWT only. */
  readonly issuer: Fact<string> | undefined;
  /** JWT only; a known empty list when none is given. */
  readonly audiences: Fact<readonly string[]>;
  readonly identitySources: Fact<readonly string[]>;
  readonly validationExpression: Fact<string> | undefined;
  /** Seconds; undefined when not written (REST then uses 300, HTTP APIs 0). */
  readonly ttl: Fact<number> | undefined;
  readonly simpleResponses: Fact<boolean>;
}
