import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../test/support/template.ts';
import type { Project } from './model.ts';
import { type Reach, reachOf } from './reach.ts';

const resources = `
  Table: { Type: AWS::DynamoDB::Table, Properties: { TableName: orders } }
  Archive: { Type: AWS::DynamoDB::Table, Properties: { TableName: !Sub 'archive-\${AWS::Region}' } }
  Files: { Type: AWS::S3::Bucket, Properties: { BucketName: acme-files } }
  Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: jobs } }
  Alerts: { Type: AWS::SNS::Topic }
  Password: { Type: AWS::SecretsManager::Secret, Properties: { Name: orders/db } }
  Setting: { Type: AWS::SSM::Parameter, Properties: { Name: /orders/key, Type: String, Value: x } }
  Key: { Type: AWS::KMS::Key }
  Db: { Type: AWS::RDS::DBCluster, Properties: { DBClusterIdentifier: main } }
  Flow: { Type: AWS::StepFunctions::StateMachine, Properties: { StateMachineName: checkout } }
  Other:
    Type: AWS::Lambda::Function
    Properties: { FunctionName: other, Handler: a.b, Role: 'arn:aws:iam::123456789012:role/x' }`;

/** A service with one function URL, whose function has a role with these properties. */
function project(role: string, more = ''): Project {
  return readTemplate(`
Parameters: { TableArn: { Type: String } }
Conditions: { IsProd: !Equals [!Ref TableArn, x] }
Resources:${resources}
  Create: { Type: AWS::Lambda::Function, Properties: { Handler: a.b, Role: !GetAtt Role.Arn } }
  Url: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: !GetAtt Create.Arn, AuthType: NONE } }
  Role:
    Type: AWS::IAM::Role
    Properties:
${role.replace(/^/gm, '      ')}${more}
`);
}

function reachOfFirst(read: Project): Reach {
  const route = read.apis[0]?.routes[0];
  if (!route) throw new Error('no route');
  return reachOf(read, route);
}

const lines = (reach: Reach) => reach.resources.map((one) => `${one.resource} ${one.type} ${one.access}`);

const inline = (...statements: readonly string[]) =>
  `Policies:\n  - PolicyName: p\n    PolicyDocument:\n      Statement:\n${statements.map((one) => `        - ${one}\n`).join('')}`;

const allow = (action: string, resource: string) => `{ Effect: Allow, Action: ${action}, Resource: ${resource} }`;
const deny = (action: string, resource: string, more = '') =>
  `{ Effect: Deny, Action: ${action}, Resource: ${resource}${more} }`;

const table = (access: string, id = 'Table') => `${id} AWS::DynamoDB::Table ${access}`;
const both = (entry: (access: string) => string) => [entry('write'), entry('read')];

