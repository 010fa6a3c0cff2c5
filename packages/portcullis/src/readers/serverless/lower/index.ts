import {
  entries,
  type InputError,
  type MapNode,
  type Node,
  type SourceFile,
  textOf,
  type UnknownNode,
} from '../../../project/index.ts';
import type { ProjectExtras, Template } from '../../cloudformation/index.ts';
import type { LoadedService } from '../load.ts';
import { lowerAlb } from './alb.ts';
import { collectConfiguration } from './configuration.ts';
import { lowerDeploymentBucket, readDeploymentBucket } from './deployment-bucket.ts';
import { lowerFunctions } from './functions.ts';
import { lowerHttpApi } from './http-api.ts';
import { findIgnored } from './ignored.ts';
import { isMap, type Lowering, notRead, providerSetting } from './lowering.ts';
import { dig, emptyMap, isUnset } from './nodes.ts';
import { lowerAddedKeys } from './plugins/add-api-key.ts';
import { lowerDomains } from './plugins/domains.ts';
import { findIgnoredPluginSettings } from './plugins/ignored.ts';
import { readPlugins } from './plugins/list.ts';
import { reportUnreadEntrances } from './plugins/not-read.ts';
import { withPseudoParameters } from './plugins/pseudo-parameters.ts';
import { lowerWaf } from './plugins/waf.ts';
import { findWebAcl, mergeTemplate, readResources } from './resources.ts';
import { lowerRest } from './rest/index.ts';
import { lowerRoles } from './roles.ts';
import { readFunctions, reasonOf, serviceNameOf } from './service.ts';
import { lowerSources } from './sources.ts';
import { lowerWebsocket } from './websocket.ts';

export interface Lowered {
  readonly template: Template;
  readonly extras: Omit<ProjectExtras, 'file' | 'files' | 'format'>;
  readonly errors: readonly InputError[];
}

/** The template that the framework would deploy for a service, with places in the user's own files, and what stands beside it. */
export function lowerService(file: SourceFile, loaded: LoadedService, readsLegacyProvider: boolean): Lowered {
  const service = { ...loaded, root: withPseudoParameters(loaded.root) };
  const lowering = begin(file, service, readsLegacyProvider);
  lowerFunctions(lowering);
  const rest = lowerRest(lowering);
  const http = lowerHttpApi(lowering);
  lowerWebsocket(lowering);
  lowerAlb(lowering);
  lowerSources(lowering);
  lowerAddedKeys(lowering);
  lowerRoles(lowering);
  const bucket = readDeploymentBucket(lowering, service);
  lowerDeploymentBucket(lowering, bucket);
  const resources = readResources(lowering);
  const hasRest = rest || hasOwnRestApi(resources);
  lowerDomains(lowering, { rest, http });
  lowerWaf(lowering, rest, (name) => findWebAcl(resources, name));
  reportUnreadEntrances(lowering);
  findIgnored(lowering, { rest: hasRest, http });
  findIgnoredPluginSettings(lowering);
  const errors: InputError[] = [];
  const template = mergeTemplate(lowering, resources, errors);
  const sharedEnvironment = new Set(entries(providerSetting(lowering, 'environment')).map(({ keySpan }) => keySpan));
  return {
    template: { ...template, sharedEnvironment },
    extras: {
      name: serviceNameOf(service.root),
      stage: service.stage,
      deploymentBucket: bucket,
      plugins: lowering.plugins.entries,
      ignored: lowering.ignored,
      unread: [],
      configuration: collectConfiguration(lowering),
    },
    errors: [...lowering.errors, ...errors],
  };
}

function begin(file: SourceFile, service: LoadedService, readsLegacyProvider: boolean): Lowering {
  const { root } = service;
  const entry = root.entries.findLast((candidate) => candidate.key === 'provider');
  const plugins = readPlugins(dig(root, 'plugins'));
  const base: Lowering = {
    file,
    root,
    provider: entry?.value ?? emptyMap(root.span),
    providerSpan: entry?.keySpan ?? root.span,
    custom: dig(root, 'custom'),
    serviceName: serviceNameOf(root) ?? '?',
    stage: service.stage,
    stageNode: stageNode(service, entry?.keySpan ?? root.span),
    functions: [],
    functionsByName: new Map(),
    functionsIncomplete: false,
    plugins,
    readsLegacyProvider,
    texts: service.files.map((one) => one.text),
    resources: new Map(),
    roleStatements: [],
    statementTexts: new Set(),
    unread: [],
    ignored: [],
    errors: [],
  };
  if (base.provider.kind === 'unknown') notRead(base, 'provider', reasonOf(base.provider), base.provider.span);
  const { functions, incomplete } = readFunctions(root, dig(root, 'functions'), base);
  const functionsByName = new Map(functions.map((fn) => [fn.name, fn]));
  return { ...base, functions, functionsByName, functionsIncomplete: incomplete };
}

function stageNode(service: LoadedService, span: Node['span']): Node {
  const written = dig(service.root, 'provider', 'stage');
  if (service.stage !== undefined) {
    // `--stage` wins over the file, whose place is still where a person would look.
    return { kind: 'scalar', span: written?.span ?? span, value: service.stage };
  }
  if (written && !isUnset(written)) return written;
  const undecided: UnknownNode = { kind: 'unknown', span, source: 'opt', reason: 'depends on the stage' };
  return undecided;
}

/** A REST API that the user wrote out below `resources`. */
function hasOwnRestApi(resources: MapNode): boolean {
  const section = dig(resources, 'Resources');
  return (
    isMap(section) && section.entries.some((entry) => textOf(dig(entry.value, 'Type')) === 'AWS::ApiGateway::RestApi')
  );
}
