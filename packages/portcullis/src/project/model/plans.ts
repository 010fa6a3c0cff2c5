import type { Fact } from '../fact.ts';
import type { Node } from '../node.ts';
import type { Span } from '../source.ts';
import type { MethodThrottle, Throttle } from './apis.ts';
import type { Link } from './base.ts';

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
