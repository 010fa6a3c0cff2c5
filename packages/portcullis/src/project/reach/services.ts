/** A kind of resource that an ARN can name. */
export interface ResourceKind {
  /** CloudFormation type. */
  readonly type: string;
  /** Properties of the resource that hold the name which stands in its ARN. Empty: the name is made at deployment. */
  readonly names: readonly string[];
  /** What stands before the name in the last part of the ARN: `table/`. Empty for buckets, queues and topics. */
  readonly prefix: string;
  /** Not what `*` as a resource is about for most actions of the service: layers for `lambda:InvokeFunction`. */
  readonly minor?: boolean;
}

export interface Service {
  /** The prefix of its actions. */
  readonly id: string;
  /** The first one is what the service is mainly about. */
  readonly kinds: readonly [ResourceKind, ...ResourceKind[]];
  /** Services whose ARNs its actions are granted on, when that is another one: `rds` for `rds-data`. */
  readonly arnsOf?: string;
}

const kind = (type: string, prefix: string, ...names: readonly string[]): ResourceKind => ({ type, prefix, names });

const minor = (type: string, prefix: string, ...names: readonly string[]): ResourceKind => ({
  type,
  prefix,
  names,
  minor: true,
});

const service = (id: string, ...kinds: readonly [ResourceKind, ...ResourceKind[]]): Service => ({ id, kinds });

// ARN formats and action prefixes: Service Authorization Reference, "Resource types" of each service.
const list: readonly Service[] = [
  service(
    'dynamodb',
    kind('AWS::DynamoDB::Table', 'table/', 'TableName'),
    kind('AWS::DynamoDB::GlobalTable', 'table/', 'TableName'),
  ),
  service('s3', kind('AWS::S3::Bucket', '', 'BucketName'), kind('AWS::S3::AccessPoint', 'accesspoint/', 'Name')),
  service(
    'rds',
    kind('AWS::RDS::DBCluster', 'cluster:', 'DBClusterIdentifier'),
    kind('AWS::RDS::DBInstance', 'db:', 'DBInstanceIdentifier'),
  ),
  { ...service('rds-data', kind('AWS::RDS::DBCluster', 'cluster:', 'DBClusterIdentifier')), arnsOf: 'rds' },
  service('rds-db', kind('AWS::RDS::DBInstance', 'dbuser:'), kind('AWS::RDS::DBCluster', 'dbuser:')),
  service('sqs', kind('AWS::SQS::Queue', '', 'QueueName')),
  service('sns', kind('AWS::SNS::Topic', '', 'TopicName')),
  service('secretsmanager', kind('AWS::SecretsManager::Secret', 'secret:', 'Name')),
  service('ssm', kind('AWS::SSM::Parameter', 'parameter/', 'Name'), minor('AWS::SSM::Document', 'document/', 'Name')),
  service('kms', kind('AWS::KMS::Key', 'key/'), minor('AWS::KMS::Alias', 'alias/', 'AliasName')),
  service(
    'lambda',
    kind('AWS::Lambda::Function', 'function:', 'FunctionName'),
    minor('AWS::Lambda::LayerVersion', 'layer:', 'LayerName'),
  ),
  service(
    'states',
    kind('AWS::StepFunctions::StateMachine', 'stateMachine:', 'StateMachineName'),
    kind('AWS::StepFunctions::StateMachine', 'execution:', 'StateMachineName'),
    minor('AWS::StepFunctions::Activity', 'activity:', 'Name'),
  ),
  service('kinesis', kind('AWS::Kinesis::Stream', 'stream/', 'Name')),
  service('firehose', kind('AWS::KinesisFirehose::DeliveryStream', 'deliverystream/', 'DeliveryStreamName')),
  service('events', kind('AWS::Events::EventBus', 'event-bus/', 'Name'), minor('AWS::Events::Rule', 'rule/', 'Name')),
  service('scheduler', kind('AWS::Scheduler::Schedule', 'schedule/', 'Name')),
  service(
    'ses',
    kind('AWS::SES::EmailIdentity', 'identity/', 'EmailIdentity'),
    minor('AWS::SES::Template', 'template/'),
  ),
  service('cognito-idp', kind('AWS::Cognito::UserPool', 'userpool/')),
  service('cognito-identity', kind('AWS::Cognito::IdentityPool', 'identitypool/')),
  service(
    'iam',
    kind('AWS::IAM::Role', 'role/', 'RoleName'),
    minor('AWS::IAM::User', 'user/', 'UserName'),
    minor('AWS::IAM::Group', 'group/', 'GroupName'),
    minor('AWS::IAM::ManagedPolicy', 'policy/', 'ManagedPolicyName'),
  ),
  { ...service('sts', kind('AWS::IAM::Role', 'role/', 'RoleName')), arnsOf: 'iam' },
  service('execute-api', kind('AWS::ApiGateway::RestApi', ''), kind('AWS::ApiGatewayV2::Api', '')),
  service('apigateway', kind('AWS::ApiGateway::RestApi', '/restapis/'), kind('AWS::ApiGatewayV2::Api', '/apis/')),
  service(
    'es',
    kind('AWS::OpenSearchService::Domain', 'domain/', 'DomainName'),
    kind('AWS::Elasticsearch::Domain', 'domain/', 'DomainName'),
  ),
  service('aoss', kind('AWS::OpenSearchServerless::Collection', 'collection/')),
  service(
    'elasticache',
    kind('AWS::ElastiCache::ReplicationGroup', 'replicationgroup:', 'ReplicationGroupId'),
    kind('AWS::ElastiCache::CacheCluster', 'cluster:', 'ClusterName'),
    kind('AWS::ElastiCache::ServerlessCache', 'serverlesscache:', 'ServerlessCacheName'),
  ),
  service('dax', kind('AWS::DAX::Cluster', 'cache/', 'ClusterName')),
  service('redshift', kind('AWS::Redshift::Cluster', 'cluster:', 'ClusterIdentifier')),
  { ...service('redshift-data', kind('AWS::Redshift::Cluster', 'cluster:', 'ClusterIdentifier')), arnsOf: 'redshift' },
  service('athena', kind('AWS::Athena::WorkGroup', 'workgroup/', 'Name')),
  service(
    'glue',
    kind('AWS::Glue::Table', 'table/'),
    kind('AWS::Glue::Database', 'database/'),
    minor('AWS::Glue::Job', 'job/', 'Name'),
  ),
  service(
    'timestream',
    kind('AWS::Timestream::Table', 'database/'),
    kind('AWS::Timestream::Database', 'database/', 'DatabaseName'),
  ),
  service('neptune-db', kind('AWS::Neptune::DBCluster', '')),
  service(
    'elasticfilesystem',
    kind('AWS::EFS::FileSystem', 'file-system/'),
    kind('AWS::EFS::AccessPoint', 'access-point/'),
  ),
  service('appsync', kind('AWS::AppSync::GraphQLApi', 'apis/')),
  service(
    'iot',
    kind('AWS::IoT::Thing', 'thing/', 'ThingName'),
    minor('AWS::IoT::TopicRule', 'rule/', 'RuleName'),
    minor('AWS::IoT::Policy', 'policy/', 'PolicyName'),
  ),
  service(
    'ecs',
    kind('AWS::ECS::Cluster', 'cluster/', 'ClusterName'),
    minor('AWS::ECS::TaskDefinition', 'task-definition/', 'Family'),
    minor('AWS::ECS::Service', 'service/'),
  ),
  service('ecr', kind('AWS::ECR::Repository', 'repository/', 'RepositoryName')),
  service('ec2', kind('AWS::EC2::Instance', 'instance/')),
  service(
    'batch',
    kind('AWS::Batch::JobQueue', 'job-queue/', 'JobQueueName'),
    minor('AWS::Batch::JobDefinition', 'job-definition/', 'JobDefinitionName'),
  ),
  service('codebuild', kind('AWS::CodeBuild::Project', 'project/', 'Name')),
  service('codepipeline', kind('AWS::CodePipeline::Pipeline', '', 'Name')),
  service('cloudformation', kind('AWS::CloudFormation::Stack', 'stack/')),
  service('cloudfront', kind('AWS::CloudFront::Distribution', 'distribution/')),
  service('route53', kind('AWS::Route53::HostedZone', 'hostedzone/')),
  service('mobiletargeting', kind('AWS::Pinpoint::App', 'apps/')),
  service('sagemaker', kind('AWS::SageMaker::Endpoint', 'endpoint/', 'EndpointName')),
  service('backup', kind('AWS::Backup::BackupVault', 'backup-vault:', 'BackupVaultName')),
];

