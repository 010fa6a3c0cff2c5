import { entries, get, type MapNode, type Node, type Span, stringOf, textOf } from '../../project/index.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { make, makeMap, type Plain, ref } from '../serverless/lower/nodes.ts';
import { apiKeyScheme, authorizerPermission, authorizerSource, iamScheme, restScheme } from './authorizers.ts';
import {
  addMethods,
  changeMethods,
  changePaths,
  integrationKey,
  isDocument,
  isOpenApi3,
  skeleton,
  withEntry,
  withoutEntry,
} from './body.ts';
import {
  add,
  given,
  isIntrinsic,
  leave,
  mapOf,
  type Operation,
  pick,
  resolved,
  resolvedEntries,
  type Sam,
  spanOf,
  truthy,
} from './context.ts';
import { addDomain } from './domains.ts';
import { suffixed } from './logical-id.ts';
import { operationsOf } from './operations.ts';
import { applyEventPolicies, applyResourcePolicy } from './resource-policy.ts';
import { applyDefaultAuthorizer, applyDefaultKey, eventSecurity, type Schemes, withoutMarks } from './security.ts';
import { addUsagePlan } from './usage-plans.ts';

const routeSteps = ['authorization', 'usage-plans', 'firewall'] as const;

/** AWS::Serverless::Api: the API with its OpenAPI document, deployment, stage, usage plan, domain and permissions of authorizers. */
export function lowerRestApi(sam: Sam, resource: TemplateResource): void {
  const { id, properties, span } = resource;
  const auth = given(resolvedEntries(sam, get(properties, 'Auth')));
  const stage = given(get(properties, 'StageName'));
  add(
    sam,
    resource,
    id,
    'AWS::ApiGateway::RestApi',
    span,
    {
      ...pick(properties, 'Name', 'Description', 'BinaryMediaTypes', 'ApiKeySourceType', 'Policy'),
      ...pick(properties, 'DisableExecuteApiEndpoint', 'MinimumCompressionSize', 'Mode', 'SecurityPolicy'),
      EndpointConfiguration: endpoint(given(get(properties, 'EndpointConfiguration'))),
      ...definition(sam, resource, auth, stage),
    },
    { keep: true },
  );
  const name = stringOf(stage) ?? '';
  const deployment = `${id}Deployment`;
  const stageId = name === '' ? `${id}Stage` : suffixed(id, name, 'Stage');
  const place = spanOf(properties, 'StageName', span);
  add(sam, resource, deployment, 'AWS::ApiGateway::Deployment', span, {
    RestApiId: ref(id),
    // Without OpenApiVersion the transform also makes a stage of the name "Stage" (aws/serverless-application-model, issue 191).
    StageName: given(get(properties, 'OpenApiVersion')) ? undefined : 'Stage',
  });
  add(sam, resource, stageId, 'AWS::ApiGateway::Stage', place, {
    RestApiId: ref(id),
    DeploymentId: ref(deployment),
    StageName: stage,
    ...pick(properties, 'CacheClusterEnabled', 'CacheClusterSize', 'Variables', 'MethodSettings', 'AccessLogSetting'),
    ...pick(properties, 'CanarySetting', 'TracingEnabled'),
  });
  sam.referables.set(`${id}.Deployment`, deployment);
  sam.referables.set(`${id}.Stage`, stageId);
  for (const { key, keySpan, value } of entries(get(auth, 'Authorizers'))) {
    const called = authorizerPermission(value, 'rest');
    if (called) {
      add(sam, resource, `${id}${key}AuthorizerPermission`, 'AWS::Lambda::Permission', keySpan, {
        Action: 'lambda:InvokeFunction',
        FunctionName: called,
        Principal: 'apigateway.amazonaws.com',
        SourceArn: authorizerSource(id),
      });
    }
  }
  addUsagePlan(sam, resource, get(auth, 'UsagePlan'), stageId);
  addDomain(sam, resource, stageId, 'rest');
}

/** `Type` and VPC endpoints, or the type alone. */
function endpoint(written: Node | undefined): Plain {
  if (!written) return undefined;
  if (isIntrinsic(written) || written.kind !== 'map') return { Types: [written] };
  const type = given(get(written, 'Type'));
  if (!type) return { Types: [written] };
  const endpoints = given(get(written, 'VPCEndpointIds')) ?? given(get(written, 'VpcEndpointIds'));
  return { Types: [type], VpcEndpointIds: endpoints };
}

