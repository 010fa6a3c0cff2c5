/**
 * What a connector allows: `Source -> Destination`, then for each permission the actions and the resources, of which `source` and
 * `destination` stand for the ARNs (AWS SAM Developer Guide, "Supported source and destination resource types for connectors").
 */
export type Profile =
  | {
      readonly kind: 'role';
      /** Whose role is given the policy. */
      readonly role: 'source' | 'destination';
      readonly permissions: Readonly<Record<string, readonly Grant[]>>;
    }
  | { readonly kind: 'permission'; readonly service: string; readonly account?: true }
  | { readonly kind: 'queue' | 'topic'; readonly service: string };

export interface Grant {
  readonly actions: readonly string[];
  /** `destination`, `destination/*`, or a text for Fn::Sub in which `${name}` stands for the name of the destination. */
  readonly resources: readonly string[];
}

const grant = (service: string, actions: string, ...resources: readonly string[]): Grant => ({
  actions: actions.split(' ').map((action) => `${service}:${action}`),
  resources,
});

const execution = 'arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${name}:*';
const syncRule =
  'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule';

const invoke: Profile = {
  kind: 'role',
  role: 'source',
  permissions: { Write: [grant('lambda', 'InvokeAsync InvokeFunction', 'destination')] },
};
const putEvents: Profile = {
  kind: 'role',
  role: 'source',
  permissions: { Write: [grant('events', 'PutEvents', 'destination')] },
};
const publish: Profile = {
  kind: 'role',
  role: 'source',
  permissions: { Write: [grant('sns', 'Publish', 'destination')] },
};
const table: Profile = {
  kind: 'role',
  role: 'source',
  permissions: {
    Read: [
      grant(
        'dynamodb',
        'GetItem Query Scan BatchGetItem ConditionCheckItem PartiQLSelect',
        'destination',
        'destination/index/*',
      ),
    ],
    Write: [
      grant(
        'dynamodb',
        'PutItem UpdateItem DeleteItem BatchWriteItem PartiQLDelete PartiQLInsert PartiQLUpdate',
        'destination',
        'destination/index/*',
      ),
    ],
  },
};
const bucket: Profile = {
  kind: 'role',
  role: 'source',
  permissions: {
    Read: [
      grant(
        's3',
        'GetObject GetObjectAcl GetObjectLegalHold GetObjectRetention GetObjectTorrent GetObjectVersion GetObjectVersionAcl GetObjectVersionForReplication GetObjectVersionTorrent ListBucket ListBucketMultipartUploads ListBucketVersions ListMultipartUploadParts',
        'destination',
        'destination/*',
      ),
    ],
    Write: [
      grant(
        's3',
        'AbortMultipartUpload DeleteObject DeleteObjectVersion PutObject PutObjectLegalHold PutObjectRetention RestoreObject',
        'destination',
        'destination/*',
      ),
    ],
  },
};