export const services: ReadonlyMap<string, Service> = new Map(list.map((one) => [one.id, one]));

/** Telemetry of the function itself: every role may do this, and no caller gets at data through it. */
const ignoredServices: ReadonlySet<string> = new Set([
  'logs',
  'xray',
  'cloudwatch',
  'ssmmessages',
  'ec2messages',
  'tag',
  'application-autoscaling',
  'autoscaling',
]);

/** Single actions (lower case) that reach nothing: who am I, and the network interfaces of a function inside a VPC. */
const ignoredActions: ReadonlySet<string> = new Set([
  // Sending to the clients of a WebSocket API; the framework adds it to the role of every service that has one.
  'execute-api:manageconnections',
  'sts:getcalleridentity',
  'ec2:createnetworkinterface',
  'ec2:createnetworkinterfacepermission',
  'ec2:deletenetworkinterface',
  'ec2:deletenetworkinterfacepermission',
  'ec2:describenetworkinterfaces',
  'ec2:detachnetworkinterface',
  'ec2:attachnetworkinterface',
  'ec2:modifynetworkinterfaceattribute',
  'ec2:assignprivateipaddresses',
  'ec2:unassignprivateipaddresses',
  'ec2:describesecuritygroups',
  'ec2:describesubnets',
  'ec2:describevpcs',
  'ec2:describedhcpoptions',
  'ec2:*networkinterface',
  'ec2:*networkinterface*',
  'ec2:*networkinterfaces',
  'ecr:getauthorizationtoken',
]);

/** Whether an action (lower case, `service:name`) says nothing about what a caller reaches. */
export function isIgnored(action: string): boolean {
  return ignoredServices.has(action.slice(0, Math.max(0, action.indexOf(':')))) || ignoredActions.has(action);
}

/** The service whose kind of resource this CloudFormation type is. */
export const serviceOfType: ReadonlyMap<string, string> = new Map(
  // Backwards, so that of two services with one type the first in the list stays: `rds` for a cluster, `iam` for a role.
  [...list].reverse().flatMap((one) => one.kinds.map((each) => [each.type, one.id] as const)),
);

/** Services that keep what customers entrust to a program. */
const stores = [
  'dynamodb',
  's3',
  'rds',
  'secretsmanager',
  'ssm',
  'cognito-idp',
  'es',
  'aoss',
  'elasticache',
  'dax',
  'redshift',
  'timestream',
  'neptune-db',
  'elasticfilesystem',
  'kinesis',
];

const storeTypes: ReadonlySet<string> = new Set(
  stores.flatMap((id) => (services.get(id)?.kinds ?? []).map((one) => one.type)),
);

/** Whether a resource of this CloudFormation type keeps data, secrets or users. */
export function isStore(type: string): boolean {
  return storeTypes.has(type);
}
