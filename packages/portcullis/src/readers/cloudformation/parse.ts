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
import { createScope } from './evaluator.ts';
import { isLoop, unroll } from './loops.ts';
import { type Budget, freshBudget, type Scope } from './scope.ts';
import type { Template, TemplateParameter, TemplateResource } from './template.ts';

export const routeSteps: readonly StepId[] = ['authorization', 'usage-plans', 'firewall'];
export const allButBucket: readonly StepId[] = [...routeSteps, 'secrets'];

/** Ways to code and data from the internet that have no routes in the model. They must not look closed. */
const otherEntrances: ReadonlyMap<string, { readonly what: string; readonly reason: string }> = new Map([
  ['AWS::AppSync::GraphQLApi', { what: 'AppSync API', reason: 'GraphQL APIs are not read yet' }],
  ['AWS::AppSync::Api', { what: 'AppSync Event API', reason: 'event APIs are not read yet' }],
  ['AWS::AppRunner::Service', { what: 'App Runner service', reason: 'App Runner services are not read yet' }],
]);

/** Sections in which Fn::ForEach may stand. */
const unrolledSections: ReadonlySet<string> = new Set(['Resources', 'Outputs', 'Conditions']);

/** The transform that makes CloudFormation of AWS::Serverless resources. */
export const samTransform = 'AWS::Serverless-2016-10-31';

const notPackaged = 'modules are read in the template that `aws cloudformation package` makes';

export interface ParseOptions {
  readonly format?: Format;
  /** What is wrong in the template without making the rest of it worthless is added here, and to `unread` in any case. */
  readonly errors?: InputError[];
  /** What loops may make, when several templates share it. */
  readonly budget?: Budget;
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
  #parameters = new Map<string, TemplateParameter>();
  #mappings: MapNode | undefined;
  #lazyScope: Scope | undefined;

  constructor(file: SourceFile, options: ParseOptions) {
    this.#file = file;
    this.#options = options;
  }

  parse(root: MapNode): Template {
    const mappings = get(root, 'Mappings');
    this.#mappings = mappings?.kind === 'map' ? mappings : undefined;
    this.#parameters = this.#readParameters(root);
    const transforms = this.#transforms(root);
    return {
      file: this.#file,
      format: this.#options.format ?? (transforms.includes(samTransform) ? 'sam' : 'cloudformation'),
      resources: this.#resources(root),
      parameters: this.#parameters,
      conditions: new Map(this.#section(root, 'Conditions').map((condition) => [condition.key, condition.value])),
      mappings: this.#mappings,
      outputs: this.#section(root, 'Outputs'),
      transforms,
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
    const unrolled = unrolledSections.has(name) ? this.#unrolled(section.entries, name) : section.entries;
    return unrolled.filter((item) => !this.#generated(item, name));
  }

  #unrolled(section: readonly Entry[], name: string): readonly Entry[] {
    if (!section.some((item) => isLoop(item.key))) return section;
    const { evaluate, budget } = this.#scope();
    const { entries: made, stuck } = unroll(section, evaluate, budget);
    for (const { entry: loop, reason } of stuck)
      this.#leave(`Fn::ForEach in ${name}`, reason, loop.keySpan, allButBucket, hiddenIn(name));
    return made;
  }

  /** What decides intrinsics where the template itself depends on them: parameters by their defaults, mappings; no conditions. */
  #scope(): Scope {
    const nothing = {
      file: this.#file,
      resources: new Map(),
      conditions: new Map(),
      outputs: [],
      transforms: [],
      unread: [],
    };
    const template: Template = {
      ...nothing,
      format: 'cloudformation',
      parameters: this.#parameters,
      mappings: this.#mappings,
    };
    this.#lazyScope ??= createScope(template, {
      label: '',
      budget: this.#options.budget ?? freshBudget(),
      rename: (id) => id,
      given: () => undefined,
      output: () => undefined,
    });
    return this.#lazyScope;
  }

  /** DeletionPolicy and UpdateReplacePolicy may be intrinsics with AWS::LanguageExtensions; undefined when the files do not decide. */
  #policy(node: Node | undefined): string | undefined {
    return node?.kind === 'map' ? textOf(this.#scope().evaluate(node)) : textOf(node);
  }

  #generated(item: Entry, where: string): boolean {
    if (isLoop(item.key)) {
      const reason = 'CloudFormation takes no loops there';
      this.#leave(`Fn::ForEach in ${where}`, reason, item.keySpan, allButBucket, hiddenIn(where));
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

  #readParameters(root: MapNode): Map<string, TemplateParameter> {
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
    if (type.endsWith('::MODULE')) {
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
      deletionPolicy: this.#policy(get(value, 'DeletionPolicy')),
      updateReplacePolicy: this.#policy(get(value, 'UpdateReplacePolicy')),
      label: undefined,
      generated: false,
      metadata: get(value, 'Metadata'),
      ...samAttributes(value),
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

/** Attributes of a resource that only AWS SAM knows. */
function samAttributes(resource: MapNode): Pick<TemplateResource, 'connectors' | 'ignoreGlobals'> | undefined {
  const connectors = get(resource, 'Connectors');
  const ignoreGlobals = get(resource, 'IgnoreGlobals');
  return connectors || ignoreGlobals ? { connectors, ignoreGlobals } : undefined;
}
