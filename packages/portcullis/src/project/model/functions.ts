import type { Fact } from '../fact.ts';
import type { Node } from '../node.ts';
import type { Span } from '../source.ts';
import type { Link } from './base.ts';
import type { FunctionCode, FunctionSource } from './code.ts';

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
  /** How its code is given; undefined for an image, and where the template says nothing of it. */
  readonly source?: FunctionSource | undefined;
  /** What its source says, read when it is asked for; undefined where no reader looks at code. */
  readonly code?: Fact<FunctionCode>;
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
  /** The same as values, references to roles kept; only where the statement has a Principal. */
  readonly principalNodes?: readonly Node[];
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
