import {
  always,
  type Bucket,
  type DeploymentBucket,
  get,
  type Node,
  outcomes,
  type PolicyStatement,
  type Project,
  possibilities,
  type Span,
  sometimes,
  textOf,
  valueOf,
} from '../../project/index.ts';

// Where the code, the compiled template and the state file of a service lie. The last two hold every value that a variable was
// resolved to, secrets included, so that who reads the bucket reads them.
// S3 encrypts every new object with its own key since January 2023, and new buckets block public access and have no ACLs since
// April 2023 (S3 user guide, "Default encryption FAQ" and "Creating a bucket FAQ"): a setting that is absent is no open door.

/** Logical id that the framework gives to the bucket it makes. */
export const frameworkBucketId = 'ServerlessDeploymentBucket';

type Setting = DeploymentBucket['settings'][number];

/** A bucket that is judged as a deployment bucket. */
export interface Judged {
  /** The framework makes it, the files declare it, a plugin makes it, or it exists already and is defined elsewhere. */
  readonly made: 'framework' | 'declared' | 'plugin' | 'elsewhere';
  readonly name: string;
  readonly span: Span;
  /** Part of fingerprints. */
  readonly subject: string;
  /** As the files declare it, or as the framework makes it. */
  readonly bucket: Bucket | undefined;
  /** Settings of `provider.deploymentBucket` and of a plugin; none for a bucket that the project only declares. */
  readonly settings: readonly Setting[];
}

/** The bucket that the service is deployed through, and buckets of the files that are evidently made for deployments. */
export function judgedBuckets(project: Project): readonly Judged[] {
  const used = usedBucket(project);
  const declared = project.buckets.filter(
    (bucket) => bucket !== used?.bucket && !isGenerated(project, bucket) && isForDeployments(project, bucket),
  );
  return [
    ...(used ? [used] : []),
    ...declared.map(
      (bucket): Judged => ({
        made: bucket.id === frameworkBucketId ? 'framework' : 'declared',
        name: valueOf(bucket.name) ?? bucket.id,
        span: bucket.span,
        subject: bucket.id,
        bucket,
        settings: [],
      }),
    ),
  ];
}

function usedBucket(project: Project): Judged | undefined {
  const { deploymentBucket } = project;
  if (!deploymentBucket) return undefined;
  const { span, settings, kind, plugin } = deploymentBucket;
  const base = { span, subject: 'provider.deploymentBucket', settings };
  if (kind === 'framework') {
    const bucket = project.buckets.find(({ id }) => id === frameworkBucketId);
    return { ...base, made: 'framework', name: 'the deployment bucket', bucket };
  }
  const name = deploymentBucket.name && valueOf(deploymentBucket.name);
  const bucket = name === undefined ? undefined : project.buckets.find((candidate) => valueOf(candidate.name) === name);
  const made = bucket ? 'declared' : plugin === undefined ? 'elsewhere' : 'plugin';
  return { ...base, made, name: name ?? 'the named deployment bucket', bucket, span: bucket?.span ?? span };
}

function isGenerated(project: Project, bucket: Bucket): boolean {
  return project.resources.get(bucket.id)?.generated === true;
}

// Words that people use for the bucket: OrdersDeploymentBucket, acme-deploy-artifacts, LambdaArtifactsBucket, cdk-...-assets-...
const deployments: ReadonlySet<string> = new Set([
  'deployment',
  'deployments',
  'deploy',
  'deploys',
  'artifact',
  'artifacts',
]);

/** By logical id or name; a bucket that serves a web site is none, whatever it is called. */
function isForDeployments(project: Project, bucket: Bucket): boolean {
  if (bucket.id === frameworkBucketId || bucket.id === 'SamCliSourceBucket') return true;
  const properties = project.resources.get(bucket.id)?.properties;
  if (get(properties, 'WebsiteConfiguration')) return false;
  const name = literalText(get(properties, 'BucketName'));
  if (/\bcdk-.*-assets-/.test(name)) return true;
  return [...wordsOf(bucket.id), ...wordsOf(name)].some((word) => deployments.has(word));
}

/** The pieces of a name that the file decides. */
function literalText(node: Node | undefined): string {
  if (!node) return '';
  return possibilities(node)
    .map((value) =>
      value.kind === 'text'
        ? value.parts.map((part) => (typeof part === 'string' ? part : '-')).join('')
        : (textOf(value) ?? ''),
    )
    .join(' ');
}

function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
}