/** The properties that describe the routes. */
function definition(
  sam: Sam,
  resource: TemplateResource,
  auth: Node | undefined,
  stage: Node | undefined,
): { readonly [key: string]: Plain } {
  const { id, properties, span } = resource;
  const uri = given(get(properties, 'DefinitionUri'));
  const written = given(get(properties, 'DefinitionBody'));
  const settings = ['Auth', 'Cors'].filter((key) => truthy(get(properties, key)));
  if (uri && !written) {
    for (const key of settings) {
      leave(
        sam,
        `${key} of ${id}`,
        'AWS SAM refuses it beside DefinitionUri',
        spanOf(properties, key, span),
        routeSteps,
      );
    }
    return { BodyS3Location: uri };
  }
  if (written && !isDocument(written)) {
    for (const key of settings) {
      const reason = 'it is applied to a document that is not read';
      leave(sam, `${key} of ${id}`, reason, spanOf(properties, key, span), routeSteps);
    }
    return { Body: written };
  }
  return { Body: restBody(sam, resource, isDocument(written) ? written : undefined, auth, stage) };
}

function restBody(
  sam: Sam,
  resource: TemplateResource,
  written: MapNode | undefined,
  auth: Node | undefined,
  stage: Node | undefined,
): MapNode {
  const { id, properties, span } = resource;
  const schemes = schemesOf(auth);
  const operations = operationsOf(sam, id);
  const version = textOf(get(properties, 'OpenApiVersion'));
  let body = written ?? skeleton(span, version?.startsWith('3') ? { openapi: version } : { swagger: '2.0' });
  const merged = !written || truthy(get(properties, 'MergeDefinitions'));
  const effective = merged ? operations : operations.filter(({ auth: own }) => truthy(get(own, 'OverrideApiAuth')));
  body = merged
    ? addMethods(
        body,
        operations.map((operation) => ({ operation, definition: methodDefinition(operation, auth, schemes) })),
      )
    : withOverrides(body, effective, schemes);
  const policies = effective.flatMap(({ auth: own, path }) => {
    const policy = given(get(own, 'ResourcePolicy'));
    return policy ? [{ policy, path }] : [];
  });
  body = applyEventPolicies(body, policies, stage);
  const cors = given(resolved(sam, get(properties, 'Cors')));
  if (truthy(cors) && cors) body = addPreflights(body, cors, spanOf(properties, 'Cors', span));
  return finished(body, auth, schemes, stage, operations);
}

/** Authorizers that a method may name, with their scopes. */
function schemesOf(auth: Node | undefined): Schemes {
  const schemes = new Map<string, Node | undefined>([['AWS_IAM', undefined]]);
  for (const { key, value } of entries(get(auth, 'Authorizers'))) {
    schemes.set(key, given(get(value, 'AuthorizationScopes')));
  }
  return schemes;
}

function methodDefinition(
  { auth: own, integration, span }: Operation,
  auth: Node | undefined,
  schemes: Schemes,
): MapNode {
  return makeMap(span, {
    [integrationKey]: withCredentials(integration, own, auth),
    security: eventSecurity(own, schemes, undefined),
  });
}

/** With AWS_IAM the function is called with the caller's own rights, or with those of `InvokeRole`. */
function withCredentials(integration: MapNode, own: Node | undefined, auth: Node | undefined): MapNode {
  const iam = (node: Node | undefined, key: string) => stringOf(get(node, key)) === 'AWS_IAM';
  if (!iam(own, 'Authorizer') && !(iam(auth, 'DefaultAuthorizer') && !truthy(own))) return integration;
  if (get(integration, 'credentials')) return integration;
  const written = get(own, 'InvokeRole') ?? get(auth, 'InvokeRole');
  const name = stringOf(written);
  if (written && (name === 'NONE' || !truthy(written))) return integration;
  const role = written && name !== 'CALLER_CREDENTIALS' ? written : undefined;
  const credentials = role ?? makeMap(integration.span, { 'Fn::Sub': 'arn:${AWS::Partition}:iam::*:user/*' });
  return withEntry(integration, 'credentials', credentials);
}