export const profiles: ReadonlyMap<string, Profile> = new Map<string, Profile>([
  ['AWS::Lambda::Function -> AWS::Lambda::Function', invoke],
  ['AWS::StepFunctions::StateMachine -> AWS::Lambda::Function', invoke],
  ['AWS::Lambda::Function -> AWS::DynamoDB::Table', table],
  ['AWS::StepFunctions::StateMachine -> AWS::DynamoDB::Table', table],
  ['AWS::Lambda::Function -> AWS::S3::Bucket', bucket],
  ['AWS::StepFunctions::StateMachine -> AWS::S3::Bucket', bucket],
  ['AWS::Lambda::Function -> AWS::SNS::Topic', publish],
  ['AWS::StepFunctions::StateMachine -> AWS::SNS::Topic', publish],
  ['AWS::Lambda::Function -> AWS::Events::EventBus', putEvents],
  ['AWS::StepFunctions::StateMachine -> AWS::Events::EventBus', putEvents],
  ['AWS::Events::Rule -> AWS::Events::EventBus', putEvents],
  [
    'AWS::Events::Rule -> AWS::StepFunctions::StateMachine',
    { kind: 'role', role: 'source', permissions: { Write: [grant('states', 'StartExecution', 'destination')] } },
  ],
  [
    'AWS::Lambda::Function -> AWS::SQS::Queue',
    {
      kind: 'role',
      role: 'source',
      permissions: {
        Read: [grant('sqs', 'ReceiveMessage GetQueueAttributes', 'destination')],
        Write: [grant('sqs', 'DeleteMessage SendMessage ChangeMessageVisibility PurgeQueue', 'destination')],
      },
    },
  ],
  [
    'AWS::StepFunctions::StateMachine -> AWS::SQS::Queue',
    { kind: 'role', role: 'source', permissions: { Write: [grant('sqs', 'SendMessage', 'destination')] } },
  ],
  [
    'AWS::Lambda::Function -> AWS::StepFunctions::StateMachine',
    {
      kind: 'role',
      role: 'source',
      permissions: {
        Read: [
          grant('states', 'DescribeStateMachine ListExecutions', 'destination'),
          grant('states', 'DescribeExecution DescribeStateMachineForExecution GetExecutionHistory', execution),
        ],
        Write: [
          grant('states', 'StartExecution StartSyncExecution', 'destination'),
          grant('states', 'StopExecution', execution),
        ],
      },
    },
  ],
  [
    'AWS::StepFunctions::StateMachine -> AWS::StepFunctions::StateMachine',
    {
      kind: 'role',
      role: 'source',
      permissions: {
        Read: [grant('states', 'DescribeExecution', execution), grant('events', 'DescribeRule', syncRule)],
        Write: [
          grant('states', 'StartExecution', 'destination'),
          grant('states', 'StopExecution', execution),
          grant('events', 'PutTargets PutRule', syncRule),
        ],
      },
    },
  ],
  [
    'AWS::Lambda::Function -> AWS::Location::PlaceIndex',
    {
      kind: 'role',
      role: 'source',
      permissions: {
        Read: [
          grant(
            'geo',
            'DescribePlaceIndex GetPlace SearchPlaceIndexForPosition SearchPlaceIndexForSuggestions SearchPlaceIndexForText',
            'destination',
          ),
        ],
      },
    },
  ],
  [
    'AWS::DynamoDB::Table -> AWS::Lambda::Function',
    {
      kind: 'role',
      role: 'destination',
      permissions: {
        Read: [grant('dynamodb', 'DescribeStream GetRecords GetShardIterator ListStreams', 'source/stream/*')],
      },
    },
  ],
  [
    'AWS::SQS::Queue -> AWS::Lambda::Function',
    {
      kind: 'role',
      role: 'destination',
      permissions: {
        Read: [grant('sqs', 'ReceiveMessage GetQueueAttributes', 'source')],
        Write: [grant('sqs', 'DeleteMessage', 'source')],
      },
    },
  ],
  ['AWS::Events::Rule -> AWS::Lambda::Function', { kind: 'permission', service: 'events.amazonaws.com' }],
  ['AWS::SNS::Topic -> AWS::Lambda::Function', { kind: 'permission', service: 'sns.amazonaws.com' }],
  ['AWS::S3::Bucket -> AWS::Lambda::Function', { kind: 'permission', service: 's3.amazonaws.com', account: true }],
  ['AWS::ApiGateway::RestApi -> AWS::Lambda::Function', { kind: 'permission', service: 'apigateway.amazonaws.com' }],
  ['AWS::ApiGatewayV2::Api -> AWS::Lambda::Function', { kind: 'permission', service: 'apigateway.amazonaws.com' }],
  ['AWS::Events::Rule -> AWS::SQS::Queue', { kind: 'queue', service: 'events.amazonaws.com' }],
  ['AWS::SNS::Topic -> AWS::SQS::Queue', { kind: 'queue', service: 'sns.amazonaws.com' }],
  ['AWS::Events::Rule -> AWS::SNS::Topic', { kind: 'topic', service: 'events.amazonaws.com' }],
]);
