import { entries, entry, get, items, type Node, type Span, stringOf } from '../../project/index.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { attribute, join, type Plain, ref } from '../serverless/lower/nodes.ts';
import { type Grant, type Profile, profiles } from './connector-profiles.ts';
import { account, add, given, leave, mapOf, type Sam, sub } from './context.ts';

interface Connector {
  readonly id: string;
  readonly span: Span;
  readonly owner: TemplateResource;
  readonly source: Node;
  readonly destinations: readonly Node[];
  /** A list of destinations, also of one, numbers what is made. */
  readonly several: boolean;
  readonly permissions: readonly string[];
}

/** One side of a connector. */
interface End {
  readonly type: string;
  readonly arn: Plain;
  readonly name: Plain;
  readonly id: Plain;
  /** Logical id or name of its role. */
  readonly role: Plain;
  readonly qualifier: Plain;
}

/** Connectors of resources, and AWS::Serverless::Connector: policies and permissions between the two sides. */
export function lowerConnectors(sam: Sam): void {
  for (const connector of connectorsOf(sam)) {
    connector.destinations.forEach((destination, index) => {
      const suffix = connector.several ? `Destination${index}` : '';
      connect(sam, connector, destination, suffix);
    });
  }
}

function* connectorsOf(sam: Sam): Generator<Connector> {
  for (const owner of sam.sources.values()) {
    for (const { key, keySpan, value } of entries(owner.connectors)) {
      const properties = get(value, 'Properties');
      const reference = mapOf(get(properties, 'SourceReference'), keySpan);
      const id: Node = { kind: 'scalar', value: owner.id, span: keySpan };
      const source: Node = { ...reference, entries: [...reference.entries, { key: 'Id', keySpan, value: id }] };
      yield connectorOf(`${owner.id}${key}`, keySpan, owner, source, properties);
    }
    if (owner.type !== 'AWS::Serverless::Connector') continue;
    const source = get(owner.properties, 'Source');
    if (source) yield connectorOf(owner.id, owner.span, owner, source, owner.properties);
    else leave(sam, `connector ${owner.id}`, 'it has no source', owner.span, ['secrets']);
  }
}

function connectorOf(
  id: string,
  span: Span,
  owner: TemplateResource,
  source: Node,
  properties: Node | undefined,
): Connector {
  const destination = get(properties, 'Destination');
  return {
    id,
    span,
    owner,
    source,
    destinations: items(destination),
    several: destination?.kind === 'list',
    permissions: items(get(properties, 'Permissions')).flatMap((one) => stringOf(one) ?? []),
  };
}

function connect(sam: Sam, connector: Connector, destination: Node, suffix: string): void {
  const { id, span, owner } = connector;
  const from = endOf(sam, connector.source, destination);
  const to = endOf(sam, destination, connector.source);
  const profile = from && to ? profiles.get(`${from.type} -> ${to.type}`) : undefined;
  if (!from || !to || !profile) {
    const reason =
      from && to ? `from ${from.type} to ${to.type} it is not read` : 'a side of it is not in this template';
    leave(sam, `connector ${id}`, reason, span, ['secrets']);
    return;
  }
  // Nobody but the condition of the resource decides; an embedded one stands in the resource.
  if (profile.kind === 'role') rolePolicy(sam, connector, profile, from, to, suffix);
  else if (profile.kind === 'permission') {
    add(sam, owner, `${id}WriteLambdaPermission${suffix}`, 'AWS::Lambda::Permission', span, {
      Action: 'lambda:InvokeFunction',
      FunctionName: to.arn,
      Principal: profile.service,
      SourceArn: profile.service === 'apigateway.amazonaws.com' ? executeApi(from) : from.arn,
      SourceAccount: profile.account ? ref('AWS::AccountId') : undefined,
    });
  } else {
    const isQueue = profile.kind === 'queue';
    const type = isQueue ? 'AWS::SQS::QueuePolicy' : 'AWS::SNS::TopicPolicy';
    add(sam, owner, `${id}${isQueue ? 'Queue' : 'Topic'}Policy${suffix}`, type, span, {
      [isQueue ? 'Queues' : 'Topics']: [isQueue ? to.id : to.arn],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: profile.service },
            Action: isQueue ? 'sqs:SendMessage' : 'sns:Publish',
            Resource: to.arn,
            Condition: { ArnEquals: { 'aws:SourceArn': from.arn } },
          },
        ],
      },
    });
  }
}

const executeApi = (api: End): Plain =>
  sub(`arn:\${AWS::Partition}:execute-api:${account}:\${__ApiId__}/\${__Qualifier__}`, {
    __ApiId__: api.id,
    __Qualifier__: api.qualifier,
  });

