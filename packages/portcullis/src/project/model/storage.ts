import type { Fact } from '../fact.ts';
import type { Node } from '../node.ts';
import type { Span } from '../source.ts';
import type { Link } from './base.ts';
import type { PolicyStatement } from './functions.ts';

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
  /** Known false for keys that KMS cannot rotate: asymmetric and HMAC keys, imported material, replicas. */
  readonly rotatable?: Fact<boolean>;
  readonly policy: readonly PolicyStatement[];
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
  /** Region that the service is deployed to. */
  readonly region?: Fact<string>;
  /** `provider.profile`, which stands for the account; undefined when none is written. */
  readonly profile?: Fact<string>;
}