describe('what a role reaches', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['an attribute', [allow('dynamodb:PutItem', '!GetAtt Table.Arn')], [table('write')]],
    ['a reading action', [allow('dynamodb:GetItem', '!GetAtt Table.Arn')], [table('read')]],
    ['letter case', [allow('DynamoDB:getitem', '!GetAtt Table.Arn')], [table('read')]],
    [
      'lists of actions and resources',
      [allow('[dynamodb:Query, dynamodb:DeleteItem]', '[!GetAtt Table.Arn, !Sub "${Table.Arn}/index/*"]')],
      both(table),
    ],
    ['wildcard over all', [allow('dynamodb:*', '!GetAtt Table.Arn')], both(table)],
    ['wildcard over a reading verb', [allow('dynamodb:Get*', '!GetAtt Table.Arn')], [table('read')]],
    ['wildcard over a writing verb', [allow('dynamodb:Put*', '!GetAtt Table.Arn')], [table('write')]],
    ['wildcard before the noun', [allow('dynamodb:*Item', '!GetAtt Table.Arn')], both(table)],
    ['every action', [allow("'*'", '!GetAtt Table.Arn')], both(table)],
    ['an index folds into its table', [allow('dynamodb:Query', '!Sub "${Table.Arn}/index/*"')], [table('read')]],
    ['a stream folds into its table', [allow('dynamodb:GetRecords', '!GetAtt Table.StreamArn')], [table('read')]],
    [
      'Join around a Ref',
      [
        allow(
          'dynamodb:PutItem',
          "!Join [':', ['arn:aws:dynamodb', !Ref AWS::Region, !Ref AWS::AccountId, !Sub 'table/${Table}']]",
        ),
      ],
      [table('write')],
    ],
    ['a literal ARN by name', [allow('dynamodb:PutItem', "'arn:aws:dynamodb:*:*:table/orders'")], [table('write')]],
    [
      'a literal ARN of an index',
      [allow('dynamodb:Query', "'arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/*'")],
      [table('read')],
    ],
    [
      'the partition open',
      [allow('dynamodb:PutItem', "!Sub 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:*:table/orders'")],
      [table('write')],
    ],
    [
      'names that are open in the same way',
      [allow('dynamodb:PutItem', "!Sub 'arn:aws:dynamodb:*:*:table/archive-${AWS::Region}'")],
      [table('write', 'Archive')],
    ],
    ['a name pattern', [allow('dynamodb:PutItem', "'arn:aws:dynamodb:*:*:table/ord*'")], [table('write')]],
    [
      'a table elsewhere',
      [allow('dynamodb:PutItem', "'arn:aws:dynamodb:eu-west-1:123456789012:table/customers'")],
      [table('write', 'arn:aws:dynamodb:eu-west-1:123456789012:table/customers')],
    ],
    ['every table', [allow('dynamodb:Scan', "'*'")], [table('read', 'Archive'), table('read'), table('read', '*')]],
    [
      'every table by ARN',
      [allow('dynamodb:PutItem', "'arn:aws:dynamodb:*:*:table/*'")],
      [table('write', 'Archive'), table('write'), table('write', '*')],
    ],
    ['a parameter', [allow('dynamodb:PutItem', '!Ref TableArn')], [table('write', 'parameter TableArn')]],
    [
      'an import',
      [allow('dynamodb:PutItem', '!ImportValue orders-table')],
      [table('write', 'imported value orders-table')],
    ],
    [
      'objects of a bucket',
      [allow('[s3:GetObject, s3:PutObject]', '!Sub "${Files.Arn}/*"')],
      ['Files AWS::S3::Bucket write', 'Files AWS::S3::Bucket read'],
    ],
    [
      'a bucket by name',
      [allow('s3:GetObject', "'arn:aws:s3:::acme-files/uploads/*'")],
      ['Files AWS::S3::Bucket read'],
    ],
    ['a bucket in Sub', [allow('s3:PutObject', "!Sub 'arn:aws:s3:::${Files}/*'")], ['Files AWS::S3::Bucket write']],
    [
      'a bucket whose name only begins with that of another',
      [allow('s3:PutObject', "!Sub 'arn:aws:s3:::${Files}-logs/*'")],
      ['arn:aws:s3:::*-logs/* AWS::S3::Bucket write'],
    ],
    [
      'a queue',
      [allow('sqs:SendMessage', "'arn:aws:sqs:eu-west-1:123456789012:jobs'")],
      ['Jobs AWS::SQS::Queue write'],
    ],
    ['receiving', [allow('sqs:ReceiveMessage', '!GetAtt Jobs.Arn')], ['Jobs AWS::SQS::Queue read']],
    ['a topic', [allow('sns:Publish', '!Ref Alerts')], ['Alerts AWS::SNS::Topic write']],
    [
      'a secret by ARN with its random end',
      [allow('secretsmanager:GetSecretValue', "'arn:aws:secretsmanager:*:*:secret:orders/db-??????'")],
      ['Password AWS::SecretsManager::Secret read'],
    ],
    [
      'parameters by path',
      [allow('ssm:GetParameter*', "'arn:aws:ssm:eu-west-1:*:parameter/orders/*'")],
      ['Setting AWS::SSM::Parameter read'],
    ],
    ['decryption reads', [allow('kms:Decrypt', '!GetAtt Key.Arn')], ['Key AWS::KMS::Key read']],
    [
      'the Data API',
      [allow('rds-data:ExecuteStatement', "'arn:aws:rds:eu-west-1:123456789012:cluster:main'")],
      ['Db AWS::RDS::DBCluster write', 'Db AWS::RDS::DBCluster read'],
    ],
    [
      'the secret of a cluster',
      [allow('secretsmanager:GetSecretValue', '!GetAtt Db.MasterUserSecret.SecretArn')],
      ['Db AWS::SecretsManager::Secret read'],
    ],
    [
      'another function',
      [allow('lambda:InvokeFunction', "!Sub 'arn:aws:lambda:*:*:function:other:*'")],
      ['Other AWS::Lambda::Function write'],
    ],
    ['a state machine', [allow('states:StartExecution', '!Ref Flow')], ['Flow AWS::StepFunctions::StateMachine write']],
    ['a service that is not in the table', [allow('rekognition:DetectFaces', "'*'")], ['* AWS::Rekognition write']],
    [
      'actions meet only resources of their service',
      [allow('[s3:GetObject, dynamodb:PutItem]', '[!GetAtt Table.Arn, !GetAtt Files.Arn]')],
      [table('write'), 'Files AWS::S3::Bucket read'],
    ],
    [
      'logs, traces and network interfaces',
      [allow('[logs:*, xray:*, ec2:CreateNetworkInterface, cloudwatch:PutMetricData]', "'*'")],
      [],
    ],
    ['a Deny alone', [deny('dynamodb:*', "'*'")], []],
    ['an ARN of another service', [allow('s3:GetObject', "'arn:aws:sqs:*:*:jobs'")], []],
    ['a Deny takes all', [allow('dynamodb:*', '!GetAtt Table.Arn'), deny('dynamodb:*', "'*'")], []],
    [
      'a Deny takes writing',
      [
        allow('[dynamodb:GetItem, dynamodb:PutItem]', '!GetAtt Table.Arn'),
        deny('[dynamodb:Put*, dynamodb:Delete*]', '!GetAtt Table.Arn'),
      ],
      [table('read')],
    ],
    [
      'a Deny of one table',
      [allow('dynamodb:GetItem', "'*'"), deny('dynamodb:*', '!GetAtt Table.Arn')],
      [table('read', 'Archive'), table('read', '*')],
    ],
    [
      'a Deny with a condition is not certain',
      [
        allow('dynamodb:GetItem', '!GetAtt Table.Arn'),
        deny('dynamodb:*', "'*'", ", Condition: { Bool: { 'aws:SecureTransport': false } }"),
      ],
      [table('read')],
    ],
    [
      'a Deny of another table',
      [allow('dynamodb:GetItem', '!GetAtt Table.Arn'), deny('dynamodb:*', '!GetAtt Archive.Arn')],
      [table('read')],
    ],
    [
      'a Deny with NotAction',
      [
        allow('dynamodb:*', '!GetAtt Table.Arn'),
        "{ Effect: Deny, NotAction: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: '*' }",
      ],
      [table('read')],
    ],
    [
      'a Deny that may not be deployed',
      [allow('dynamodb:GetItem', '!GetAtt Table.Arn'), `!If [IsProd, ${deny('dynamodb:*', "'*'")}, !Ref AWS::NoValue]`],
      [table('read')],
    ],
    [
      'a grant that may not be deployed',
      [`!If [IsProd, ${allow('dynamodb:GetItem', '!GetAtt Table.Arn')}, !Ref AWS::NoValue]`],
      [table('read')],
    ],
    [
      'NotAction allows the rest',
      ["{ Effect: Allow, NotAction: ['iam:*'], Resource: !GetAtt Table.Arn }"],
      both(table),
    ],
    [
      'NotAction that leaves reading',
      [
        "{ Effect: Allow, NotAction: ['dynamodb:Put*', 'dynamodb:Update*', 'dynamodb:*Delete*', 'dynamodb:BatchWrite*', 'dynamodb:Create*', 'dynamodb:PartiQL*'], Resource: !GetAtt Table.Arn }",
      ],
      [table('read')],
    ],
    [
      'stores of data come first, other accounts and everything last',
      [
        allow('[sns:Publish]', "'*'"),
        allow("'dynamodb:PutItem'", "[!GetAtt Table.Arn, 'arn:aws:dynamodb:*:1:table/a']"),
      ],
      [
        table('write'),
        table('write', 'arn:aws:dynamodb:*:1:table/a'),
        'Alerts AWS::SNS::Topic write',
        '* AWS::SNS::Topic write',
      ],
    ],
    [
      'NotResource allows the rest',
      ["{ Effect: Allow, Action: 'sqs:SendMessage', NotResource: 'arn:aws:sqs:*:*:other' }"],
      ['Jobs AWS::SQS::Queue write', '* AWS::SQS::Queue write'],
    ],
  ];

  it.each(cases)('%s', (_name, statements, expected) => {
    const reach = reachOfFirst(project(inline(...statements)));
    expect(lines(reach)).toEqual(expected);
    expect(reach.incomplete).toBeUndefined();
    expect(reach.role).toBe('Role');
    expect(reach.function?.id).toBe('Create');
  });

  it('reaches everything as administrator', () => {
    const reach = reachOfFirst(project("ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']"));
    expect(lines(reach)).toEqual(
      expect.arrayContaining([
        '* * write',
        '* * read',
        ...both(table),
        'Files AWS::S3::Bucket write',
        'Jobs AWS::SQS::Queue read',
      ]),
    );
  });
});

