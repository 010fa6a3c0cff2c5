import type { Node } from '../node.ts';
import type { Span } from '../source.ts';

/** `serverless` is any serverless.{yml,json,ts,js}; `sam` a template with the AWS::Serverless transform; CDK output is `cloudformation`. */
export type Format = 'serverless' | 'sam' | 'cloudformation';

/** The four questions a route answers, the fifth belongs to the project. */
export const stepIds = ['authorization', 'usage-plans', 'firewall', 'secrets', 'deployment-bucket'] as const;
export type StepId = (typeof stepIds)[number];

/** A resource of this project by logical id, or one elsewhere by the name or ARN written in the file. */
export type Link =
  | { readonly kind: 'local'; readonly id: string }
  | { readonly kind: 'external'; readonly name: string };

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
