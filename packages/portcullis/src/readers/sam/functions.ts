import { entry, get, type MapNode, stringOf, textOf } from '../../project/index.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { attribute, makeMap, type Plain, ref } from '../serverless/lower/nodes.ts';
import {
  add,
  argumentOf,
  given,
  isIntrinsic,
  isNoValue,
  leave,
  pick,
  resolved,
  type Sam,
  spanOf,
  truthy,
} from './context.ts';
import { lowerEvents, type Target } from './events.ts';
import { addRole, trust } from './roles.ts';

/** Properties of AWS::Serverless::Function that AWS::Lambda::Function has under the same name. */
const same = [
  'FunctionName',
  // Under another name there; where it lies in the project is what readers of the code ask for.
  'CodeUri',
  'Handler',
  'Runtime',
  'Description',
  'MemorySize',
  'Timeout',
  'VpcConfig',
  'Environment',
  'KmsKeyArn',
  'ReservedConcurrentExecutions',
  'Layers',
  'FileSystemConfigs',
  'ImageConfig',
  'PackageType',
  'Architectures',
  'SnapStart',
  'EphemeralStorage',
  'CodeSigningConfigArn',
  'RuntimeManagementConfig',
  'LoggingConfig',
  'TenancyConfig',
  'RecursiveLoop',
];

/** AWS::Serverless::Function: the function, its version, alias, URL, role, and what its events make. */
export function lowerFunction(sam: Sam, resource: TemplateResource): void {
  const { id, properties, span } = resource;
  const made = add(sam, resource, id, 'AWS::Lambda::Function', span, properties, { keep: true });
  const alias = addAlias(sam, resource);
  const target: Target = {
    name: alias ?? id,
    arn: alias === undefined ? attribute(id, 'Arn') : ref(alias),
    path: alias === undefined ? `\${${id}.Arn}` : `\${${alias}}`,
  };
  addUrl(sam, resource, alias);
  const invoked = given(get(properties, 'EventInvokeConfig'));
  if (invoked?.kind === 'map') {
    const settings = { ...pick(invoked, 'DestinationConfig'), FunctionName: ref(id) };
    add(sam, resource, `${id}EventInvokeConfig`, 'AWS::Lambda::EventInvokeConfig', invoked.span, settings);
  }
  const { managed, statements } = lowerEvents(sam, resource, target);
  const role = roleOf(sam, resource, managed, [...statements, ...destinations(resource)]);
  const group = sam.made.get(id);
  if (group?.[0]) group[0] = { ...made, properties: functionProperties(sam, resource, role) };
}

function functionProperties(sam: Sam, resource: TemplateResource, role: Plain): MapNode {
  const { properties, span } = resource;
  const tracing = given(get(properties, 'Tracing'));
  const queue = given(get(get(properties, 'DeadLetterQueue'), 'TargetArn'));
  const inline = given(get(properties, 'InlineCode'));
  const whole = isIntrinsic(properties) ? properties.entries[0] : undefined;
  if (whole) leave(sam, `Properties of ${resource.id}`, 'a function of CloudFormation stands there', span, ['secrets']);
  const made = makeMap(span, {
    Role: role,
    Code: inline && { ZipFile: inline },
    TracingConfig: truthy(tracing) && stringOf(tracing) !== 'Disabled' ? { Mode: tracing } : undefined,
    DeadLetterConfig: queue && { TargetArn: queue },
  });
  const kept = properties.entries.filter(({ key }) => same.includes(key));
  const tags = entry(resource.properties, 'Tags');
  return { kind: 'map', entries: [...kept, ...made.entries, ...(tags ? [tags] : [])], span: properties.span };
}

/** `Role`, or the role that is made; both, when a condition decides (Fn::If with AWS::NoValue in one branch). */
function roleOf(sam: Sam, resource: TemplateResource, managed: readonly string[], statements: readonly Plain[]): Plain {
  const { properties } = resource;
  const written = given(get(properties, 'Role'));
  const branches = argumentOf(written, 'Fn::If');
  const [condition, whenTrue, whenFalse] = branches?.kind === 'list' ? branches.items : [];
  const either = isNoValue(whenTrue) !== isNoValue(whenFalse);
  if (written && !either && !isNoValue(written) && !(isNoValue(whenTrue) && isNoValue(whenFalse))) return written;
  const name = stringOf(condition);
  const negated = name !== undefined && isNoValue(whenFalse) && !isNoValue(whenTrue);
  let roleCondition = either ? name : undefined;
  if (negated && name !== undefined) {
    roleCondition = `NOT${name}`;
    sam.conditions.set(roleCondition, makeMap(resource.span, { 'Fn::Not': [{ Condition: name }] }));
  }
  const tracing = get(properties, 'Tracing');
  const role = addRole(
    sam,
    resource,
    get(properties, 'Policies'),
    {
      trust: trust('lambda.amazonaws.com'),
      managed: [
        given(get(properties, 'DurableConfig'))
          ? 'AWSLambdaBasicDurableExecutionRolePolicy'
          : 'AWSLambdaBasicExecutionRole',
        ...(truthy(tracing) && stringOf(resolved(sam, tracing)) !== 'Disabled' ? ['AWSXrayWriteOnlyAccess'] : []),
        ...(truthy(get(properties, 'VpcConfig')) ? ['AWSLambdaVPCAccessExecutionRole'] : []),
        ...managed,
      ],
      statements,
    },
    roleCondition,
  );
  const arn = attribute(role, 'Arn');
  if (!either) return arn;
  return { 'Fn::If': negated ? [condition, whenTrue, arn] : [condition, arn, whenFalse] };
}

