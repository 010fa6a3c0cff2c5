import {
  type Entry,
  entries,
  entry,
  type Format,
  get,
  InputError,
  items,
  type MapNode,
  type Node,
  type SourceFile,
  type Span,
  type StepId,
  stringOf,
  textOf,
  type Unread,
} from '../../project/index.ts';
import type { Template, TemplateParameter, TemplateResource } from './template.ts';

export const routeSteps: readonly StepId[] = ['authorization', 'usage-plans', 'firewall'];
export const allButBucket: readonly StepId[] = [...routeSteps, 'secrets'];

/** Ways to code and data from the internet that have no routes in the model. They must not look closed. */
const otherEntrances: ReadonlyMap<string, { readonly what: string; readonly reason: string }> = new Map([
  ['AWS::AppSync::GraphQLApi', { what: 'AppSync API', reason: 'GraphQL APIs are not read yet' }],
  ['AWS::AppSync::Api', { what: 'AppSync Event API', reason: 'event APIs are not read yet' }],
  ['AWS::AppRunner::Service', { what: 'App Runner service', reason: 'App Runner services are not read yet' }],
]);

const notPackaged = 'modules are read in the template that `aws cloudformation package` makes';

export interface ParseOptions {
  readonly format?: Format;
  /** What is wrong in the template without making the rest of it worthless is added here, and to `unread` in any case. */
  readonly errors?: InputError[];
}

/**
 * The root of a document as a template. Throws InputError WRONG_TYPE or NOTHING_TO_CHECK when it is no template at all; a part that has the wrong type
 * is reported and left out.
 */
export function parseTemplate(root: Node, file: SourceFile, options: ParseOptions = {}): Template {
  const isTemplate = ['Resources', 'AWSTemplateFormatVersion', 'Transform'].some((key) => entry(root, key));
  if (root.kind !== 'map' || !isTemplate) {
    throw new InputError({
      // A map without the sections is some other document; anything else is a template gone wrong.
      code: root.kind === 'map' ? 'NOTHING_TO_CHECK' : 'WRONG_TYPE',
      found: `${file.path} is not a CloudFormation template`,
      expected: 'a map with the section Resources',
      span: root.span,
      next: 'Name a template or a serverless.yml, or leave the file out of the paths to check.',
    });
  }
  return new TemplateParser(file, options).parse(root);
}

class TemplateParser {
  readonly #file: SourceFile;
  readonly #options: ParseOptions;
  readonly #unread: Unread[] = [];

  constructor(file: SourceFile, options: ParseOptions) {
    this.#file = file;
    this.#options = options;
  }

