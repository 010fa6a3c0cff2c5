import { get, type Node, type Span, stringOf, textOf } from '../../project/index.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { attribute, makeMap, type Plain, ref } from '../serverless/lower/nodes.ts';
import { account, add, anyMethod, given, isIntrinsic, leave, pick, type Sam, sub } from './context.ts';
import { suffixed } from './logical-id.ts';
import { addOperation, apiNamed, eventMethod, implicitApi } from './operations.ts';

/** What the events of a function call: the function, or the alias when there is one. */
export interface Target {
  /** Logical id of the function or alias, as permissions name it. */
  readonly name: string;
  readonly arn: Plain;
  /** Inside the address that API Gateway calls. */
  readonly path: string;
}

/** What events add to the role that is made for a function. */
export interface EventRights {
  readonly managed: readonly string[];
  readonly statements: readonly Plain[];
}

interface FunctionEvent {
  readonly sam: Sam;
  readonly owner: TemplateResource;
  readonly target: Target;
  /** The key under `Events`. */
  readonly key: string;
  /** Logical id of what the event makes: function and key. */
  readonly id: string;
  readonly span: Span;
  readonly properties: Node;
  readonly managed: Set<string>;
  readonly statements: Plain[];
  /** HTTP APIs that the function itself has the default route of. */
  readonly defaultRoutes: ReadonlySet<string>;
}

type Lower = (event: FunctionEvent) => void;

/** `Events` of a function: methods of APIs, permissions, event source mappings and rules. */
export function lowerEvents(sam: Sam, owner: TemplateResource, target: Target): EventRights {
  const managed = new Set<string>();
  const statements: Plain[] = [];
  const events = [...eventsOf(sam, owner)];
  const defaultRoutes = new Set(
    events.flatMap(({ type, properties }) => {
      if (type !== 'HttpApi' || !isDefaultRoute(properties) || target.name !== owner.id) return [];
      return stringOf(get(get(properties, 'ApiId'), 'Ref')) ?? stringOf(get(properties, 'ApiId')) ?? implicitApi.http;
    }),
  );
  for (const { key, span, type, properties } of events) {
    const lower = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    if (lower)
      lower({ sam, owner, target, key, id: `${owner.id}${key}`, span, properties, managed, statements, defaultRoutes });
    else leave(sam, `event ${key} of ${owner.id}`, `events of the type ${type} are not read yet`, span, ['secrets']);
  }
  return { managed: [...managed], statements };
}

/** The events of a function or a state machine; those that cannot be read are recorded. */
export function* eventsOf(
  sam: Sam,
  owner: TemplateResource,
): Generator<{ key: string; span: Span; type: string; properties: Node }> {
  const events = given(get(owner.properties, 'Events'));
  if (!events) return;
  const steps = ['authorization', 'usage-plans', 'firewall'] as const;
  const hidden = (what: string, span: Span) => {
    leave(sam, `${what} of ${owner.id}`, 'AWS SAM reads plain events only', span, steps);
  };
  if (events.kind !== 'map' || isIntrinsic(events)) return hidden('Events', events.span);
  for (const { key, keySpan, value } of events.entries) {
    const type = stringOf(get(value, 'Type'));
    const properties = given(get(value, 'Properties'));
    if (type === undefined || isIntrinsic(properties)) hidden(`event ${key}`, keySpan);
    else yield { key, span: keySpan, type, properties: properties ?? makeMap(value.span, {}) };
  }
}

/** AWS::Lambda::Permission for a service. */
function permit(
  event: FunctionEvent,
  principal: string,
  source: Plain,
  more: { suffix?: string; account?: Plain } = {},
) {
  const { sam, owner, target, id, span } = event;
  add(sam, owner, suffixed(`${id}Permission`, more.suffix ?? ''), 'AWS::Lambda::Permission', span, {
    Action: 'lambda:InvokeFunction',
    FunctionName: ref(target.name),
    Principal: principal,
    SourceArn: source,
    SourceAccount: more.account,
  });
}

const invocation = (event: FunctionEvent, version: string, action: string): Plain =>
  sub(
    `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/${version}/functions/${event.target.path}/${action}`,
  );

const sourceOf = (api: Plain, method: string, path: string): Plain =>
  sub(`arn:\${AWS::Partition}:execute-api:${account}:\${__ApiId__}/*/${method}${path}`, { __ApiId__: api });

/** A path as a permission names it: parameters are `*`, no slash at the end. */
const permitted = (path: string): string => path.replace(/^(.+)\/$/, '$1').replace(/\{[\w.+-]+\}/g, '*');

function restEvent(event: FunctionEvent): void {
  const { sam, owner, properties, span, key } = event;
  const api = apiNamed(sam, owner, key, span, get(properties, 'RestApiId'), 'rest');
  const described = eventMethod(sam, owner, key, span, properties);
  if (!api || !described) return;
  const verb = described.method === anyMethod ? '*' : described.method.toUpperCase();
  permit(event, 'apigateway.amazonaws.com', sourceOf(ref(api.id), verb, permitted(described.path)), {
    suffix: api.stage,
  });
  const streamed = stringOf(get(properties, 'ResponseTransferMode')) === 'RESPONSE_STREAM';
  addOperation(sam, api.id, {
    ...described,
    span,
    condition: owner.condition,
    auth: given(get(properties, 'Auth')),
    integration: makeMap(span, {
      type: 'aws_proxy',
      httpMethod: 'POST',
      uri: streamed
        ? invocation(event, '2021-11-15', 'response-streaming-invocations')
        : invocation(event, '2015-03-31', 'invocations'),
    }),
  });
}

