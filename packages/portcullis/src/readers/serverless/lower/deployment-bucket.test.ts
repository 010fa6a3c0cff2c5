import { describe, expect, it } from 'vitest';
import { readFiles } from '../../../../test/support/read.ts';

function bucket(provider: string, more = '') {
  const text = `service: shop\nprovider:\n  name: aws\n${provider}\n${more}`;
  const { project } = readFiles({ 'serverless.yml': text });
  const found = project?.deploymentBucket;
  if (!found) throw new Error('no deployment bucket');
  return {
    kind: found.kind,
    name: found.name?.kind === 'known' ? found.name.value : found.name?.kind,
    plugin: found.plugin,
    effective: found.settings.filter((setting) => setting.effective).map((setting) => setting.key),
    without: found.settings.filter((setting) => !setting.effective).map((setting) => setting.key),
    reasons: found.settings.filter((setting) => !setting.effective && !setting.reason).length,
    generated: project.buckets.map((one) => one.id),
    ignored: project.ignored.map((one) => one.path),
  };
}

describe('provider.deploymentBucket', () => {
  it.each([
    ['is absent', '', { kind: 'framework', name: undefined, generated: ['ServerlessDeploymentBucket'] }],
    ['is a name', '  deploymentBucket: my-bucket', { kind: 'named', name: 'my-bucket', generated: [] }],
    [
      'is a map without name',
      '  deploymentBucket: { blockPublicAccess: true, versioning: true, serverSideEncryption: AES256 }',
      { kind: 'framework', effective: ['blockPublicAccess', 'versioning', 'serverSideEncryption'], without: [] },
    ],
    [
      'is a map with name',
      '  deploymentBucket: { name: my-bucket, blockPublicAccess: true, versioning: true, serverSideEncryption: AES256 }',
      { kind: 'named', effective: ['serverSideEncryption'], without: ['blockPublicAccess', 'versioning'], reasons: 0 },
    ],
    ['has an unknown key', '  deploymentBucket: { encryption: true }', { without: ['encryption'], reasons: 0 }],
    [
      'comes from Parameter Store',
      '  deploymentBucket: ${ssm:/bucket}',
      { kind: 'named', name: 'unknown', generated: [] },
    ],
    ['is null', '  deploymentBucket:', { kind: 'framework', name: undefined }],
  ])('%s', (_name, provider, expected) => {
    expect(bucket(provider)).toMatchObject(expected);
  });

  it('serverless-deployment-bucket acts on the map form with a name', () => {
    const more =
      'plugins: [serverless-deployment-bucket]\ncustom: { deploymentBucket: { versioning: true, blockPublicAccess: true } }\n';
    expect(bucket('  deploymentBucket: { name: b }', more)).toMatchObject({
      plugin: 'serverless-deployment-bucket',
      effective: ['versioning', 'blockPublicAccess'],
    });
    expect(bucket('  deploymentBucket: b', more)).toMatchObject({
      plugin: undefined,
      effective: [],
      ignored: ['custom.deploymentBucket'],
    });
  });

  it('extensions change the bucket that the framework makes', () => {
    const text = `service: shop
provider: { name: aws }
resources:
  extensions:
    ServerlessDeploymentBucket:
      Properties:
        VersioningConfiguration: { Status: Enabled }
`;
    const { project } = readFiles({ 'serverless.yml': text });
    expect(project?.buckets[0]?.versioning).toMatchObject({ kind: 'known', value: true });
  });
});