describe('managed policies', () => {
  const arn = (name: string) => `ManagedPolicyArns: ['arn:aws:iam::aws:policy/${name}']`;

  it.each([
    ['AmazonDynamoDBReadOnlyAccess', [table('read', 'Archive'), table('read'), table('read', '*')]],
    ['AmazonS3ReadOnlyAccess', ['Files AWS::S3::Bucket read', '* AWS::S3::Bucket read']],
    ['service-role/AWSLambdaBasicExecutionRole', []],
    ['service-role/AWSLambdaVPCAccessExecutionRole', []],
  ])('%s', (name, expected) => {
    const reach = reachOfFirst(project(arn(name)));
    expect(lines(reach)).toEqual(expected);
    expect(reach.incomplete).toBeUndefined();
  });

  it('knows a policy whatever the partition is', () => {
    const reach = reachOfFirst(
      project("ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/AmazonSQSFullAccess']"),
    );
    expect(lines(reach)).toContain('Jobs AWS::SQS::Queue write');
    expect(reach.incomplete).toBeUndefined();
  });

  it('leaves out IAM as power user', () => {
    const reach = reachOfFirst(project(arn('PowerUserAccess')));
    expect(lines(reach)).toContain(table('write'));
    expect(lines(reach).filter((line) => line.includes('AWS::IAM'))).toEqual([]);
  });

  it.each([
    [arn('SomethingNew'), 'what the AWS managed policy SomethingNew allows is not known'],
    [
      "ManagedPolicyArns: ['arn:aws:iam::123456789012:policy/AmazonS3FullAccess']",
      'the policy AmazonS3FullAccess is not in these files',
    ],
    [
      'ManagedPolicyArns: [!Ref TableArn]',
      'a managed policy is the parameter TableArn, which is given when it is deployed',
    ],
    [
      inline('{ Effect: Allow, Action: !Ref TableArn, Resource: "*" }'),
      'an action of a policy is the parameter TableArn, which is given when it is deployed',
    ],
    [inline('!ImportValue statement'), 'a statement is imported from another stack (statement)'],
  ])('says that it is incomplete: %s', (role, reason) => {
    const reach = reachOfFirst(project(role));
    expect(reach.incomplete).toContain(reason);
  });
});

