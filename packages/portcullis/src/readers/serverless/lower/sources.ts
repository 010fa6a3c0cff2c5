import { type Node, type Span, textOf } from '../../../project/index.ts';
import { addResource, type Lowering, providerSetting, type ServiceEvent, type ServiceFunction } from './lowering.ts';
import { lastOf, naming } from './naming.ts';
import { attribute, dig, isUnset, listOf, make, set } from './nodes.ts';

// Events without routes. What matters of them here: what the framework lets the functions' role do, and the buckets,
// topics and user pools that it creates because an event names them.

/** Permissions that the framework adds to the role for the event sources of a function (compile/events/{sqs,stream,kafka,...}.js). */
export function sourceStatements(fn: ServiceFunction): readonly Node[] {
  return fn.events.flatMap((event) => (isUnset(event.value) ? [] : statementsOf(event)));
}

function statementsOf(event: ServiceEvent): readonly Node[] {
  const { value, span } = event;
  const arn = dig(value, 'arn') ?? value;
  switch (event.kind) {
    case 'sqs':
      return [allow(span, ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arn)];
    case 'stream':
      return [...streamStatements(event, arn), ...failureStatements(event)];
    case 'msk':
      return [
        allow(
          span,
          [
            'ec2:CreateNetworkInterface',
            'ec2:DescribeNetworkInterfaces',
            'ec2:DescribeVpcs',
            'ec2:DeleteNetworkInterface',
            'ec2:DescribeSubnets',
            'ec2:DescribeSecurityGroups',
          ],
          make(span, '*'),
        ),
        allow(span, ['kafka:DescribeCluster', 'kafka:GetBootstrapBrokers'], arn),
      ];
    case 'kafka':
      return secretStatements(event, dig(value, 'accessConfigurations'));
    case 'activemq':
    case 'rabbitmq':
      return [...secretStatements(event, dig(value, 'basicAuthArn')), allow(span, ['mq:DescribeBroker'], arn)];
    default:
      return [];
  }
}

function allow(span: Span, actions: readonly string[], resource: Node): Node {
  return make(span, { Effect: 'Allow', Action: actions, Resource: [resource] });
}

function streamStatements(event: ServiceEvent, arn: Node): readonly Node[] {
  const type = textOf(dig(event.value, 'type')) ?? textOf(arn)?.split(':')[2];
  if (type === 'dynamodb') {
    return [
      allow(
        event.span,
        ['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream', 'dynamodb:ListStreams'],
        arn,
      ),
    ];
  }
  const consumer = !isUnset(dig(event.value, 'consumer'));
  return [
    allow(
      event.span,
      consumer
        ? ['kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:DescribeStreamSummary', 'kinesis:ListShards']
        : ['kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:DescribeStream', 'kinesis:ListStreams'],
      arn,
    ),
  ];
}

function failureStatements(event: ServiceEvent): readonly Node[] {
  const failure = set(dig(event.value, 'destinations', 'onFailure'));
  if (!failure) return [];
  const arn = dig(failure, 'arn') ?? failure;
  const type = textOf(dig(failure, 'type')) ?? textOf(arn)?.split(':')[2];
  return [allow(event.span, type === 'sns' ? ['sns:Publish'] : ['sqs:ListQueues', 'sqs:SendMessage'], arn)];
}

function secretStatements(event: ServiceEvent, access: Node | undefined): readonly Node[] {
  if (!access) return [];
  const written = access.kind === 'map' ? access.entries.flatMap((entry) => listOf(entry.value)) : listOf(access);
  const secrets = written.filter((node) => textOf(node)?.includes(':secretsmanager:') ?? true);
  return secrets.map((secret) => allow(event.span, ['secretsmanager:GetSecretValue'], secret));
}

/** Statements for the shared role, and the resources that events create. */
export function lowerSources(lowering: Lowering): void {
  for (const fn of lowering.functions) {
    lowering.roleStatements.push(...sourceStatements(fn));
    for (const event of fn.events) {
      if (isUnset(event.value)) continue;
      if (event.kind === 'cognitoUserPool') lowerUserPool(lowering, fn, event);
      else if (event.kind === 's3') lowerBucket(lowering, event);
      else if (event.kind === 'sns') lowerTopic(lowering, event);
    }
  }
}

function lowerUserPool(lowering: Lowering, fn: ServiceFunction, event: ServiceEvent): void {
  const pool = dig(event.value, 'pool');
  const name = textOf(pool);
  if (!pool || name === undefined || !isUnset(dig(event.value, 'existing'))) return;
  const id = naming.userPool(name);
  if (!lowering.resources.has(id)) {
    addResource(lowering, id, 'AWS::Cognito::UserPool', event.span, { UserPoolName: pool });
  }
  const trigger = textOf(dig(event.value, 'trigger')) ?? '';
  addResource(lowering, naming.userPoolPermission(fn.name, name, trigger), 'AWS::Lambda::Permission', event.span, {
    FunctionName: attribute(naming.lambda(fn.name), 'Arn'),
    Action: 'lambda:InvokeFunction',
    Principal: 'cognito-idp.amazonaws.com',
    SourceArn: attribute(id, 'Arn'),
  });
}

/** A bucket that an `s3` event names is created by the framework unless `existing: true`. */
function lowerBucket(lowering: Lowering, event: ServiceEvent): void {
  const bucket = event.value.kind === 'map' ? dig(event.value, 'bucket') : event.value;
  const name = textOf(bucket);
  if (!bucket || name === undefined || !isUnset(dig(event.value, 'existing'))) return;
  const id = naming.bucket(name);
  if (lowering.resources.has(id)) return;
  const settings = providerSetting(lowering, 's3', name);
  const properties: Record<string, Node> = { BucketName: bucket };
  if (settings?.kind === 'map') {
    for (const entry of settings.entries) {
      const key = entry.key === 'name' ? 'BucketName' : `${entry.key.charAt(0).toUpperCase()}${entry.key.slice(1)}`;
      properties[key] = entry.value;
    }
  }
  addResource(lowering, id, 'AWS::S3::Bucket', event.span, properties);
}

/** A topic that an `sns` event names (not by ARN) is created by the framework. */
function lowerTopic(lowering: Lowering, event: ServiceEvent): void {
  if (event.value.kind === 'map' && dig(event.value, 'arn')) return;
  const topic = event.value.kind === 'map' ? dig(event.value, 'topicName') : event.value;
  const name = textOf(topic);
  if (name === undefined || name.startsWith('arn:')) return;
  const id = naming.topic(lastOf(name, ':'));
  if (!lowering.resources.has(id)) addResource(lowering, id, 'AWS::SNS::Topic', event.span, { TopicName: name });
}
