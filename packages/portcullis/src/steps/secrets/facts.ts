import type { ValueSource } from '../../project/index.ts';
import type { Place } from './places.ts';

/** Tags of the model that say where a value comes from, as people say it. */
export const sourceNames: Readonly<Partial<Record<ValueSource, string>>> = {
  ssm: 'Parameter Store',
  env: 'an environment variable of the deploying machine',
  dotenv: 'a .env file',
  opt: 'the command line',
  param: 'a stage parameter',
  parameter: 'a stack parameter',
  cf: 'the output of another stack',
  import: 'an export of another stack',
  s3: 'an object in S3',
  file: 'another file',
  vault: 'a vault',
  terraform: 'a Terraform output',
  'dynamic-reference': 'a dynamic reference',
};

/** Sources that the framework resolves before it writes the template; the rest is resolved by CloudFormation. */
export const resolvedByFramework: ReadonlySet<ValueSource> = new Set([
  'env',
  'dotenv',
  'opt',
  'param',
  'ssm',
  's3',
  'cf',
  'vault',
  'terraform',
  'file',
  'code',
  'plugin',
  'other',
]);

/**
 * Properties that take `{{resolve:ssm-secure:...}}`; CloudFormation refuses it everywhere else. Source: "Referencing AWS Systems
 * Manager Parameter Store secure string parameters", AWS CloudFormation User Guide. Numbers in paths are left out.
 */
export const takesSecureString: Readonly<Record<string, readonly string[]>> = {
  'AWS::DirectoryService::MicrosoftAD': ['Password'],
  'AWS::DirectoryService::SimpleAD': ['Password'],
  'AWS::ElastiCache::ReplicationGroup': ['AuthToken'],
  'AWS::IAM::User': ['LoginProfile.Password'],
  'AWS::KinesisFirehose::DeliveryStream': ['RedshiftDestinationConfiguration.Password'],
  'AWS::OpsWorks::App': ['AppSource.Password', 'Source.Password'],
  'AWS::OpsWorks::Stack': ['RdsDbInstances.DbPassword', 'CustomCookbooksSource.Password'],
  'AWS::RDS::DBCluster': ['MasterUserPassword'],
  'AWS::RDS::DBInstance': ['MasterUserPassword'],
  'AWS::Redshift::Cluster': ['MasterUserPassword'],
};

/** Attributes of `Fn::GetAtt` that are secrets. */
export const secretAttributes: ReadonlySet<string> = new Set(['SecretAccessKey', 'ClientSecret']);

/** What Systems Manager, Secrets Manager and KMS call reading a secret. */
export const readActions = {
  parameters: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath', 'ssm:GetParameterHistory'],
  secrets: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
  keys: ['kms:Decrypt'],
} as const;

/** AWS managed policies by which a role reads every secret or parameter of the account. */
export const managedPoliciesThatRead: Readonly<Record<string, string>> = {
  AdministratorAccess: 'every secret and every parameter',
  PowerUserAccess: 'every secret and every parameter',
  SecretsManagerReadWrite: 'every secret',
  AmazonSSMFullAccess: 'every parameter',
  AmazonSSMReadOnlyAccess: 'every parameter',
};

/** `an API key`, `a password`. */
export function withArticle(what: string): string {
  return `${/^(?:[aeio]|SSH|RSA|HMAC|npm)/i.test(what) ? 'an' : 'a'} ${what}`;
}

const environmentKeys: ReadonlySet<string> = new Set([
  'Environment',
  'EnvironmentVariables',
  'RuntimeEnvironmentVariables',
]);

/** True below the environment of a function, container or build. */
export function isEnvironment(place: Place): boolean {
  if (place.context === 'environment') return true;
  return place.context === 'resource' && place.path.some((key, index) => index > 0 && environmentKeys.has(key));
}

/** People create these with a word in it and set the value by hand afterwards. */
const filledInLater: ReadonlySet<string> = new Set(['AWS::SSM::Parameter', 'AWS::SecretsManager::Secret']);

/** True where CloudFormation creates something with exactly this value. */
export function isDeployed(place: Place): boolean {
  if (place.context === 'resource') return !isEnvironment(place) && !filledInLater.has(place.resourceType ?? '');
  return place.context === 'parameter-default' || place.context === 'stack-parameter';
}

/** The path as the detector reads it: the name of a parameter or output stands above its `Default` or `Value`. */
export function namedPath({ context, path }: Pick<Place, 'context' | 'path'>): readonly string[] {
  const last = path.at(-1);
  if (context === 'parameter-default' && last === 'Default') return path.slice(0, -1);
  if (context === 'output' && last === 'Value') return path.slice(0, -1);
  return path;
}