describe('the way from the route', () => {
  it('says when the role is elsewhere', () => {
    const read = readTemplate(`
Resources:
  Create:
    Type: AWS::Lambda::Function
    Properties: { Handler: a.b, Role: 'arn:aws:iam::123456789012:role/shared' }
  Url: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: !Ref Create, AuthType: NONE } }
`);
    expect(reachOfFirst(read)).toMatchObject({
      role: 'shared',
      resources: [],
      incomplete: 'the role shared is not in these files',
    });
  });

  it('follows policies that are attached from outside the role', () => {
    const attached = `
  A:
    Type: AWS::IAM::Policy
    Properties: { Roles: [!Ref Role], PolicyDocument: { Statement: { Effect: Allow, Action: 'sqs:SendMessage', Resource: !GetAtt Jobs.Arn } } }
  B:
    Type: AWS::IAM::ManagedPolicy
    Properties: { PolicyDocument: { Statement: [{ Effect: Allow, Action: 's3:GetObject', Resource: !Sub '\${Files.Arn}/*' }] } }
  C:
    Type: AWS::IAM::RolePolicy
    Properties: { RoleName: worker, PolicyDocument: { Statement: [{ Effect: Allow, Action: 'dynamodb:PutItem', Resource: !GetAtt Table.Arn }] } }`;
    const reach = reachOfFirst(project('RoleName: worker\nManagedPolicyArns: [!Ref B]', attached));
    expect(lines(reach)).toEqual([table('write'), 'Jobs AWS::SQS::Queue write', 'Files AWS::S3::Bucket read']);
    expect(reach.incomplete).toBeUndefined();
  });

  it('leads through a load balancer to the containers behind it', () => {
    const read = readTemplate(`
Resources:${resources}
  Lb: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer }
  Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { TargetType: ip } }
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: { LoadBalancerArn: !Ref Lb, Port: 80, Protocol: HTTP, DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Group }] }
  Service:
    Type: AWS::ECS::Service
    Properties: { TaskDefinition: !Ref Task, LoadBalancers: [{ TargetGroupArn: !Ref Group, ContainerPort: 80 }] }
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { TaskRoleArn: !GetAtt TaskRole.Arn } }
  TaskRole:
    Type: AWS::IAM::Role
    Properties: { Policies: [{ PolicyName: p, PolicyDocument: { Statement: { Effect: Allow, Action: 'dynamodb:GetItem', Resource: !GetAtt Table.Arn } } }] }
`);
    const [route] = read.apis.flatMap((api) => api.routes);
    if (!route) throw new Error('no route');
    expect(reachOf(read, route)).toMatchObject({ function: undefined, role: 'TaskRole', incomplete: undefined });
    expect(lines(reachOf(read, route))).toEqual([table('read')]);
    const integration = {
      kind: 'http',
      uri: { kind: 'known', value: 'http://lb' },
      loadBalancer: 'Lb',
      private: { kind: 'known', value: false },
      headers: [],
      span: route.span,
    } as const;
    expect(lines(reachOf(read, { ...route, integration }))).toEqual([table('read')]);
  });

  it('answers the same object for routes of one function', () => {
    const read = project(inline(allow('dynamodb:PutItem', '!GetAtt Table.Arn')));
    expect(reachOfFirst(read).resources).toEqual(reachOfFirst(read).resources);
    expect(reachOfFirst(read).function).toBe(read.functions.find((one) => one.id === 'Create'));
  });
});