export function settingOf(judged: Judged, ...keys: readonly string[]): Setting | undefined {
  return judged.settings.find(({ key, value }) => keys.includes(key) && !isUnset(value));
}

function isUnset(node: Node): boolean {
  return node.kind === 'scalar' && (node.value === null || node.value === '');
}

export function isTrue(node: Node): boolean {
  return textOf(node)?.toLowerCase() === 'true';
}

export function isFalse(node: Node): boolean {
  return textOf(node)?.toLowerCase() === 'false';
}

export type Encryption =
  /** Keys of S3 itself: the default. */
  | 's3'
  /** `aws:kms` with the key that AWS manages for the account. */
  | 'aws-managed-key'
  | 'customer-key'
  /** SSE-C: the key travels with each request. */
  | 'key-in-request'
  | { readonly unknown: string };

/** With which key new deployments are encrypted: as the upload says, else as the bucket does by default. */
export function encryptionOf(judged: Judged): Encryption {
  if (settingOf(judged, 'sseCustomerKey')) return 'key-in-request';
  const upload = settingOf(judged, 'serverSideEncryption');
  if (upload && textOf(upload.value) === 'aws:kms')
    return settingOf(judged, 'sseKMSKeyId', 'kmsKeyID') ? 'customer-key' : 'aws-managed-key';
  if (upload && textOf(upload.value) === undefined)
    return { unknown: 'the encryption of uploads is not decided by the files' };
  if (upload) return 's3';
  const { bucket } = judged;
  if (bucket) return bucketEncryption(bucket);
  return judged.made === 'elsewhere' ? { unknown: 'the bucket is defined elsewhere, and uploads name no key' } : 's3';
}

function bucketEncryption(bucket: Bucket): Encryption {
  const kms = (algorithm: string | undefined) => algorithm?.startsWith('aws:kms') === true;
  if (always(bucket.encryption, (algorithm) => !kms(algorithm))) return 's3';
  if (!always(bucket.encryption, kms)) {
    if (sometimes(bucket.encryption, (algorithm) => !kms(algorithm))) return 's3';
    return { unknown: `the default encryption of ${bucket.id} is not decided by the files` };
  }
  const awsManaged =
    bucket.kmsKey && sometimes(bucket.kmsKey, (key) => key.kind === 'external' && key.name.endsWith('alias/aws/s3'));
  return bucket.kmsKey && !awsManaged ? 'customer-key' : 'aws-managed-key';
}

/** Whether a bucket policy refuses requests without TLS; undefined when a statement is not decided. */
export function refusesPlainHttp(bucket: Bucket): boolean | undefined {
  if (bucket.policy.some(deniesPlainHttp)) return true;
  return bucket.policy.some((statement) => !isDecided(statement)) ? undefined : false;
}

function isDecided(statement: PolicyStatement): boolean {
  return outcomes(statement.effect).every((effect) => effect.kind === 'known');
}

function deniesPlainHttp(statement: PolicyStatement): boolean {
  if (!always(statement.effect, (effect) => effect === 'Deny')) return false;
  if (!statement.principals?.some((principal) => always(principal, (name) => name === '*'))) return false;
  const wide = statement.actions.some((action) =>
    always(action, (name) => name === '*' || name.toLowerCase() === 's3:*'),
  );
  // s3:TlsVersion is no substitute: the key is absent from a request without TLS, so a numeric comparison does not match.
  const plain = statement.conditions.some(
    ({ operator, key, values }) =>
      /^bool(?:ifexists)?$/i.test(operator) &&
      key.toLowerCase() === 'aws:securetransport' &&
      values.some((value) => textOf(value)?.toLowerCase() === 'false'),
  );
  return wide && plain;
}

/** The statement that opens the bucket to everyone, when there is one. */
export function publicStatement(bucket: Bucket): PolicyStatement | undefined {
  return bucket.policy.find(
    (statement) =>
      sometimes(statement.effect, (effect) => effect === 'Allow') &&
      statement.conditions.length === 0 &&
      statement.principals?.some((principal) => sometimes(principal, (name) => name === '*')),
  );
}

/** `AccessControl` of the bucket when it names everyone. */
export function publicAcl(project: Project, bucket: Bucket): Node | undefined {
  const acl = get(project.resources.get(bucket.id)?.properties, 'AccessControl');
  return acl && possibilities(acl).some((value) => /^Public|^AuthenticatedRead$/.test(textOf(value) ?? ''))
    ? acl
    : undefined;
}
