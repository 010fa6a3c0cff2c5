import type { Fact } from '../fact.ts';
import type { Node } from '../node.ts';
import type { Span } from '../source.ts';
import type { Link } from './base.ts';
import type { PolicyStatement } from './functions.ts';

/** `AWS::SecretsManager::Secret` with what other resources of the files say of it. */
export interface Secret {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
  /** Undefined when none is written: Secrets Manager then uses the AWS managed key `aws/secretsmanager`. */
  readonly kmsKey: Fact<Link> | undefined;
  /** The value is made by Secrets Manager (`GenerateSecretString`); false when somebody writes or enters it. */
  readonly generated: boolean;
  /** `SecretString`, or the template of the generated one: what is known of the JSON in it. */
  readonly text: Node | undefined;
  /** Statements of the AWS::SecretsManager::ResourcePolicy resources that name it, but for those that refuse public policies. */
  readonly policy: readonly PolicyStatement[];
  /** AWS::SecretsManager::SecretTargetAttachment, which writes the address of a database into it. */
  readonly attachments: readonly SecretAttachment[];
  readonly rotations: readonly SecretRotation[];
}

export interface SecretAttachment {
  readonly id: string;
  readonly span: Span;
  readonly target: Fact<Link>;
}

/** `AWS::SecretsManager::RotationSchedule`. */
export interface SecretRotation {
  readonly id: string;
  readonly span: Span;
  /** True when it waits for an attachment of the secret: it refers to one, or depends on one. */
  readonly afterAttachment: boolean;
  /** Type of a rotation function that Secrets Manager provides (`PostgreSQLSingleUser`); undefined for a function of one's own. */
  readonly hosted: Fact<string> | undefined;
  /** False when it waits for the next date instead of rotating as soon as it is deployed. */
  readonly immediately: Fact<boolean>;
}

/** `AWS::RDS::DBInstance`, `AWS::RDS::DBCluster`, and clusters of DocumentDB, Neptune and Redshift. */
export interface Database {
  readonly id: string;
  readonly type: string;
  readonly span: Span;
  /** Lower case: `postgres`, `aurora-mysql`. */
  readonly engine: Fact<string>;
  readonly engineVersion: Fact<string> | undefined;
  /** Undefined when nothing is written and it depends on subnets that are named; unknown when it depends on the default VPC. */
  readonly public: Fact<boolean> | undefined;
  /** Known true only when the files say so; undefined when it follows from another resource: a cluster, a snapshot, a source. */
  readonly encrypted: Fact<boolean> | undefined;
  /** `MasterUserPassword`; undefined when the password is managed, inherited, or not written. */
  readonly password: Node | undefined;
  readonly managedPassword: Fact<boolean>;
  /** True when clients must use TLS, by the parameter group of these files; undefined when no group of these files is named. */
  readonly demandsTls: Fact<boolean> | undefined;
}