/** `Auth.OverrideApiAuth`: events change the security of methods that the user's document describes. */
function withOverrides(body: MapNode, operations: readonly Operation[], schemes: Schemes): MapNode {
  if (operations.length === 0) return body;
  const byMethod = new Map(operations.map((operation) => [`${operation.method} ${operation.path}`, operation]));
  return changeMethods(body, ({ path, method, definition }) => {
    const operation = byMethod.get(`${method} ${path}`);
    const security = operation && eventSecurity(operation.auth, schemes, get(definition, 'security'));
    return security ? withEntry(definition, 'security', security) : definition;
  });
}

/** `Cors`: every path without OPTIONS gets one that the gateway answers by itself. */
function addPreflights(body: MapNode, cors: Node, span: Span): MapNode {
  const settings = isIntrinsic(cors) || cors.kind !== 'map' ? undefined : cors;
  const headers: Record<string, Plain> = {};
  const header = (name: string, value: Node | undefined) => {
    if (value) headers[`method.response.header.Access-Control-Allow-${name}`] = value;
  };
  header('Origin', settings ? given(get(settings, 'AllowOrigin')) : cors);
  header('Headers', given(get(settings, 'AllowHeaders')));
  header('Methods', given(get(settings, 'AllowMethods')));
  const credentials = get(settings, 'AllowCredentials');
  if (credentials?.kind === 'scalar' && credentials.value === true) {
    headers['method.response.header.Access-Control-Allow-Credentials'] = "'true'";
  }
  const done = new Set<string>();
  return changePaths(body, (path, item) => {
    const place = path === '/' ? path : path.replace(/\/+$/, '');
    const again = done.has(place);
    done.add(place);
    if (again || item.entries.some(({ key }) => key.toLowerCase() === 'options')) return item;
    const options = makeMap(span, {
      [integrationKey]: {
        type: 'mock',
        responses: { default: { statusCode: '200', responseParameters: headers } },
      },
    });
    return withEntry(item, 'options', options, span);
  });
}

/** What the API says for all its methods, and the security schemes. */
function finished(
  body: MapNode,
  auth: Node | undefined,
  schemes: Schemes,
  stage: Node | undefined,
  operations: readonly Operation[],
): MapNode {
  let changed = body;
  const preflights = (key: string) => {
    const written = given(get(auth, key));
    return written ? truthy(written) : true;
  };
  const standard = given(get(auth, 'DefaultAuthorizer'));
  if (standard && truthy(standard)) {
    changed = applyDefaultAuthorizer(changed, standard, schemes, preflights('AddDefaultAuthorizerToCorsPreflight'));
  }
  const key = given(get(auth, 'ApiKeyRequired'));
  if (key && truthy(key)) changed = applyDefaultKey(changed, key.span, preflights('AddApiKeyRequiredToCorsPreflight'));
  const policy = given(get(auth, 'ResourcePolicy'));
  if (policy) changed = applyResourcePolicy(changed, policy, stage);
  const needsKey = truthy(key) || operations.some((operation) => truthy(get(operation.auth, 'ApiKeyRequired')));
  const needsIam =
    stringOf(standard) === 'AWS_IAM' ||
    operations.some(({ auth: own }) => stringOf(get(own, 'Authorizer')) === 'AWS_IAM');
  return withSchemes(withoutMarks(changed), auth, needsIam, needsKey);
}

/** Swagger 2 keeps them as `securityDefinitions`; what an OpenAPI 3 document has is replaced, as the transform does. */
function withSchemes(body: MapNode, auth: Node | undefined, iam: boolean, key: boolean): MapNode {
  const span = auth?.span ?? body.span;
  const authorizers = entries(get(auth, 'Authorizers'));
  if (authorizers.length === 0 && !iam && !key) return body;
  let definitions = mapOf(get(body, 'securityDefinitions'), span);
  if (iam) definitions = withEntry(definitions, 'AWS_IAM', make(span, iamScheme));
  for (const { key: name, keySpan, value } of authorizers) {
    definitions = withEntry(definitions, name, restScheme(value, keySpan), keySpan);
  }
  if (key && !get(definitions, 'api_key')) {
    definitions = withEntry(definitions, 'api_key', make(span, apiKeyScheme));
  }
  if (!isOpenApi3(body)) return withEntry(body, 'securityDefinitions', definitions);
  const components = mapOf(get(body, 'components'), span);
  const schemes = withEntry(components, 'securitySchemes', definitions);
  return withEntry(withoutEntry(body, 'securityDefinitions'), 'components', schemes);
}