  parse(root: MapNode): Template {
    const mappings = get(root, 'Mappings');
    return {
      file: this.#file,
      format: this.#options.format ?? 'cloudformation',
      resources: this.#resources(root),
      parameters: this.#parameters(root),
      conditions: new Map(this.#section(root, 'Conditions').map((condition) => [condition.key, condition.value])),
      mappings: mappings?.kind === 'map' ? mappings : undefined,
      outputs: this.#section(root, 'Outputs'),
      transforms: this.#transforms(root),
      globals: get(root, 'Globals'),
      unread: this.#unread,
    };
  }

  /** Entries of a top-level map. What a macro adds to it is recorded as unread. */
  #section(root: MapNode, name: string): readonly Entry[] {
    const section = get(root, name);
    if (!section || (section.kind === 'scalar' && section.value === null)) return [];
    if (section.kind !== 'map') {
      this.#wrong(`the section ${name} is a ${section.kind}`, 'a map', section.span, hiddenIn(name));
      return [];
    }
    return section.entries.filter((item) => !this.#generated(item, name));
  }

  #generated(item: Entry, where: string): boolean {
    if (item.key.startsWith('Fn::ForEach')) {
      this.#leave(`Fn::ForEach in ${where}`, 'loops are not unrolled yet', item.keySpan, allButBucket, hiddenIn(where));
      return true;
    }
    if (item.key === 'Fn::Transform') {
      this.#leave(
        `Fn::Transform in ${where}`,
        'what the macro adds is not known here',
        item.keySpan,
        allButBucket,
        hiddenIn(where),
      );
      return true;
    }
    return false;
  }

  #transforms(root: MapNode): readonly string[] {
    const names: string[] = [];
    const transform = get(root, 'Transform');
    for (const item of items(transform)) {
      const name = stringOf(item) ?? stringOf(get(item, 'Name'));
      if (name === undefined) continue;
      names.push(name);
      if (name === 'AWS::Include' || !name.startsWith('AWS::')) {
        this.#leave(
          `Transform ${name}`,
          'what the macro changes is not known here',
          item.span,
          allButBucket,
          'resources',
        );
      }
    }
    return names;
  }

  #parameters(root: MapNode): Map<string, TemplateParameter> {
    const parameters = new Map<string, TemplateParameter>();
    // A module that `aws cloudformation package` puts into templates has Inputs in the place of Parameters.
    for (const { key, keySpan, value } of [...this.#section(root, 'Parameters'), ...this.#section(root, 'Inputs')]) {
      if (value.kind !== 'map') this.#wrong(`the parameter ${key} is a ${value.kind}`, 'a map', keySpan);
      parameters.set(key, {
        name: key,
        type: textOf(get(value, 'Type')) ?? 'String',
        default: get(value, 'Default'),
        noEcho: textOf(get(value, 'NoEcho'))?.toLowerCase() === 'true',
        span: keySpan,
      });
    }
    return parameters;
  }

  #resources(root: MapNode): Map<string, TemplateResource> {
    const resources = new Map<string, TemplateResource>();
    const section = entry(root, 'Resources');
    const empty = section?.value.kind === 'scalar' && section.value.value === null;
    if (this.#options.format !== 'serverless' && (!section || empty)) {
      this.#wrong('the template has no resources', 'a map of resources', section?.keySpan ?? root.span, 'resources');
    }
    for (const { key, keySpan } of this.#section(root, 'Modules')) {
      this.#leave(`module ${key}`, notPackaged, keySpan, allButBucket, 'resources');
    }
    for (const item of this.#section(root, 'Resources')) {
      const resource = this.#resource(item);
      if (resource) resources.set(resource.id, resource);
    }
    return resources;
  }

  #resource({ key, keySpan, value }: Entry): TemplateResource | undefined {
    if (value.kind !== 'map') {
      this.#wrong(
        `the resource ${key} is ${value.kind === 'scalar' ? 'not a map' : `a ${value.kind}`}`,
        'a map with Type',
        keySpan,
        'resources',
      );
      return undefined;
    }
    if (entry(value, 'Fn::Transform')) {
      const hides = entry(value, 'Type') ? undefined : 'resources';
      this.#leave(`Fn::Transform in ${key}`, 'what the macro adds is not known here', keySpan, allButBucket, hides);
    }
    const type = stringOf(get(value, 'Type'));
    if (type === undefined) {
      if (!entry(value, 'Fn::Transform'))
        this.#wrong(`the resource ${key} has no Type`, 'Type: AWS::Service::Resource', keySpan, 'resources');
      return undefined;
    }
    if (type.startsWith('AWS::Serverless::')) {
      const hides = type === 'AWS::Serverless::Application' ? 'resources' : undefined;
      this.#leave(`${type} ${key}`, 'AWS SAM resources are not read yet', keySpan, hiddenBySam(type, value), hides);
    } else if (type.endsWith('::MODULE')) {
      const why = 'the module lies in the CloudFormation registry';
      this.#leave(`${type} ${key}`, why, keySpan, allButBucket, 'resources');
    } else if (type === 'LocalModule') {
      this.#leave(`module ${key}`, notPackaged, keySpan, allButBucket, 'resources');
    }
    const entrance = otherEntrances.get(type);
    if (entrance) this.#leave(`${entrance.what} ${key}`, entrance.reason, keySpan, routeSteps);
    return {
      id: key,
      type,
      properties: this.#properties(key, value, keySpan),
      span: keySpan,
      condition: stringOf(get(value, 'Condition')),
      dependsOn: items(get(value, 'DependsOn')).flatMap((item) => stringOf(item) ?? []),
      deletionPolicy: textOf(get(value, 'DeletionPolicy')),
      updateReplacePolicy: textOf(get(value, 'UpdateReplacePolicy')),
      label: undefined,
      generated: false,
      metadata: get(value, 'Metadata'),
    };
  }

  #properties(id: string, resource: MapNode, span: Span): MapNode {
    const properties = get(resource, 'Properties');
    if (properties?.kind === 'map') {
      for (const item of entries(properties)) if (item.key === 'Fn::Transform') this.#generated(item, id);
      return properties;
    }
    if (properties?.kind === 'unknown')
      this.#leave(`Properties of ${id}`, properties.reason, properties.span, allButBucket);
    else if (properties && !(properties.kind === 'scalar' && properties.value === null)) {
      this.#wrong(`Properties of ${id} is a ${properties.kind}`, 'a map', properties.span);
    }
    return { kind: 'map', entries: [], span: properties?.span ?? span };
  }

  #leave(what: string, reason: string, span: Span, steps: readonly StepId[], hides?: Unread['hides']): void {
    this.#unread.push({ what, reason, span, steps, ...(hides ? { hides } : {}) });
  }

  #wrong(found: string, expected: string, span: Span, hides?: Unread['hides']): void {
    this.#leave(found, `${expected} was expected`, span, allButBucket, hides);
    this.#options.errors?.push(
      new InputError({
        code: 'WRONG_TYPE',
        found,
        expected,
        span,
        next: 'Correct the template; the rest of it was read.',
      }),
    );
  }
}

const hiddenIn = (section: string): Unread['hides'] => (section === 'Resources' ? 'resources' : undefined);

/** SAM resources that make no API, no function and no role. */
const samData: ReadonlySet<string> = new Set([
  'AWS::Serverless::SimpleTable',
  'AWS::Serverless::LayerVersion',
  'AWS::Serverless::GraphQLApi',
]);

/** Steps whose answer depends on a SAM resource: routes come from APIs and from the events of functions and state machines. */
function hiddenBySam(type: string, resource: MapNode): readonly StepId[] {
  if (samData.has(type)) return [];
  if (type !== 'AWS::Serverless::Function' && type !== 'AWS::Serverless::StateMachine') return allButBucket;
  const properties = get(resource, 'Properties');
  if (get(properties, 'FunctionUrlConfig')) return allButBucket;
  const events = get(properties, 'Events');
  if (!events || events.kind === 'scalar') return ['secrets'];
  const makesRoutes =
    events.kind !== 'map' ||
    events.entries.some(({ key, value }) => {
      const event = stringOf(get(value, 'Type'));
      return event === undefined ? key.startsWith('Fn::') : /^(?:Api|HttpApi|WebSocketApi)$/.test(event);
    });
  return makesRoutes ? allButBucket : ['secrets'];
}
