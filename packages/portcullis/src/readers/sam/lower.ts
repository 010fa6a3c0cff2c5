import { get, type Node, type Span, stringOf } from '../../project/index.ts';
import { allButBucket, routeSteps, samTransform } from '../cloudformation/parse.ts';
import type { Template, TemplateResource } from '../cloudformation/template.ts';
import { makeMap } from '../serverless/lower/nodes.ts';
import { lowerConnectors } from './connectors.ts';
import { add, given, leave, pick, type Sam } from './context.ts';
import { lowerFunction } from './functions.ts';
import { globalEnvironment, withGlobals } from './globals.ts';
import { lowerHttpApi } from './http-api.ts';
import { isRotationByAws } from './known-applications.ts';
import { implicitApi, operationsOf } from './operations.ts';
import { withGeneratedIds } from './references.ts';
import { lowerRestApi } from './rest-api.ts';
import { lowerStateMachine } from './state-machines.ts';
import { lowerWebSocketApi } from './websocket-api.ts';

const prefix = 'AWS::Serverless::';

/**
 * A template with the transform AWS::Serverless-2016-10-31 as the CloudFormation that is deployed: what the transform makes of each
 * AWS::Serverless resource, with places in the user's file. A template without SAM resources is returned as it is. What is not lowered keeps
 * its type and is in `unread`.
 */
export function lowerSam(template: Template): Template {
  const isSam = template.transforms.includes(samTransform);
  const own = [...template.resources.values()].filter(({ type }) => type.startsWith(prefix));
  const connected = isSam && [...template.resources.values()].some(({ connectors }) => connectors !== undefined);
  if (own.length === 0 && !connected) return template;
  if (!isSam) {
    const reason = `the template does not name the transform ${samTransform}`;
    const unread = own.map(({ id, type, span }) => ({ what: `${type} ${id}`, reason, span, steps: allButBucket }));
    return { ...template, unread: [...template.unread, ...unread] };
  }
  return new Lowering(template).run();
}

class Lowering {
  readonly #sam: Sam;

  constructor(template: Template) {
    const { globals } = template;
    this.#sam = {
      template,
      sources: new Map(
        [...template.resources].map(([id, resource]) => [
          id,
          resource.type.startsWith(prefix) ? withGlobals(resource, globals) : resource,
        ]),
      ),
      made: new Map(),
      conditions: new Map(template.conditions),
      unread: [...template.unread],
      operations: new Map(),
      routeSettings: new Map(),
      referables: new Map(),
    };
  }

  run(): Template {
    const sam = this.#sam;
    // Events describe methods of APIs, so functions come first; connectors name the roles of what is there by then.
    const sources = [...sam.sources.values()];
    for (const resource of sources) if (resource.type === `${prefix}Function`) lowerFunction(sam, resource);
    for (const resource of sources) if (resource.type === `${prefix}StateMachine`) lowerStateMachine(sam, resource);
    const implicit = this.#implicitApis();
    for (const resource of sources) this.#other(resource);
    lowerConnectors(sam);
    return this.#template(implicit);
  }

  #other(resource: TemplateResource): void {
    const sam = this.#sam;
    const { type } = resource;
    const kind = type.startsWith(prefix) ? type.slice(prefix.length) : '';
    if (kind === '' || kind === 'Function' || kind === 'StateMachine' || kind === 'Connector') return;
    if (kind === 'Api') lowerRestApi(sam, resource);
    else if (kind === 'HttpApi') lowerHttpApi(sam, resource);
    else if (kind === 'WebSocketApi') lowerWebSocketApi(sam, resource);
    else if (kind === 'SimpleTable') simpleTable(sam, resource);
    else if (kind === 'LayerVersion') layer(sam, resource);
    else if (kind === 'Application') application(sam, resource);
    else notLowered(sam, resource, kind);
  }

  /** The APIs of events that name none. `Globals` count for them too. */
  #implicitApis(): readonly TemplateResource[] {
    const sam = this.#sam;
    const made: TemplateResource[] = [];
    for (const kind of ['rest', 'http'] as const) {
      const id = implicitApi[kind];
      const operations = operationsOf(sam, id);
      const [first] = operations;
      if (!first || sam.sources.get(id)?.type === `${prefix}${kind === 'rest' ? 'Api' : 'HttpApi'}`) continue;
      const bare: TemplateResource = {
        id,
        type: `${prefix}${kind === 'rest' ? 'Api' : 'HttpApi'}`,
        properties: makeMap(first.span, kind === 'rest' ? { StageName: 'Prod' } : {}),
        span: first.span,
        condition: this.#condition(id, new Set(operations.map(({ condition }) => condition)), first.span),
        dependsOn: [],
        deletionPolicy: undefined,
        updateReplacePolicy: undefined,
        label: undefined,
        generated: true,
      };
      const resource = withGlobals(bare, sam.template.globals);
      if (kind === 'rest') lowerRestApi(sam, resource);
      else lowerHttpApi(sam, resource);
      made.push(resource);
    }
    return made;
  }

  /** An implicit API exists as long as one of its functions does. */
  #condition(api: string, conditions: ReadonlySet<string | undefined>, span: Span): string | undefined {
    const [first] = conditions;
    if (conditions.has(undefined)) return undefined;
    if (conditions.size === 1) return first;
    const name = `${api}Condition`;
    const parts = [...conditions].map((condition) => ({ Condition: condition }));
    this.#sam.conditions.set(name, makeMap(span, { 'Fn::Or': parts }));
    return name;
  }

  #template(implicit: readonly TemplateResource[]): Template {
    const { template, made, conditions, unread, referables } = this.#sam;
    const resources = new Map<string, TemplateResource>();
    for (const resource of this.#sam.sources.values()) {
      const lowered = made.get(resource.id);
      const kept = lowered?.some(({ id }) => id === resource.id) !== true && resource.type !== `${prefix}Connector`;
      if (kept) resources.set(resource.id, resource);
      for (const one of lowered ?? []) resources.set(one.id, one);
    }
    for (const { id } of implicit) for (const one of made.get(id) ?? []) resources.set(one.id, one);
    const rename = mayRefer.test(template.file.text) && referables.size > 0;
    const renamed = (node: Node) => (rename ? withGeneratedIds(node, referables) : node);
    const named = new Map([...resources].map(([id, resource]) => [id, withProperties(resource, renamed)]));
    const functions = [...template.resources.values()].some(({ type }) => type === `${prefix}Function`);
    return {
      ...template,
      resources: named,
      conditions,
      unread,
      outputs: template.outputs.map((output) => ({ ...output, value: renamed(output.value) })),
      // The environment of Globals has gone into the functions.
      globals: functions ? undefined : template.globals,
      sharedEnvironment: new Set([...(template.sharedEnvironment ?? []), ...globalEnvironment(template.globals)]),
    };
  }
}

