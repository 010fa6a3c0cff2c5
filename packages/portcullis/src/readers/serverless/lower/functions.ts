import { type MapNode, type Node, textOf } from '../../../project/index.ts';
import {
  addResource,
  addStatement,
  conditionOf,
  findFunction,
  type Lowering,
  mapOr,
  notRead,
  providerSetting,
  type ServiceFunction,
} from './lowering.ts';
import { naming } from './naming.ts';
import { assign, attribute, dig, isUnset, listOf, make, type Plain, roughText, set } from './nodes.ts';
import { functionRole } from './roles.ts';
import { reasonOf } from './service.ts';

/** AWS::Lambda::Function, its log group and its URL, for every function of the service. */
export function lowerFunctions(lowering: Lowering): void {
  for (const fn of lowering.functions) lowerFunction(lowering, fn);
}

function lowerFunction(lowering: Lowering, fn: ServiceFunction): void {
  const { node, span } = fn;
  const condition = conditionOf(fn);
  const functionName = set(dig(node, 'name')) ?? `${lowering.serviceName}-${lowering.stage ?? '?'}-${fn.name}`;
  const environment = environmentOf(lowering, fn);
  const kmsKey =
    set(dig(node, 'kmsKeyArn')) ??
    (lowering.readsLegacyProvider
      ? (set(dig(node, 'awsKmsKeyArn')) ?? set(dig(lowering.root, 'service', 'awsKmsKeyArn')))
      : undefined) ??
    set(providerSetting(lowering, 'kmsKeyArn'));
  const vpc = vpcOf(lowering, node);
  addResource(
    lowering,
    naming.lambda(fn.name),
    'AWS::Lambda::Function',
    span,
    {
      FunctionName: functionName,
      Handler: set(dig(node, 'handler')),
      Runtime: set(dig(node, 'runtime')) ?? set(providerSetting(lowering, 'runtime')),
      Role: functionRole(lowering, fn),
      Environment: environment ? { Variables: environment } : undefined,
      KmsKeyArn: kmsKey,
      VpcConfig: vpc,
      ReservedConcurrentExecutions: dig(node, 'reservedConcurrency'),
      Layers: set(dig(node, 'layers')) ?? set(providerSetting(lowering, 'layers')),
    },
    { label: fn.name, condition },
  );
  if (isUnset(dig(node, 'disableLogs'))) {
    addResource(lowering, naming.logGroup(fn.name), 'AWS::Logs::LogGroup', span, {}, { condition });
  }
  addStatements(lowering, fn, kmsKey);
  lowerUrl(lowering, fn);
}

/** `provider.environment` with the function's own entries over it. An undecided part is reported once and the rest kept. */
function environmentOf(lowering: Lowering, fn: ServiceFunction): MapNode | undefined {
  let merged: MapNode | undefined;
  for (const part of [providerSetting(lowering, 'environment'), dig(fn.node, 'environment')]) {
    if (!part || isUnset(part)) continue;
    if (part.kind === 'map') merged = merged ? assign(merged, part) : part;
    else if (!lowering.unread.some(({ span }) => span === part.span))
      notRead(lowering, `environment of function ${fn.name}`, reasonOf(part), part.span, ['secrets']);
  }
  return merged;
}

function vpcOf(lowering: Lowering, node: MapNode): Node | undefined {
  const own = node.entries.findLast((entry) => entry.key === 'vpc')?.value;
  if (own && isUnset(own)) return undefined;
  const shared = providerSetting(lowering, 'vpc');
  const pick = (key: string) => set(dig(own, key)) ?? set(dig(shared, key));
  const groups = pick('securityGroupIds');
  const subnets = pick('subnetIds');
  const span = own?.span ?? shared?.span;
  return groups && subnets && span ? make(span, { SecurityGroupIds: groups, SubnetIds: subnets }) : undefined;
}

