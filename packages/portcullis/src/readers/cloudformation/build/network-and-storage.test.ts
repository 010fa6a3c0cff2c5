import { describe, expect, it } from 'vitest';
import { plain, readTemplate } from '../../../../test/support/template.ts';

const read = (resources: string) =>
  readTemplate(`
Parameters: { Given: { Type: String } }
Conditions: { IsProd: !Equals [!Ref Given, x] }
Resources:
${resources.replace(/^/gm, '  ')}
`);

describe('security groups', () => {
  it.each([
    ['no rules', '{}', '[]'],
    [
      'a rule',
      '{ SecurityGroupIngress: [{ CidrIp: 0.0.0.0/0, IpProtocol: tcp, FromPort: 443, ToPort: "443" }] }',
      '[cidr=0.0.0.0/0 fromPort=443 toPort=443 protocol=tcp]',
    ],
    [
      'a single rule without list, every protocol',
      '{ SecurityGroupIngress: { CidrIpv6: "::/0", IpProtocol: -1 } }',
      '[cidr=::/0 protocol=-1]',
    ],
    [
      'other sources',
      '{ SecurityGroupIngress: [{ SourceSecurityGroupId: !GetAtt Front.GroupId, IpProtocol: tcp }, { SourcePrefixListId: pl-1, IpProtocol: tcp }] }',
      '[sourceGroup=Front protocol=tcp, prefixList=pl-1 protocol=tcp]',
    ],
    [
      'an address that is given later',
      '{ SecurityGroupIngress: [{ CidrIp: !Ref Given, IpProtocol: tcp }] }',
      '[cidr=? is the parameter Given, which is given when it is deployed protocol=tcp]',
    ],
    [
      'a rule that may be missing',
      '{ SecurityGroupIngress: [!If [IsProd, { CidrIp: 10.0.0.0/8, IpProtocol: tcp }, !Ref AWS::NoValue]] }',
      '[cidr=10.0.0.0/8 protocol=tcp]',
    ],
  ])('%s', (_name, properties, expected) => {
    const [group] = read(`Sg: { Type: AWS::EC2::SecurityGroup, Properties: ${properties} }`).securityGroups;
    expect(plain(group?.ingress)).toBe(expected);
  });

  it('takes in rules that are resources of their own', () => {
    const { securityGroups } = read(`
Sg: { Type: AWS::EC2::SecurityGroup, Properties: { GroupName: web } }
Other: { Type: AWS::EC2::SecurityGroup }
A: { Type: AWS::EC2::SecurityGroupIngress, Properties: { GroupId: !GetAtt Sg.GroupId, CidrIp: 0.0.0.0/0, IpProtocol: tcp } }
B: { Type: AWS::EC2::SecurityGroupIngress, Properties: { GroupName: web, CidrIp: 10.0.0.0/8, IpProtocol: tcp } }
C: { Type: AWS::EC2::SecurityGroupIngress, Properties: { GroupId: sg-1, CidrIp: 10.0.0.0/8, IpProtocol: tcp } }`);
    expect(plain(securityGroups)).toBe(
      '[id=Sg ingress=[cidr=0.0.0.0/0 protocol=tcp, cidr=10.0.0.0/8 protocol=tcp], id=Other ingress=[], id=sg-1 elsewhere=true ingress=[cidr=10.0.0.0/8 protocol=tcp]]',
    );
  });
});

