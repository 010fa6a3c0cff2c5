import type { Fact } from './fact.ts';
import type { Node } from './node.ts';
import type { SourceFile, Span } from './source.ts';

export type Format = 'serverless' | 'cloudformation';

/** The four questions a route answers, the fifth belongs to the project. */
export const stepIds = ['authorization', 'usage-plans', 'firewall', 'secrets', 'deployment-bucket'] as const;
export type StepId = (typeof stepIds)[number];

/** One deployable unit as its files describe it: a service or a stack with its nested stacks. */
export interface Project {
  readonly file: SourceFile;
  readonly format: Format;
  /** The service's or stack's own name, when it is written down. */
  readonly name: string | undefined;
  readonly stage: string | undefined;
  readonly files: readonly SourceFile[];
  readonly apis: readonly Api[];
  readonly authorizers: readonly Authorizer[];
  readonly apiKeys: readonly ApiKey[];
  readonly usagePlans: readonly UsagePlan[];
  readonly functions: readonly LambdaFunction[];
  readonly permissions: readonly Permission[];
  readonly roles: readonly Role[];
  readonly webAcls: readonly WebAcl[];
  readonly webAclAssociations: readonly WebAclAssociation[];
  readonly userPools: readonly UserPool[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly listeners: readonly Listener[];
  readonly targetGroups: readonly TargetGroup[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly containerServices: readonly ContainerService[];
  readonly buckets: readonly Bucket[];
  readonly kmsKeys: readonly KmsKey[];
  /** Every resource by logical id, for references and for what a role reaches. Lowered ones (see readers) included. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** Where the code of a serverless project is uploaded; undefined for plain templates. */
  readonly deploymentBucket: DeploymentBucket | undefined;
  /** All configuration that may hold a literal secret, resolved, with its context. */
  readonly configuration: readonly Configuration[];
  /** Parameters of the template or of `resources`, whether or not they have a default. */
  readonly parameters?: readonly StackParameter[];
  readonly plugins: readonly { readonly name: string; readonly span: Span }[];
  /** Settings that look like protection and have no effect where they stand. */
  readonly ignored: readonly IgnoredSetting[];
  /** Constructs that were seen and not read. Anything that depends on them is unknown. */
  readonly unread: readonly Unread[];
}

/** A resource of this project by logical id, or one elsewhere by the name or ARN written in the file. */
export type Link =
  | { readonly kind: 'local'; readonly id: string }
  | { readonly kind: 'external'; readonly name: string };

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
}

export interface Stage {
  /** Logical id of the Stage, or of the Deployment that carries the stage name. */
  readonly id: string;
  readonly name: Fact<string>;
  readonly span: Span;
  /** REST `MethodSettings`, HTTP `RouteSettings` and `DefaultRouteSettings`. */
  readonly throttles: readonly MethodThrottle[];
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

export interface ApiKey {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
  readonly enabled: Fact<boolean>;
  /** The key's value, when somebody wrote one into the configuration. */
  readonly value: Node | undefined;
}

export interface UsagePlan {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
  readonly stages: readonly UsagePlanStage[];
  readonly throttle: Throttle | undefined;
  readonly quota: Quota | undefined;
  /** Keys of this project that belong to the plan. */
  readonly keys: readonly Fact<Link>[];
}

export interface UsagePlanStage {
  readonly api: Fact<Link>;
  readonly stage: Fact<string>;
  readonly throttles: readonly MethodThrottle[];
  readonly span: Span;
}

export interface Quota {
  readonly limit: Fact<number> | undefined;
  readonly period: Fact<'DAY' | 'WEEK' | 'MONTH'> | undefined;
  readonly span: Span;
}

export interface LambdaFunction {
  /** Logical id, as osls names it for a serverless.yml. */
  readonly id: string;
  /** What people call it: the key under `functions`, the path of a CDK construct, else the logical id. */
  readonly name: string;
  readonly span: Span;
  readonly role: Fact<Link>;
  readonly environment: readonly EnvironmentVariable[];
  readonly kmsKey: Fact<Link> | undefined;
  /** `file.export` as written. */
  readonly handler: string | undefined;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value: Node;
  /** Place of the entry that sets it (the value's own span may lie elsewhere, behind a variable). */
  readonly span: Span;
}

/** `AWS::Lambda::Permission`. */
export interface Permission {
  readonly id: string;
  readonly span: Span;
  readonly function: Fact<Link>;
  readonly principal: Fact<string>;
  readonly sourceArn: Node | undefined;
  readonly sourceAccount: Node | undefined;
  readonly functionUrlAuthType: Fact<'NONE' | 'AWS_IAM'> | undefined;
}

export interface Role {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
  readonly statements: readonly PolicyStatement[];
  /** ARNs of managed policies as written. */
  readonly managedPolicies: readonly Fact<string>[];
}

export interface PolicyStatement {
  readonly span: Span;
  readonly effect: Fact<'Allow' | 'Deny'>;
  readonly actions: readonly Fact<string>[];
  readonly notActions: readonly Fact<string>[];
  /** Resolved nodes: literal patterns, references, texts, unknowns. */
  readonly resources: readonly Node[];
  readonly notResources: readonly Node[];
  /** `*`, account ids, ARNs, service names; undefined when the statement has none (identity policies). */
  readonly principals: readonly Fact<string>[] | undefined;
  readonly notPrincipals: readonly Fact<string>[] | undefined;
  readonly conditions: readonly PolicyCondition[];
}

export interface PolicyCondition {
  /** `StringEquals`, `IpAddress`, ... with its `ForAllValues:` prefix and `IfExists` suffix as written. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly Node[];
  readonly span: Span;
}

export interface WebAcl {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
  /** `classic` is AWS WAF Classic (regional or global), whose support ended. */
  readonly generation: 'v2' | 'classic';
  readonly scope: Fact<'REGIONAL' | 'CLOUDFRONT'>;
  readonly defaultAction: Fact<'allow' | 'block'>;
  /** In the order of the file, not of priority. */
  readonly rules: readonly WebAclRule[];
}

export interface WebAclRule {
  readonly name: string | undefined;
  readonly span: Span;
  readonly priority: Fact<number>;
  /** `none` means that the rules of the referenced group act by themselves. */
  readonly action: Fact<'allow' | 'block' | 'count' | 'captcha' | 'challenge' | 'none'>;
  readonly statement: {
    readonly kind: 'managed-group' | 'group' | 'rate' | 'other' | 'unknown';
    /** `AWS/AWSManagedRulesCommonRuleSet` for managed groups. */
    readonly group: string | undefined;
    readonly node: Node | undefined;
  };
  /** True when it marks the requests that it matches (`RuleLabels`). */
  readonly labels?: boolean;
}

export interface WebAclAssociation {
  readonly id: string;
  readonly span: Span;
  readonly webAcl: Fact<Link>;
  readonly target: Fact<WebAclTarget>;
}

export type WebAclTarget =
  /** Stage undefined: which stage is not decided by the files. */
  | { readonly kind: 'stage'; readonly api: string; readonly stage: string | undefined }
  | { readonly kind: 'load-balancer'; readonly id: string }
  | { readonly kind: 'user-pool'; readonly id: string }
  | { readonly kind: 'external'; readonly arn: string };

export interface UserPool {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
}

export interface LoadBalancer {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
  readonly scheme: Fact<'internet-facing' | 'internal'>;
  /** `classic`: the older AWS::ElasticLoadBalancing::LoadBalancer, which AWS WAF cannot protect. */
  readonly type: Fact<'application' | 'network' | 'gateway' | 'classic'>;
  readonly securityGroups: readonly Fact<Link>[];
}

export interface Listener {
  readonly id: string;
  readonly span: Span;
  readonly loadBalancer: Fact<Link>;
  readonly port: Fact<number>;
  /** HTTP, HTTPS, TCP, TLS, ... */
  readonly protocol: Fact<string>;
  readonly defaultActions: readonly ListenerAction[];
  readonly rules: readonly ListenerRule[];
  /** `verify` when client certificates are checked against a trust store. */
  readonly mutualTls: Fact<string> | undefined;
}

export interface ListenerRule {
  readonly id: string;
  readonly span: Span;
  readonly conditions: readonly ListenerCondition[];
  readonly actions: readonly ListenerAction[];
}

export interface ListenerCondition {
  readonly field:
    | 'path-pattern'
    | 'host-header'
    | 'http-header'
    | 'http-request-method'
    | 'query-string'
    | 'source-ip'
    | 'unknown';
  readonly header: string | undefined;
  readonly values: readonly Node[];
  readonly span: Span;
}

export interface ListenerAction {
  readonly type:
    | 'forward'
    | 'redirect'
    | 'fixed-response'
    | 'authenticate-oidc'
    | 'authenticate-cognito'
    | 'jwt-validation'
    | 'unknown';
  readonly targetGroups: readonly Fact<Link>[];
  /** Authentication that lets callers through who are not signed in (`OnUnauthenticatedRequest: allow`). */
  readonly optional?: boolean;
  /** Redirect only: the protocol it leads to. */
  readonly redirectProtocol: string | undefined;
  readonly span: Span;
}

export interface TargetGroup {
  readonly id: string;
  readonly span: Span;
  readonly targetType: Fact<'instance' | 'ip' | 'lambda' | 'alb'>;
  readonly functions: readonly Fact<Link>[];
}

export interface SecurityGroup {
  /** Logical id; of a group elsewhere the id or name that is written. */
  readonly id: string;
  readonly span: Span;
  /** True for a group elsewhere to which these files add rules: it may have others. */
  readonly elsewhere?: boolean;
  readonly ingress: readonly SecurityGroupIngress[];
}

export interface SecurityGroupIngress {
  readonly span: Span;
  /** IPv4 or IPv6 range; undefined when another group or a prefix list is the source. */
  readonly cidr: Fact<string> | undefined;
  readonly sourceGroup: Fact<Link> | undefined;
  readonly prefixList: Fact<string> | undefined;
  readonly fromPort: Fact<number> | undefined;
  readonly toPort: Fact<number> | undefined;
  readonly protocol: Fact<string>;
}

export interface ContainerService {
  readonly id: string;
  readonly span: Span;
  readonly targetGroups: readonly Fact<Link>[];
  readonly taskRole: Fact<Link> | undefined;
  readonly publicAddress: Fact<boolean>;
}

export interface Bucket {
  readonly id: string;
  readonly name: Fact<string>;
  readonly span: Span;
  /** `AES256`, `aws:kms`, `aws:kms:dsse`; known undefined when the template says nothing (S3 then uses AES256). */
  readonly encryption: Fact<string | undefined>;
  readonly kmsKey: Fact<Link> | undefined;
  /** The four switches of PublicAccessBlockConfiguration, false where not written; undefined when there is no block. */
  readonly publicAccessBlock:
    | Fact<{
        readonly acls: boolean;
        readonly policy: boolean;
        readonly ignoreAcls: boolean;
        readonly restrict: boolean;
      }>
    | undefined;
  readonly versioning: Fact<boolean>;
  /** Statements of the AWS::S3::BucketPolicy resources that name this bucket. */
  readonly policy: readonly PolicyStatement[];
}

export interface KmsKey {
  readonly id: string;
  readonly span: Span;
  readonly rotation: Fact<boolean>;
  readonly policy: readonly PolicyStatement[];
}

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly span: Span;
  /** Properties with intrinsics evaluated; an empty map when none are written. */
  readonly properties: Node;
  /** Condition that decides whether it exists. */
  readonly condition: string | undefined;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: string | undefined;
  /** True for resources that the framework makes from a shorter notation, as `functions` of serverless.yml. */
  readonly generated: boolean;
}

/** `provider.deploymentBucket` and what plugins say of it. */
export interface DeploymentBucket {
  /** The entry, or `provider` when there is none. */
  readonly span: Span;
  /** `framework`: the framework makes one for this service and stage. `named`: an existing one is used. */
  readonly kind: 'framework' | 'named' | 'unknown';
  readonly name: Fact<string> | undefined;
  /** Settings as written, by key (`serverSideEncryption`, `blockPublicAccess`, ...), with whether the framework acts on them. */
  readonly settings: readonly {
    readonly key: string;
    readonly value: Node;
    readonly span: Span;
    readonly effective: boolean;
    readonly reason?: string;
  }[];
  /** Plugin that creates or changes the bucket. */
  readonly plugin: string | undefined;
  readonly framework: 'serverless' | 'osls';
  /** True for Serverless Framework v4 without a named bucket: it keeps one bucket for all services of an account and region. */
  readonly sharedByFramework?: boolean;
}

export type ConfigurationContext =
  | 'environment'
  | 'custom'
  | 'params'
  | 'stack-parameter'
  | 'parameter-default'
  | 'output'
  | 'resource'
  | 'api-key'
  | 'provider'
  | 'other';

/** The root of a tree of values, as deployed. Every scalar below it is a candidate for the secrets step. */
export interface Configuration {
  readonly context: ConfigurationContext;
  /** Keys from the root of the file to `node`, as people write them: provider, environment. */
  readonly path: readonly string[];
  readonly node: Node;
  /** Function or resource that receives the values, when there is exactly one. */
  readonly owner: string | undefined;
  /** Type of the owning resource (`AWS::RDS::DBInstance`) when context is `resource` or `environment`. */
  readonly resourceType: string | undefined;
}

export interface StackParameter {
  readonly name: string;
  readonly type: string;
  readonly noEcho: boolean;
  readonly span: Span;
}

export interface IgnoredSetting {
  readonly step: StepId;
  /** As written: provider.usagePlan. */
  readonly path: string;
  readonly span: Span;
  /** Why it has no effect, as a sentence. */
  readonly reason: string;
  /** Where or how to write it so that it works. */
  readonly instead: string;
}

export interface Unread {
  /** What it is, for people: `OpenAPI body`. */
  readonly what: string;
  readonly reason: string;
  readonly span: Span;
  /** Steps whose answer depends on it. */
  readonly steps: readonly StepId[];
  /** Set when whole resources of any kind may lie in it, a web ACL association say; else it is one thing, as `what` names it. */
  readonly hides?: 'resources';
}