function rolePolicy(
  sam: Sam,
  { id, span, owner, permissions }: Connector,
  profile: Extract<Profile, { kind: 'role' }>,
  from: End,
  to: End,
  suffix: string,
): void {
  const { role } = profile.role === 'source' ? from : to;
  if (role === undefined) {
    leave(sam, `connector ${id}`, 'the role that it gives rights to is not in this template', span, ['secrets']);
    return;
  }
  const grants = permissions.flatMap((permission) => {
    const found = Object.hasOwn(profile.permissions, permission) ? profile.permissions[permission] : undefined;
    return found ?? [];
  });
  add(sam, owner, `${id}Policy${suffix}`, 'AWS::IAM::ManagedPolicy', span, {
    PolicyDocument: { Version: '2012-10-17', Statement: grants.map((grant) => statement(grant, from, to)) },
    Roles: [role],
  });
}

function statement({ actions, resources }: Grant, from: End, to: End): Plain {
  return { Effect: 'Allow', Action: actions, Resource: resources.map((resource) => arnOf(resource, from, to)) };
}

function arnOf(resource: string, from: End, to: End): Plain {
  const slash = resource.indexOf('/');
  const side = slash === -1 ? resource : resource.slice(0, slash);
  if (side !== 'source' && side !== 'destination') return sub(resource, { name: to.name });
  const { arn } = side === 'source' ? from : to;
  return slash === -1 ? arn : join('', [arn, resource.slice(slash)]);
}

const cloudFormationTypes: ReadonlyMap<string, string> = new Map([
  ['AWS::Serverless::Function', 'AWS::Lambda::Function'],
  ['AWS::Serverless::StateMachine', 'AWS::StepFunctions::StateMachine'],
  ['AWS::Serverless::Api', 'AWS::ApiGateway::RestApi'],
  ['AWS::Serverless::HttpApi', 'AWS::ApiGatewayV2::Api'],
  ['AWS::Serverless::SimpleTable', 'AWS::DynamoDB::Table'],
]);

/** Types whose Ref is the ARN. */
const refIsArn: ReadonlySet<string> = new Set(['AWS::StepFunctions::StateMachine', 'AWS::SNS::Topic']);

/** `Id` of a resource of the template, or what describes one elsewhere: `Type`, `Arn`, `RoleName`. */
function endOf(sam: Sam, side: Node, other: Node): End | undefined {
  const id = stringOf(get(side, 'Id'));
  const say = (key: string): Node | undefined => given(get(side, key));
  if (id === undefined) {
    const type = stringOf(say('Type'));
    if (type === undefined) return undefined;
    return {
      type: cloudFormationTypes.get(type) ?? type,
      arn: say('Arn'),
      name: say('Name'),
      id: say('ResourceId') ?? say('QueueUrl'),
      role: say('RoleName'),
      qualifier: say('Qualifier') ?? '*',
    };
  }
  const resource = madeOf(sam, id);
  if (!resource) return undefined;
  const { type, properties } = resource;
  return {
    type,
    arn: refIsArn.has(type) ? ref(id) : attribute(id, 'Arn'),
    name: attribute(id, 'Name'),
    id: ref(id),
    role: roleOf(properties, type, other),
    qualifier: say('Qualifier') ?? '*',
  };
}

function madeOf(sam: Sam, id: string): TemplateResource | undefined {
  return sam.made.get(id)?.find((one) => one.id === id) ?? sam.sources.get(id);
}

function roleOf(properties: Node, type: string, other: Node): Plain {
  if (type === 'AWS::Events::Rule') {
    const wanted = stringOf(get(other, 'Id'));
    const target = items(get(properties, 'Targets')).find((one) => logicalId(get(one, 'Arn')) === wanted);
    return referenced(get(target, 'RoleArn'));
  }
  return referenced(get(properties, type === 'AWS::Lambda::Function' ? 'Role' : 'RoleArn'));
}

function referenced(node: Node | undefined): Plain {
  const id = logicalId(node);
  return id === undefined ? undefined : ref(id);
}

/** The resource that a Ref or Fn::GetAtt names. */
function logicalId(node: Node | undefined): string | undefined {
  const plain = stringOf(entry(node, 'Ref')?.value);
  if (plain !== undefined) return plain;
  const attributes = entry(node, 'Fn::GetAtt')?.value;
  const text = stringOf(attributes)?.split('.')[0];
  return text ?? (attributes?.kind === 'list' ? stringOf(attributes.items[0]) : undefined);
}
