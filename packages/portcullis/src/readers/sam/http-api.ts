import { entries, get, type MapNode, type Node, stringOf } from '../../project/index.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { make, makeMap, type Plain, ref } from '../serverless/lower/nodes.ts';
import { authorizerPermission, authorizerSource, httpScheme, iamScheme } from './authorizers.ts';
import {
  addMethods,
  changeMethods,
  type Described,
  hasMethod,
  integrationKey,
  isDocument,
  pathItems,
  skeleton,
  withEntry,
} from './body.ts';
import {
  add,
  anyMethod,
  given,
  isIntrinsic,
  isNoValue,
  isTrue,
  leave,
  mapOf,
  type Operation,
  pick,
  resolved,
  type Sam,
  spanOf,
  truthy,
} from './context.ts';
import { addDomain } from './domains.ts';
import { suffixed } from './logical-id.ts';
import { operationsOf } from './operations.ts';
import { requirement, type Schemes, undecidedSecurity, withoutMarks } from './security.ts';

const routeSteps = ['authorization', 'usage-plans', 'firewall'] as const;

/** AWS::Serverless::HttpApi: the API with its OpenAPI document, its stage, domain and permissions of authorizers. */
export function lowerHttpApi(sam: Sam, resource: TemplateResource): void {
  const { id, properties, span } = resource;
  const auth = given(get(properties, 'Auth'));
  add(
    sam,
    resource,
    id,
    'AWS::ApiGatewayV2::Api',
    span,
    {
      ...pick(properties, 'Name', 'Description', 'DisableExecuteApiEndpoint'),
      CorsConfiguration: cors(given(resolved(sam, get(properties, 'CorsConfiguration')))),
      ...definition(sam, resource, auth),
    },
    { keep: true },
  );
  const stage = given(get(properties, 'StageName'));
  const name = stringOf(stage) ?? '';
  const standard = !stage || name === '$default';
  const stageId = standard ? `${id}ApiGatewayDefaultStage` : name === '' ? `${id}Stage` : suffixed(id, name, 'Stage');
  add(sam, resource, stageId, 'AWS::ApiGatewayV2::Stage', spanOf(properties, 'StageName', span), {
    ApiId: ref(id),
    StageName: stage ?? '$default',
    AutoDeploy: true,
    ...pick(properties, 'StageVariables', 'AccessLogSettings', 'DefaultRouteSettings'),
    RouteSettings: routeSettings(sam, resource),
  });
  sam.referables.set(`${id}.Stage`, stageId);
  for (const { key, keySpan, value } of entries(get(auth, 'Authorizers'))) {
    const called = authorizerPermission(value, 'http');
    if (called) {
      add(sam, resource, `${id}${key}AuthorizerPermission`, 'AWS::Lambda::Permission', keySpan, {
        Action: 'lambda:InvokeFunction',
        FunctionName: called,
        Principal: 'apigateway.amazonaws.com',
        SourceArn: authorizerSource(id),
      });
    }
  }
  addDomain(sam, resource, stageId, 'http');
}

/** `true` allows every origin. */
function cors(written: Node | undefined): Plain {
  if (!written || (written.kind === 'scalar' && written.value !== true)) return undefined;
  return written.kind === 'scalar' ? { AllowOrigins: ['*'] } : written;
}

/** `RouteSettings` of the API, with those of events on top. */
function routeSettings(sam: Sam, { id, properties }: TemplateResource): Node | undefined {
  const own = given(get(properties, 'RouteSettings'));
  const events = sam.routeSettings.get(id);
  if (!events) return own;
  let settings = mapOf(own, properties.span);
  for (const [route, value] of events) {
    const before = mapOf(get(settings, route), value.span);
    const merged = value.kind === 'map' ? { ...before, entries: [...before.entries, ...value.entries] } : value;
    settings = withEntry(settings, route, merged, value.span);
  }
  return settings;
}

function definition(sam: Sam, resource: TemplateResource, auth: Node | undefined): { readonly [key: string]: Plain } {
  const { id, properties, span } = resource;
  const uri = given(get(properties, 'DefinitionUri'));
  const written = given(get(properties, 'DefinitionBody'));
  const fromElsewhere = uri && !written ? { BodyS3Location: uri } : undefined;
  if (fromElsewhere || (written && !isDocument(written))) {
    for (const key of ['Auth', 'CorsConfiguration'].filter((name) => truthy(get(properties, name)))) {
      const reason = fromElsewhere
        ? 'AWS SAM refuses it beside DefinitionUri'
        : 'it is applied to a document that is not read';
      leave(sam, `${key} of ${id}`, reason, spanOf(properties, key, span), routeSteps);
    }
    return fromElsewhere ?? { Body: written };
  }
  return { Body: httpBody(sam, resource, isDocument(written) ? written : undefined, auth) };
}

