import {
  type DeploymentBucket,
  type Fact,
  known,
  type Node,
  type Span,
  textOf,
  unknown,
} from '../../../project/index.ts';
import type { LoadedService } from '../load.ts';
import { report } from './ignored.ts';
import { addResource, isMap, type Lowering, providerSetting } from './lowering.ts';
import { naming } from './naming.ts';
import { dig, isUnset, join, type Plain, ref, set } from './nodes.ts';
import { findPlugin } from './plugins/list.ts';
import { reasonOf } from './service.ts';

const bucketPlugin = 'serverless-deployment-bucket';

type Setting = DeploymentBucket['settings'][number];

/** Sent with every upload; the framework never sets them on the bucket. */
const uploadSettings = [
  'serverSideEncryption',
  'sseKMSKeyId',
  'sseCustomerAlgorithim',
  'sseCustomerKey',
  'sseCustomerKeyMD5',
];
/** Properties of the bucket that the framework makes; without effect once a bucket is named. */
const bucketSettings = ['blockPublicAccess', 'versioning', 'tags', 'skipPolicySetup'];
/** Below `custom.deploymentBucket`, for the plugin. */
const pluginSettings = ['versioning', 'accelerate', 'policy', 'tags', 'blockPublicAccess', 'accessLog', 'enabled'];

/** `provider.deploymentBucket`, and what serverless-deployment-bucket makes of it (lib/generate-core-template.js). */
export function readDeploymentBucket(
  lowering: Lowering,
  { framework, major }: Pick<LoadedService, 'framework' | 'major'>,
): DeploymentBucket {
  const written = set(providerSetting(lowering, 'deploymentBucket'));
  const span = entrySpan(lowering.provider, 'deploymentBucket') ?? lowering.providerSpan;
  const nameNode = isMap(written) ? set(dig(written, 'name')) : written;
  const plugin = activePlugin(lowering, isMap(written) && nameNode !== undefined);
  const settings: Setting[] = [];
  if (isMap(written)) {
    for (const entry of written.entries) {
      if (entry.key === 'name') continue;
      settings.push(setting(entry.key, entry.value, entry.keySpan, nameNode !== undefined, plugin !== undefined));
    }
  }
  const custom = dig(lowering.custom, 'deploymentBucket');
  if (plugin && isMap(custom)) {
    for (const entry of custom.entries) {
      if (entry.key === 'name') continue;
      const effective = pluginSettings.includes(entry.key);
      const base = { key: entry.key, value: entry.value, span: entry.keySpan, effective };
      settings.push(effective ? base : { ...base, reason: `${bucketPlugin} does not know this setting` });
    }
  }
  if (!plugin) reportUnusedPlugin(lowering, custom);
  const text = textOf(nameNode);
  return {
    span,
    kind: written?.kind === 'list' ? 'unknown' : nameNode ? 'named' : 'framework',
    name: nameNode && (text === undefined ? unknown(reasonOf(nameNode), nameNode.span) : known(text, nameNode.span)),
    settings,
    plugin: plugin?.name,
    framework,
    ...whereOf(lowering),
    sharedByFramework: framework === 'serverless' && major !== undefined && major >= 4 && !nameNode,
  };
}

/** Region and account, as far as the file says. The framework deploys to us-east-1 unless told otherwise. */
function whereOf(lowering: Lowering): Pick<DeploymentBucket, 'region' | 'profile'> {
  const fact = (node: Node): Fact<string> => {
    const text = textOf(node);
    return text === undefined ? unknown(reasonOf(node), node.span) : known(text, node.span);
  };
  const region = set(providerSetting(lowering, 'region'));
  const profile = set(providerSetting(lowering, 'profile'));
  return { region: region ? fact(region) : known('us-east-1'), ...(profile ? { profile: fact(profile) } : {}) };
}

/** The plugin acts only on the map form with a name, and not with `enabled: false`. */
function activePlugin(lowering: Lowering, named: boolean) {
  const plugin = findPlugin(lowering.plugins, bucketPlugin);
  const enabled = dig(lowering.custom, 'deploymentBucket', 'enabled');
  return plugin && named && !(enabled && isUnset(enabled)) ? plugin : undefined;
}

function reportUnusedPlugin(lowering: Lowering, custom: Node | undefined): void {
  const enabled = dig(custom, 'enabled');
  if (!custom || isUnset(custom) || (enabled && isUnset(enabled)) || !findPlugin(lowering.plugins, bucketPlugin))
    return;
  report(
    lowering,
    'deployment-bucket',
    'custom.deploymentBucket',
    entrySpan(lowering.custom, 'deploymentBucket') ?? custom.span,
    `${bucketPlugin} acts only when the bucket is named by \`provider.deploymentBucket.name\``,
    'Write `name: BUCKET` below `provider.deploymentBucket`',
  );
}

function setting(key: string, value: Node, span: Span, named: boolean, plugin: boolean): Setting {
  const base = { key, value, span };
  if (uploadSettings.includes(key)) {
    const reason = 'applies to the uploaded objects only; the bucket keeps its own default encryption';
    return plugin && key === 'serverSideEncryption'
      ? { ...base, effective: true }
      : { ...base, effective: true, reason };
  }
  if (plugin && key === 'kmsKeyID') return { ...base, effective: true };
  if (bucketSettings.includes(key)) {
    if (!named) return { ...base, effective: true };
    const reason =
      'the framework applies it to a bucket that it makes; with `name` it only checks that the bucket exists';
    return { ...base, effective: false, reason };
  }
  if (key === 'maxPreviousDeploymentArtifacts') return { ...base, effective: true };
  return { ...base, effective: false, reason: 'the framework does not know this setting' };
}

function entrySpan(node: Node | undefined, key: string): Span | undefined {
  return isMap(node) ? node.entries.findLast((entry) => entry.key === key)?.keySpan : undefined;
}

/** The bucket and its policy, which the framework makes unless one is named. */
export function lowerDeploymentBucket(lowering: Lowering, bucket: DeploymentBucket): void {
  if (bucket.kind !== 'framework') return;
  const written = providerSetting(lowering, 'deploymentBucket');
  const on = (key: string) => !isUnset(dig(written, key));
  const block: Plain = {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  };
  addResource(lowering, naming.deploymentBucket, 'AWS::S3::Bucket', bucket.span, {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    PublicAccessBlockConfiguration: on('blockPublicAccess') ? block : undefined,
    VersioningConfiguration: on('versioning') ? { Status: 'Enabled' } : undefined,
  });
  if (on('skipPolicySetup')) return;
  const arn = (end: string) => join('', ['arn:', ref('AWS::Partition'), ':s3:::', ref(naming.deploymentBucket), end]);
  addResource(lowering, naming.deploymentBucketPolicy, 'AWS::S3::BucketPolicy', bucket.span, {
    Bucket: ref(naming.deploymentBucket),
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [arn('/*'), arn('')],
          Condition: { Bool: { 'aws:SecureTransport': false } },
        },
      ],
    },
  });
}