const isDefaultRoute = (properties: Node): boolean =>
  !textOf(get(properties, 'Path')) && !textOf(get(properties, 'Method'));

function httpEvent(event: FunctionEvent): void {
  const { sam, owner, properties, span, key } = event;
  const api = apiNamed(sam, owner, key, span, get(properties, 'ApiId'), 'http');
  if (!api) return;
  const bare = isDefaultRoute(properties);
  const described = bare ? { path: '$default', method: anyMethod } : eventMethod(sam, owner, key, span, properties);
  if (!described) return;
  const verb = described.method === anyMethod ? '*' : described.method.toUpperCase();
  const path = described.path === '$default' ? '' : permitted(described.path);
  const everything = described.method === anyMethod && path === '/$default' ? path : `/${verb}${path}`;
  // A function that has the default route may be called for all the others already.
  if (bare || !event.defaultRoutes.has(api.id)) {
    const source = `arn:\${AWS::Partition}:execute-api:${account}:\${__ApiId__}/*${everything}`;
    permit(event, 'apigateway.amazonaws.com', sub(source, { __ApiId__: ref(api.id) }));
  }
  const settings = given(get(properties, 'RouteSettings'));
  if (settings) {
    const route =
      described.method === anyMethod ? described.path : `${described.method.toUpperCase()} ${described.path}`;
    const group = sam.routeSettings.get(api.id) ?? new Map<string, Node>();
    sam.routeSettings.set(api.id, group.set(route, settings));
  }
  addOperation(sam, api.id, {
    ...described,
    span,
    condition: owner.condition,
    auth: given(get(properties, 'Auth')),
    integration: makeMap(span, {
      type: 'aws_proxy',
      httpMethod: 'POST',
      payloadFormatVersion: given(get(properties, 'PayloadFormatVersion')) ?? '2.0',
      uri: invocation(event, '2015-03-31', 'invocations'),
    }),
  });
}

/** A rule with the function as target; what it hands over may hold a secret. */
function ruleEvent(event: FunctionEvent, rule: { readonly [key: string]: Plain }): void {
  const { sam, owner, target, id, span, properties } = event;
  add(sam, owner, id, 'AWS::Events::Rule', span, {
    ...rule,
    Targets: [{ Id: `${id}Target`, Arn: target.arn, ...pick(properties, 'Input', 'InputPath', 'InputTransformer') }],
  });
  permit(event, 'events.amazonaws.com', attribute(id, 'Arn'));
}

const eventRule: Lower = (event) => {
  const { properties } = event;
  ruleEvent(event, {
    ...pick(properties, 'EventBusName', 'State'),
    EventPattern: given(get(properties, 'Pattern')),
    Name: given(get(properties, 'RuleName')),
  });
};

/** Services that Lambda reads from: the managed policy that the role is given. */
function mappingEvent(source: string, managed: string | undefined): Lower {
  return ({ sam, owner, target, id, span, properties, managed: policies }) => {
    add(sam, owner, id, 'AWS::Lambda::EventSourceMapping', span, {
      FunctionName: ref(target.name),
      EventSourceArn: given(get(properties, source)),
      ...pick(properties, 'BatchSize', 'Enabled', 'FilterCriteria', 'SourceAccessConfigurations', 'StartingPosition'),
    });
    if (managed !== undefined) policies.add(managed);
  };
}

/** Brokers whose credentials lie in Secrets Manager: the role may read that secret (`SourceAccessConfigurations`). */
function brokerEvent(source: string, action?: string): Lower {
  const lower = mappingEvent(source, undefined);
  return (event) => {
    lower(event);
    const secrets = itemsOf(get(event.properties, 'SourceAccessConfigurations')).flatMap((configuration) => {
      const uri = get(configuration, 'URI');
      const type = stringOf(get(configuration, 'Type')) ?? '';
      return uri && /AUTH|CERTIFICATE/.test(type) ? [uri] : [];
    });
    const broker = get(event.properties, source);
    if (action !== undefined && broker) event.statements.push({ Effect: 'Allow', Action: [action], Resource: broker });
    for (const secret of secrets) {
      event.statements.push({ Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: secret });
    }
  };
}

const itemsOf = (node: Node | undefined): readonly Node[] => (node?.kind === 'list' ? node.items : []);

