import type { Fact } from '../fact.ts';
import type { Node } from '../node.ts';
import type { Span } from '../source.ts';
import type { Link } from './base.ts';

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
  /** Bytes of a body that the rules see on API Gateway (16,384 unless `AssociationConfig` raises it); a load balancer always hands over 8,192. */
  readonly bodyLimit?: Fact<number>;
  /** Names of headers, in lower case, that `DataProtectionConfig` keeps out of logs and samples; undecided ones left out. */
  readonly protectedHeaders?: readonly string[];
  /** The AWS::WAFv2::LoggingConfiguration that names it. */
  readonly logging?: WebAclLogging;
}

export interface WebAclLogging {
  readonly id: string;
  readonly span: Span;
  /** Names of the headers in `RedactedFields`, in lower case. */
  readonly redactedHeaders: Fact<readonly string[]>;
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