function httpBody(sam: Sam, resource: TemplateResource, written: MapNode | undefined, auth: Node | undefined): MapNode {
  const { id, span } = resource;
  const iam = isTrue(get(auth, 'EnableIamAuthorizer'));
  const schemes = schemesOf(auth, iam);
  const standard = isNoValue(get(auth, 'DefaultAuthorizer')) ? undefined : given(get(auth, 'DefaultAuthorizer'));
  let body = written ?? skeleton(span, { openapi: '3.0.1' });
  body = withEvents(body, operationsOf(sam, id), schemes, standard);
  if (standard && truthy(standard)) body = withDefault(body, standard, schemes);
  return withSchemes(withoutMarks(body), auth, iam);
}

function schemesOf(auth: Node | undefined, iam: boolean): Schemes {
  const schemes = new Map<string, Node | undefined>(iam ? [['AWS_IAM', undefined]] : []);
  for (const { key, value } of entries(get(auth, 'Authorizers'))) {
    const scopes = given(get(value, 'AuthorizationScopes'));
    schemes.set(key, truthy(scopes) ? scopes : undefined);
  }
  return schemes;
}

/** A method of the document keeps its integration; the event's `Auth` is added in any case. */
function withEvents(
  body: MapNode,
  operations: readonly Operation[],
  schemes: Schemes,
  standard: Node | undefined,
): MapNode {
  const items = pathItems(body);
  const missing: Described[] = [];
  const there = new Map<string, Operation>();
  for (const operation of operations) {
    const { path, method, span, integration, auth } = operation;
    if (hasMethod(items.get(path), method)) {
      if (truthy(auth)) there.set(`${method} ${path}`, operation);
      continue;
    }
    const isDefault = path === '$default' && method === anyMethod;
    const security = eventSecurity(auth, schemes, standard, undefined);
    const definition = makeMap(span, {
      [integrationKey]: integration,
      isDefaultRoute: isDefault ? true : undefined,
      security,
    });
    missing.push({ operation, definition });
  }
  const changed =
    there.size === 0
      ? body
      : changeMethods(body, ({ path, method, definition }) => {
          const auth = there.get(`${method} ${path}`)?.auth;
          const security = auth && eventSecurity(auth, schemes, standard, get(definition, 'security'));
          return security ? withEntry(definition, 'security', security) : definition;
        });
  return addMethods(changed, missing);
}

/** An event of an HTTP API: its own authorizer, else the API's default one with the scopes of the event. */
function eventSecurity(
  auth: Node | undefined,
  schemes: Schemes,
  standard: Node | undefined,
  before: Node | undefined,
): Node | undefined {
  if (!auth || !truthy(auth)) return before;
  if (auth.kind !== 'map' || isIntrinsic(auth)) {
    return undecidedSecurity('depends on a function of CloudFormation that AWS SAM does not look into', auth.span);
  }
  const own = given(get(auth, 'Authorizer'));
  const authorizer = own && truthy(own) ? own : standard;
  if (!authorizer) return undecidedSecurity('has Auth without an authorizer, which AWS SAM refuses', auth.span);
  const name = stringOf(authorizer);
  if (name === undefined || (name !== 'NONE' && !schemes.has(name))) {
    const what = name === undefined ? 'an authorizer that is not a plain name' : `the authorizer ${name}`;
    return undecidedSecurity(`names ${what}, which the API does not define`, authorizer.span);
  }
  const scopes = given(get(auth, 'AuthorizationScopes'));
  const list = before?.kind === 'list' ? before.items : [];
  const one = requirement(name, truthy(scopes) ? scopes : schemes.get(name), authorizer.span);
  return make(auth.span, [...list, one]);
}

/** The default authorizer, for methods that say nothing; OPTIONS is left out. */
function withDefault(body: MapNode, standard: Node, schemes: Schemes): MapNode {
  const name = stringOf(standard);
  return changeMethods(body, ({ method, definition }) => {
    if (method === 'options') return definition;
    const existing = get(definition, 'security');
    if (existing && !(existing.kind === 'list' && existing.items.length === 0)) return definition;
    if (name === undefined || !schemes.has(name)) {
      const why = name === undefined ? 'is no plain text' : `${name} is not among its Authorizers`;
      const security = undecidedSecurity(`has a DefaultAuthorizer that ${why}`, standard.span);
      return withEntry(definition, 'security', security);
    }
    const list = make(standard.span, [requirement(name, schemes.get(name), standard.span)]);
    return withEntry(definition, 'security', list);
  });
}

function withSchemes(body: MapNode, auth: Node | undefined, iam: boolean): MapNode {
  const authorizers = entries(get(auth, 'Authorizers'));
  if (authorizers.length === 0 && !iam) return body;
  const span = auth?.span ?? body.span;
  const components = mapOf(get(body, 'components'), span);
  let schemes = mapOf(get(components, 'securitySchemes'), span);
  if (iam) schemes = withEntry(schemes, 'AWS_IAM', make(span, iamScheme));
  for (const { key, keySpan, value } of authorizers)
    schemes = withEntry(schemes, key, httpScheme(value, keySpan), keySpan);
  return withEntry(body, 'components', withEntry(components, 'securitySchemes', schemes));
}