/** What the framework adds to the shared role because of a function's settings. */
function addStatements(lowering: Lowering, fn: ServiceFunction, kmsKey: Node | undefined): void {
  const { node } = fn;
  const deadLetter = set(dig(node, 'onError'));
  if (deadLetter && textOf(deadLetter) !== undefined) {
    addStatement(lowering, deadLetter.span, ['sns:Publish'], [deadLetter]);
  }
  // Only for a key that is text once variables are resolved: with Ref, GetAtt or ImportValue the framework adds nothing.
  if (kmsKey && kmsKey.kind !== 'map' && kmsKey.kind !== 'list')
    addStatement(lowering, kmsKey.span, ['kms:Decrypt'], [kmsKey]);
  const tracing = set(dig(node, 'tracing')) ?? set(providerSetting(lowering, 'tracing', 'lambda'));
  if (tracing) addStatement(lowering, tracing.span, ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ['*']);
  const fileSystem = set(dig(node, 'fileSystemConfig', 'arn'));
  if (fileSystem) {
    addStatement(
      lowering,
      fileSystem.span,
      ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
      [fileSystem],
    );
  }
  for (const key of ['onSuccess', 'onFailure']) {
    const destination = set(dig(node, 'destinations', key));
    if (destination) addDestination(lowering, destination);
  }
}

const destinationActions = [
  ['sqs', ':sqs:', 'sqs:SendMessage'],
  ['sns', ':sns:', 'sns:Publish'],
  ['eventBus', ':event-bus/', 'events:PutEvents'],
] as const;

function addDestination(lowering: Lowering, destination: Node): void {
  const text = textOf(destination);
  const type = textOf(dig(destination, 'type'));
  const arn = dig(destination, 'arn') ?? destination;
  const found = destinationActions.find(([name, piece]) => type === name || text?.includes(piece));
  const target = text !== undefined && !text.startsWith('arn:') ? functionArn(lowering, text) : arn;
  addStatement(lowering, destination.span, [found?.[2] ?? 'lambda:InvokeFunction'], [target]);
}

/** By name, as the framework writes it: a reference would make role and function wait for each other. */
function functionArn(lowering: Lowering, name: string): Plain {
  const written = roughText(dig(findFunction(lowering, name)?.node, 'name'));
  const full = written ?? `${lowering.serviceName}-${lowering.stage ?? '?'}-${name}`;
  return { 'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${full}` };
}

/** `url: true` or `url: {authorizer: aws_iam, ...}`; any other authorizer leaves the URL open, as in the framework. */
function lowerUrl(lowering: Lowering, fn: ServiceFunction): void {
  const entry = fn.node.entries.findLast((candidate) => candidate.key === 'url');
  if (!entry || isUnset(entry.value)) return;
  const url = entry.value;
  const span = entry.keySpan;
  const condition = conditionOf(fn);
  const authorizer = dig(url, 'authorizer');
  const authType =
    authorizer?.kind === 'unknown' || authorizer?.kind === 'text'
      ? authorizer
      : textOf(authorizer) === 'aws_iam'
        ? 'AWS_IAM'
        : 'NONE';
  const target = attribute(naming.lambda(fn.name), 'Arn');
  addResource(
    lowering,
    naming.url(fn.name),
    'AWS::Lambda::Url',
    span,
    {
      AuthType: typeof authType === 'string' ? make(authorizer?.span ?? span, authType) : authType,
      TargetFunctionArn: target,
      InvokeMode: set(dig(url, 'invokeMode')),
      Cors: corsOf(mapOr(dig(url, 'cors'), span), isUnset(dig(url, 'cors'))),
    },
    { condition },
  );
  if (authType !== 'NONE') return;
  addResource(
    lowering,
    naming.urlPermission(fn.name),
    'AWS::Lambda::Permission',
    span,
    { FunctionName: target, Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: 'NONE' },
    { condition },
  );
  addResource(
    lowering,
    naming.invokePermission(fn.name),
    'AWS::Lambda::Permission',
    span,
    { FunctionName: target, Action: 'lambda:InvokeFunction', Principal: '*', InvokedViaFunctionUrl: true },
    { condition },
  );
}

function corsOf(cors: MapNode, absent: boolean) {
  if (absent) return undefined;
  const origins = listOf(dig(cors, 'allowedOrigins'));
  return {
    AllowOrigins: origins.length > 0 ? origins : ['*'],
    AllowCredentials: set(dig(cors, 'allowCredentials')),
    AllowMethods: set(dig(cors, 'allowedMethods')) ?? ['*'],
  };
}
