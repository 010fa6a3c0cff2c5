import type { Fact } from '../fact.ts';
import type { Span } from '../source.ts';
import type { Link } from './base.ts';

export interface UserPool {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
  /** Whether anybody may make an account: Cognito's default, unless `AllowAdminCreateUserOnly` is true. */
  readonly selfSignUp: Fact<boolean>;
  /** The setting when it is written, else the pool. */
  readonly selfSignUpSpan: Span;
  /** A PreSignUp trigger, which may refuse whom it wants. */
  readonly preSignUp: boolean;
  /** Attributes of `Schema` that the pool adds, without the prefix `custom:`. */
  readonly customAttributes: readonly CustomAttribute[];
}

export interface CustomAttribute {
  readonly name: string;
  /** Whether the value can be changed after sign-up; Cognito's default is true. */
  readonly mutable: Fact<boolean>;
  readonly span: Span;
}

/** An app client: what an application is to a user pool. */
export interface UserPoolClient {
  readonly id: string;
  readonly span: Span;
  readonly pool: Fact<Link>;
  /** `WriteAttributes`; undefined when none are written, and users may then set every attribute. */
  readonly writeAttributes: Fact<readonly string[]> | undefined;
  readonly writeAttributesSpan: Span;
  /** `client_credentials` clients have no users. */
  readonly oauthFlows: Fact<readonly string[]>;
}

export interface IdentityPool {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
  /** Whether it hands AWS credentials to callers who have not signed in. */
  readonly guests: Fact<boolean>;
  readonly guestsSpan: Span;
  readonly guestRole: Fact<Link> | undefined;
  /** The basic (classic) flow, in which AWS does not narrow the credentials of guests to a list of services. */
  readonly classicFlow: Fact<boolean>;
}
