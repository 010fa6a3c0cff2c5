import type { Fact } from '../fact.ts';
import type { Span } from '../source.ts';
import type { Link } from './base.ts';

/** A name under which APIs are reached besides their own address (`execute-api`). */
export interface CustomDomain {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
  /** Whether clients have to present a certificate of the trust store. */
  readonly mutualTls: Fact<boolean>;
  /** `TLS_1_0`, `TLS_1_2`, ...; undefined when it is not written. */
  readonly securityPolicy: Fact<string> | undefined;
  readonly securityPolicySpan: Span;
  /** APIs that a mapping leads to. */
  readonly apis: readonly Fact<Link>[];
}

/** A CloudFront distribution, as far as it leads to APIs of this project. */
export interface Distribution {
  readonly id: string;
  readonly span: Span;
  /** Known undefined when it has no web ACL. */
  readonly webAcl: Fact<Link | undefined>;
  readonly origins: readonly DistributionOrigin[];
}

export interface DistributionOrigin {
  readonly span: Span;
  /** Id of the API whose own address the origin is. */
  readonly api: string;
  /** Names of the headers that CloudFront adds to every request, in lower case. */
  readonly addedHeaders: readonly string[];
}

/** A snapshot of an API, which is what a stage serves. */
export interface Deployment {
  readonly id: string;
  readonly span: Span;
  readonly kind: 'rest' | 'v2';
  readonly api: Fact<Link>;
  /** True when the logical id carries a hash, a time or a number, so that it can be a new one with every change. */
  readonly renamed: boolean;
  /** Methods or routes of its API in the same template. */
  readonly methods: number;
  /** Logical ids of those that may not exist yet when the snapshot is taken: nothing makes it wait for them. */
  readonly unawaited: readonly string[];
}