describe('container services', () => {
  it('finds the task role and whether tasks have a public address', () => {
    const { containerServices } = read(`
A:
  Type: AWS::ECS::Service
  Properties:
    TaskDefinition: !Ref Task
    LoadBalancers: [{ TargetGroupArn: !Ref Group, ContainerPort: 80 }]
    NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: ENABLED, Subnets: [s] } }
B: { Type: AWS::ECS::Service, Properties: { TaskDefinition: !Ref Bare } }
C: { Type: AWS::ECS::Service, Properties: { TaskDefinition: 'arn:aws:ecs:eu-west-1:1:task-definition/x:1', NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: !If [IsProd, DISABLED, ENABLED] } } } }
Task: { Type: AWS::ECS::TaskDefinition, Properties: { TaskRoleArn: !GetAtt Role.Arn, ExecutionRoleArn: x } }
Bare: { Type: AWS::ECS::TaskDefinition }
D: { Type: AWS::ECS::Service, Properties: { TaskDefinition: !Ref Maybe } }
Maybe: { Type: AWS::ECS::TaskDefinition, Properties: { TaskRoleArn: !If [IsProd, !Ref Role, !Ref AWS::NoValue] } }
Role: { Type: AWS::IAM::Role }`);
    expect(containerServices.map(plain)).toEqual([
      'id=A targetGroups=[Group] taskRole=Role publicAddress=true securityGroups=[] ports=[80]',
      'id=B targetGroups=[] publicAddress=false securityGroups=[] ports=[]',
      'id=C targetGroups=[] taskRole=? its task definition is not in these files publicAddress=IsProd(false | true) securityGroups=[] ports=[]',
      'id=D targetGroups=[] taskRole=IsProd(Role | ? is not set in this case) publicAddress=false securityGroups=[] ports=[]',
    ]);
  });
});

describe('buckets', () => {
  const encryption = (byDefault: string) =>
    `BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: ${byDefault} }] }`;

  it.each([
    ['nothing written', '', 'name=? is chosen by CloudFormation encryption=undefined versioning=false policy=[]'],
    [
      'everything written',
      `BucketName: b, VersioningConfiguration: { Status: Enabled }, ${encryption('{ SSEAlgorithm: aws:kms, KMSMasterKeyID: !Ref Key }')}, PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: 'true', IgnorePublicAcls: false }`,
      'name=b encryption=aws:kms kmsKey=Key publicAccessBlock=acls=true policy=true ignoreAcls=false restrict=false versioning=true policy=[]',
    ],
    [
      'versions suspended',
      'BucketName: b, VersioningConfiguration: { Status: Suspended }',
      'name=b encryption=undefined versioning=false policy=[]',
    ],
    [
      'encrypted on a condition',
      `BucketName: b, BucketEncryption: !If [IsProd, { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: AES256 } }] }, !Ref AWS::NoValue]`,
      'name=b encryption=IsProd(AES256 | undefined) versioning=false policy=[]',
    ],
    [
      'not decided',
      'BucketName: !Ref Given, BucketEncryption: !ImportValue e, PublicAccessBlockConfiguration: { BlockPublicAcls: !Ref Given }',
      'name=? is the parameter Given, which is given when it is deployed encryption=? is imported from another stack (e) publicAccessBlock=? is the parameter Given, which is given when it is deployed versioning=false policy=[]',
    ],
  ])('%s', (_name, properties, expected) => {
    const [bucket] = read(`B: { Type: AWS::S3::Bucket, Properties: { ${properties} } }`).buckets;
    expect(plain(bucket)).toBe(`id=B ${expected}`);
  });

  it('has the statements of the policies that name it', () => {
    const policy = (bucket: string, action: string) =>
      `{ Type: AWS::S3::BucketPolicy, Properties: { Bucket: ${bucket}, PolicyDocument: { Statement: [{ Effect: Allow, Action: '${action}', Principal: '*' }] } } }`;
    const { buckets } = read(`
B: { Type: AWS::S3::Bucket, Properties: { BucketName: files } }
P: ${policy('!Ref B', 's3:GetObject')}
Q: ${policy('files', 's3:PutObject')}
R: ${policy('elsewhere', 's3:DeleteObject')}`);
    expect(plain(buckets[0]?.policy.map((statement) => statement.actions))).toBe('[[s3:GetObject], [s3:PutObject]]');
  });
});

describe('keys', () => {
  it.each([
    ['', 'false'],
    ['EnableKeyRotation: true', 'true'],
    ["EnableKeyRotation: 'true'", 'true'],
    ['EnableKeyRotation: !If [IsProd, true, false]', 'IsProd(true | false)'],
  ])('rotation: %s', (properties, expected) => {
    const statement = "KeyPolicy: { Statement: { Effect: Allow, Action: 'kms:*', Principal: { AWS: '*' } } }";
    const more = properties ? `, ${properties}` : '';
    const [key] = read(`K: { Type: AWS::KMS::Key, Properties: { ${statement}${more} } }`).kmsKeys;
    expect(plain(key?.rotation)).toBe(expected);
    expect(plain(key?.policy[0]?.principals)).toBe('[*]');
  });
});