/** What the role may do for the dead-letter queue and the destinations of asynchronous calls. */
function destinations({ properties }: TemplateResource): readonly Plain[] {
  const queue = get(properties, 'DeadLetterQueue');
  const statements: Plain[] = [];
  const target = given(get(queue, 'TargetArn'));
  if (target)
    statements.push(allow(stringOf(get(queue, 'Type')) === 'SNS' ? 'sns:Publish' : 'sqs:SendMessage', target));
  const config = get(get(properties, 'EventInvokeConfig'), 'DestinationConfig');
  for (const key of ['OnSuccess', 'OnFailure']) {
    const to = get(config, key);
    const destination = given(get(to, 'Destination'));
    const action = destinationActions.get(stringOf(get(to, 'Type')) ?? '');
    if (destination && action !== undefined) statements.push(allow(action, destination));
  }
  return statements;
}

const destinationActions: ReadonlyMap<string, string> = new Map([
  ['SQS', 'sqs:SendMessage'],
  ['SNS', 'sns:publish'],
  ['EventBridge', 'events:PutEvents'],
  ['Lambda', 'lambda:InvokeFunction'],
  ['S3Bucket', 's3:PutObject'],
]);

const allow = (action: string, target: Plain): Plain => ({ Effect: 'Allow', Action: action, Resource: target });

/** `AutoPublishAlias` makes a version and an alias, and everything then calls the alias. */
function addAlias(sam: Sam, resource: TemplateResource): string | undefined {
  const { id, properties } = resource;
  const written = given(get(properties, 'AutoPublishAlias'));
  if (!written) return undefined;
  // A name that is given when it is deployed changes nothing but the logical id: what calls the alias calls the function.
  const name = textOf(resolved(sam, written)) ?? 'Published';
  const span = spanOf(properties, 'AutoPublishAlias', resource.span);
  const version = `${id}Version`;
  add(sam, resource, version, 'AWS::Lambda::Version', span, { FunctionName: ref(id) });
  const alias = `${id}Alias${name.replaceAll('-', 'D').replaceAll('_', 'U')}`;
  add(sam, resource, alias, 'AWS::Lambda::Alias', span, {
    Name: written,
    FunctionName: ref(id),
    FunctionVersion: attribute(version, 'Version'),
  });
  sam.referables.set(`${id}.Version`, version);
  sam.referables.set(`${id}.Alias`, alias);
  return alias;
}

/** `FunctionUrlConfig`: AWS::Lambda::Url, and for `AuthType: NONE` the permissions with which everybody may call it. */
function addUrl(sam: Sam, resource: TemplateResource, alias: string | undefined): void {
  const { id, properties } = resource;
  const config = given(get(properties, 'FunctionUrlConfig'));
  if (!config) return;
  const span = spanOf(properties, 'FunctionUrlConfig', resource.span);
  const branches = argumentOf(config, 'Fn::If');
  if (config.kind !== 'map' || isIntrinsic(config)) {
    const reason = branches ? 'AWS SAM does not look into a condition there' : 'it is no map';
    leave(sam, `FunctionUrlConfig of ${id}`, reason, span, ['authorization', 'usage-plans', 'firewall', 'secrets']);
    return;
  }
  const name = ref(alias ?? id);
  const type = given(get(config, 'AuthType'));
  const place = spanOf(config, 'AuthType', span);
  add(sam, resource, `${id}Url`, 'AWS::Lambda::Url', place, {
    ...pick(config, 'AuthType', 'Cors', 'InvokeMode'),
    TargetFunctionArn: name,
  });
  if (stringOf(type) !== 'NONE') return;
  add(sam, resource, `${id}UrlPublicPermissions`, 'AWS::Lambda::Permission', place, {
    Action: 'lambda:InvokeFunctionUrl',
    FunctionName: name,
    Principal: '*',
    FunctionUrlAuthType: 'NONE',
  });
  add(sam, resource, `${id}URLInvokeAllowPublicAccess`, 'AWS::Lambda::Permission', place, {
    Action: 'lambda:InvokeFunction',
    FunctionName: name,
    Principal: '*',
    InvokedViaFunctionUrl: true,
  });
}
