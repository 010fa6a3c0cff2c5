import { describe, expect, it } from 'vitest';
import { projectWith } from '../../../test/support/project.ts';
import {
  type Bucket,
  type DeploymentBucket,
  known,
  type PolicyStatement,
  type Resource,
  type Scalar,
  SourceFile,
  unknown,
} from '../../project/index.ts';
import { encryptionOf, judgedBuckets, refusesPlainHttp } from './facts.ts';
import { deploymentBucket as step } from './index.ts';

const span = { file: new SourceFile('serverless.yml', ''), start: 0, end: 0 };
const scalar = (value: Scalar) => ({ kind: 'scalar' as const, value, span });

function bucket(id: string, parts: Partial<Bucket> = {}): Bucket {
  return {
    id,
    name: unknown('is chosen by CloudFormation'),
    span,
    encryption: known(undefined),
    kmsKey: undefined,
    publicAccessBlock: undefined,
    versioning: known(false),
    policy: [],
    ...parts,
  };
}

function resource(id: string, properties: Readonly<Record<string, string>>): Resource {
  const entries = Object.entries(properties).map(([key, value]) => ({ key, keySpan: span, value: scalar(value) }));
  return {
    id,
    type: 'AWS::S3::Bucket',
    span,
    properties: { kind: 'map', entries, span },
    condition: undefined,
    dependsOn: [],
    deletionPolicy: undefined,
    generated: false,
  };
}

function named(settings: Readonly<Record<string, string>>, parts: Partial<DeploymentBucket> = {}): DeploymentBucket {
  return {
    span,
    kind: 'named',
    name: known('acme'),
    settings: Object.entries(settings).map(([key, value]) => ({ key, value: scalar(value), span, effective: true })),
    plugin: undefined,
    framework: 'osls',
    ...parts,
  };
}

describe('which buckets are judged', () => {
  it.each([
    ['DeploymentBucket', '', true],
    ['LambdaArtifactsBucket', '', true],
    ['ServerlessDeploymentBucket', '', true],
    ['SamCliSourceBucket', '', true],
    ['Bucket', 'acme-deploy-eu-central-1', true],
    ['StagingBucket', 'cdk-hnb659fds-assets-111122223333-eu-central-1', true],
    ['StagingBucket', '', false],
    ['UploadsBucket', 'orders-uploads', false],
    ['RedeployableThings', '', false],
    ['EmployeePhotos', 'deployee', false],
  ])('%s %s', (id, name, judged) => {
    const project = projectWith({
      format: 'cloudformation',
      buckets: [bucket(id)],
      resources: new Map([[id, resource(id, name === '' ? {} : { BucketName: name })]]),
    });
    expect(judgedBuckets(project)).toHaveLength(judged ? 1 : 0);
    expect(step.applies(project)).toBe(judged);
  });

  it('takes the declared bucket for the named one when they have the same name, and judges it once', () => {
    const own = bucket('DeploymentBucket', { name: known('acme') });
    const judged = judgedBuckets(projectWith({ buckets: [own], deploymentBucket: named({}) }));
    expect(judged.map(({ made, bucket: found }) => [made, found])).toEqual([['declared', own]]);
  });
});

describe('the key of new deployments', () => {
  it.each([
    ['nothing said of a bucket elsewhere', named({}), { unknown: expect.stringContaining('elsewhere') }],
    ['AES256', named({ serverSideEncryption: 'AES256' }), 's3'],
    ['aws:kms', named({ serverSideEncryption: 'aws:kms' }), 'aws-managed-key'],
    ['aws:kms and a key', named({ serverSideEncryption: 'aws:kms', sseKMSKeyId: 'k' }), 'customer-key'],
    ['a raw key', named({ sseCustomerKey: 'k' }), 'key-in-request'],
    ['the plugin', named({}, { plugin: 'serverless-deployment-bucket' }), 's3'],
    ['the framework', named({}, { kind: 'framework', name: undefined }), 's3'],
  ])('%s', (_name, deploymentBucket, expected) => {
    expect(judgedBuckets(projectWith({ deploymentBucket })).map(encryptionOf)).toEqual([expected]);
  });

  it('keeps a raw key out of every output', () => {
    const project = projectWith({ deploymentBucket: named({ sseCustomerKey: 'k' }) });
    expect(step.sensitive?.(project)).toEqual([span]);
    expect(step.sensitive?.(projectWith({ deploymentBucket: named({ sseCustomerKey: '' }) }))).toEqual([]);
  });
});

describe('a policy that refuses plain HTTP', () => {
  const statement = (parts: Partial<PolicyStatement>): PolicyStatement => ({
    span,
    effect: known('Deny'),
    actions: [known('s3:*')],
    notActions: [],
    resources: [],
    notResources: [],
    principals: [known('*')],
    notPrincipals: undefined,
    conditions: [{ operator: 'Bool', key: 'aws:SecureTransport', values: [scalar(false)], span }],
    ...parts,
  });
  const condition = (operator: string, key: string, value: Scalar) => [
    { operator, key, values: [scalar(value)], span },
  ];
  it.each([
    ['as the framework writes it', [statement({})], true],
    ['as a text', [statement({ conditions: condition('Bool', 'aws:securetransport', 'false') })], true],
    ['with IfExists', [statement({ conditions: condition('BoolIfExists', 'aws:SecureTransport', 'false') })], true],
    ['an Allow', [statement({ effect: known('Allow') })], false],
    ['for one principal', [statement({ principals: [known('111122223333')] })], false],
    ['for one action', [statement({ actions: [known('s3:PutObject')] })], false],
    ['the other way round', [statement({ conditions: condition('Bool', 'aws:SecureTransport', 'true') })], false],
    ['a TLS version', [statement({ conditions: condition('NumericLessThan', 's3:TlsVersion', '1.2') })], false],
    ['an undecided effect', [statement({ effect: unknown('is a parameter') })], undefined],
    ['nothing', [], false],
  ])('%s', (_name, policy, answer) => {
    expect(refusesPlainHttp(bucket('Bucket', { policy }))).toBe(answer);
  });
});