describe('more resources than anybody reads', () => {
  const tables = (count: number) =>
    Array.from(
      { length: count },
      (_, index) => `  T${index}: { Type: AWS::DynamoDB::Table, Properties: { TableName: big-${index} } }`,
    ).join('\n');
  const reached = (policy: string, count: number) => lines(reachOfFirst(project(inline(policy), `\n${tables(count)}`)));

  it('are one entry for their type, beside the few of other types', () => {
    // Table and Archive are in the file too.
    expect(reached(allow('dynamodb:PutItem', "'*'"), 48)).toHaveLength(51);
    expect(reached(allow('dynamodb:PutItem', "'*'"), 49)).toEqual([table('write', '*')]);
    const everything = reached(allow("'*'", "'*'"), 49);
    expect(everything).toContain(table('write', '*'));
    expect(everything).toContain(table('read', '*'));
    expect(everything).toContain('Jobs AWS::SQS::Queue write');
    expect(everything.filter((line) => line.includes('AWS::DynamoDB::Table'))).toHaveLength(2);
  });

  it('are one entry for the pattern that means them', () => {
    const pattern = 'arn:aws:dynamodb:*:*:table/big-*';
    expect(reached(allow('dynamodb:PutItem', `'${pattern}'`), 50)).toHaveLength(50);
    expect(reached(allow('dynamodb:PutItem', `'${pattern}'`), 51)).toEqual([table('write', pattern)]);
  });

  it('stay one by one where the policy names them so', () => {
    const names = Array.from({ length: 60 }, (_, index) => `!GetAtt T${index}.Arn`).join(', ');
    expect(reached(allow('dynamodb:PutItem', `[${names}]`), 60)).toHaveLength(60);
  });
});

describe('messages to clients of a WebSocket API', () => {
  it('are no access to data, nor to another API', () => {
    const more = `
  Socket: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: WEBSOCKET } }
  Http: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP } }
  Rest: { Type: AWS::ApiGateway::RestApi }`;
    const connections = inline(allow('execute-api:ManageConnections', "'arn:aws:execute-api:*:*:**/@connections/*'"));
    const of = (read: Project) => {
      const route = read.apis.find((api) => api.kind === 'url')?.routes[0];
      return route ? lines(reachOf(read, route)) : [];
    };
    expect(of(project(connections, more))).toEqual([]);
    const invoke = inline(allow('execute-api:Invoke', "!Sub 'arn:aws:execute-api:*:*:${Rest}/*'"));
    expect(of(project(invoke, more))).toEqual(['Rest AWS::ApiGateway::RestApi write']);
  });
});