const mayRefer = /\.(?:Stage|Alias|Version|Deployment|DomainName)\b/;

function withProperties(resource: TemplateResource, change: (node: Node) => Node): TemplateResource {
  const properties = change(resource.properties);
  return properties === resource.properties || properties.kind !== 'map' ? resource : { ...resource, properties };
}

/** A table with one key; everything else is as in AWS::DynamoDB::Table. */
function simpleTable(sam: Sam, resource: TemplateResource): void {
  const { id, properties, span } = resource;
  add(
    sam,
    resource,
    id,
    'AWS::DynamoDB::Table',
    span,
    pick(properties, 'TableName', 'SSESpecification', 'PointInTimeRecoverySpecification', 'ProvisionedThroughput'),
    { keep: true },
  );
}

function layer(sam: Sam, resource: TemplateResource): void {
  const { id, properties, span } = resource;
  const kept = pick(properties, 'LayerName', 'Description', 'CompatibleRuntimes');
  add(sam, resource, id, 'AWS::Lambda::LayerVersion', span, kept, { keep: true });
}

/** An application in a local folder is a nested stack; one of the AWS Serverless Application Repository cannot be read here. */
function application(sam: Sam, resource: TemplateResource): void {
  const { id, type, properties, span } = resource;
  const location = given(get(properties, 'Location'));
  const path = stringOf(location);
  if (location && path !== undefined && !path.includes('://')) {
    const given = pick(properties, 'Parameters');
    add(sam, resource, id, 'AWS::CloudFormation::Stack', span, { TemplateURL: location, ...given }, { keep: true });
    return;
  }
  if (isRotationByAws(sam.template, get(location, 'ApplicationId'))) return;
  const name = stringOf(get(location, 'ApplicationId'));
  const reason =
    name === undefined ? 'its template is not on this disk' : `the application ${name} is not on this disk`;
  sam.unread.push({ what: `${type} ${id}`, reason, span, steps: allButBucket, hides: 'resources' });
}

/** Kinds of which nothing is lowered, with the steps that they concern. */
function notLowered(sam: Sam, { id, type, span }: TemplateResource, kind: string): void {
  if (kind === 'GraphQLApi') leave(sam, `AppSync API ${id}`, 'GraphQL APIs are not read yet', span, routeSteps);
  else if (harmless.has(kind))
    leave(sam, `${type} ${id}`, `resources of this type are not read yet`, span, ['secrets']);
  else
    sam.unread.push({
      what: `${type} ${id}`,
      reason: 'resources of this type are not read yet',
      span,
      steps: allButBucket,
    });
}

const harmless: ReadonlySet<string> = new Set(['CapacityProvider', 'NetworkConnector']);