const kinds: Readonly<Record<string, Lower>> = {
  Api: restEvent,
  HttpApi: httpEvent,
  Schedule: (event) => {
    const { properties } = event;
    ruleEvent(event, {
      ScheduleExpression: given(get(properties, 'Schedule')),
      ...pick(properties, 'Name', 'Description', 'State'),
    });
  },
  CloudWatchEvent: eventRule,
  EventBridgeRule: eventRule,
  ScheduleV2: ({ sam, owner, target, id, span, properties }) => {
    const own = given(get(properties, 'RoleArn'));
    const role = `${id}Role`;
    if (!own) {
      add(sam, owner, role, 'AWS::IAM::Role', span, {
        Policies: [
          {
            PolicyName: `${id}LambdaPolicy`,
            PolicyDocument: {
              Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: target.arn }],
            },
          },
        ],
      });
    }
    add(sam, owner, id, 'AWS::Scheduler::Schedule', span, {
      ...pick(properties, 'Name', 'ScheduleExpression', 'State', 'KmsKeyArn'),
      Target: { Arn: target.arn, RoleArn: own ?? attribute(role, 'Arn'), Input: given(get(properties, 'Input')) },
    });
  },
  S3: (event) => permit(event, 's3.amazonaws.com', undefined, { account: ref('AWS::AccountId') }),
  SNS: (event) => {
    const { sam, owner, target, id, span, properties, managed } = event;
    const topic = given(get(properties, 'Topic'));
    const queue = given(get(properties, 'SqsSubscription'));
    const viaQueue = queue && !(queue.kind === 'scalar' && queue.value === false);
    if (viaQueue) managed.add('AWSLambdaSQSQueueExecutionRole');
    else permit(event, 'sns.amazonaws.com', topic);
    add(sam, owner, id, 'AWS::SNS::Subscription', span, {
      Protocol: viaQueue ? 'sqs' : 'lambda',
      Endpoint: viaQueue ? (get(queue, 'QueueArn') ?? attribute(`${id}Queue`, 'Arn')) : target.arn,
      TopicArn: topic,
    });
    if (!viaQueue) return;
    const source = get(queue, 'QueueArn') ?? attribute(`${id}Queue`, 'Arn');
    const mapping = { FunctionName: ref(target.name), EventSourceArn: source };
    add(sam, owner, `${id}EventSourceMapping`, 'AWS::Lambda::EventSourceMapping', span, mapping);
    if (queue.kind !== 'map') add(sam, owner, `${id}Queue`, 'AWS::SQS::Queue', span, {});
  },
  SQS: mappingEvent('Queue', 'AWSLambdaSQSQueueExecutionRole'),
  Kinesis: mappingEvent('Stream', 'AWSLambdaKinesisExecutionRole'),
  DynamoDB: mappingEvent('Stream', 'AWSLambdaDynamoDBExecutionRole'),
  MSK: mappingEvent('Stream', 'AWSLambdaMSKExecutionRole'),
  MQ: brokerEvent('Broker', 'mq:DescribeBroker'),
  SelfManagedKafka: brokerEvent('KafkaBootstrapServers'),
  DocumentDB: brokerEvent('Cluster'),
  Cognito: (event) => {
    const pool = stringOf(get(get(event.properties, 'UserPool'), 'Ref'));
    if (pool === undefined) return;
    // The transform writes the trigger into the user pool too; nothing that is checked depends on it.
    permitAs(event, `${event.owner.id}CognitoPermission`, 'cognito-idp.amazonaws.com', attribute(pool, 'Arn'));
  },
  IoTRule: (event) => {
    const { sam, owner, target, id, span, properties } = event;
    permit(
      event,
      'iot.amazonaws.com',
      sub(`arn:\${AWS::Partition}:iot:${account}:rule/\${RuleName}`, { RuleName: ref(id) }),
      {
        account: sub('${AWS::AccountId}'),
      },
    );
    add(sam, owner, id, 'AWS::IoT::TopicRule', span, {
      TopicRulePayload: { Sql: get(properties, 'Sql'), Actions: [{ Lambda: { FunctionArn: target.arn } }] },
    });
  },
  CloudWatchLogs: (event) => {
    const { sam, owner, target, id, span, properties } = event;
    const group = given(get(properties, 'LogGroupName'));
    permit(
      event,
      'logs.amazonaws.com',
      sub(`arn:\${AWS::Partition}:logs:${account}:log-group:\${__LogGroupName__}:*`, { __LogGroupName__: group }),
    );
    add(sam, owner, id, 'AWS::Logs::SubscriptionFilter', span, {
      ...pick(properties, 'LogGroupName', 'FilterPattern'),
      DestinationArn: target.arn,
    });
  },
  AlexaSkill: (event) => {
    const { sam, owner, target, id, span, properties } = event;
    add(sam, owner, `${id}Permission`, 'AWS::Lambda::Permission', span, {
      Action: 'lambda:InvokeFunction',
      FunctionName: ref(target.name),
      Principal: 'alexa-appkit.amazon.com',
      EventSourceToken: given(get(properties, 'SkillId')),
    });
  },
};

function permitAs({ sam, owner, target, span }: FunctionEvent, id: string, principal: string, source: Plain): void {
  add(sam, owner, id, 'AWS::Lambda::Permission', span, {
    Action: 'lambda:InvokeFunction',
    FunctionName: ref(target.name),
    Principal: principal,
    SourceArn: source,
  });
}
