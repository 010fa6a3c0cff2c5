import type { Configuration, ConfigurationContext, Entry, Node } from '../../../project/index.ts';
import { isMap, type Lowering, providerSetting } from './lowering.ts';
import { dig, isUnset } from './nodes.ts';

/** Below `provider`: lowered to resources, where the builder collects them, or looked at on their own. */
const elsewhereInProvider = new Set([
  'environment',
  'stackParameters',
  'apiGateway',
  'httpApi',
  'alb',
  'apiKeys',
  'usagePlan',
  'resourcePolicy',
  'iam',
  'iamRoleStatements',
  'vpc',
]);

const elsewhereInRoot = new Set([
  'service',
  'provider',
  'functions',
  'resources',
  'custom',
  'params',
  'stages',
  'plugins',
  'package',
  'frameworkVersion',
  'configValidationMode',
]);

/** Events whose settings become resources. */
const loweredEvents = new Set(['http', 'httpApi', 'websocket', 'alb']);

/** What may hold a literal secret besides the resources: `custom`, stage parameters, stack parameters and settings of the provider. */
export function collectConfiguration(lowering: Lowering): Configuration[] {
  const found: Configuration[] = [];
  const add = (context: ConfigurationContext, path: readonly string[], node: Node | undefined, owner?: string) => {
    if (node && !isUnset(node)) found.push({ context, path, node, owner, resourceType: undefined });
  };
  add('custom', ['custom'], lowering.custom);
  add('params', ['params'], dig(lowering.root, 'params'));
  add('params', ['stages'], dig(lowering.root, 'stages'));
  add('stack-parameter', ['provider', 'stackParameters'], providerSetting(lowering, 'stackParameters'));
  const environment = providerSetting(lowering, 'environment');
  // A map is part of each function; what is undecided as a whole is part of none.
  if (lowering.functions.length === 0 || !isMap(environment)) {
    add('environment', ['provider', 'environment'], environment);
  }
  add('provider', ['provider'], without(lowering.provider, elsewhereInProvider));
  add('other', [], without(lowering.root, elsewhereInRoot));
  for (const fn of lowering.functions) {
    for (const event of fn.events) {
      if (!loweredEvents.has(event.kind) && isMap(event.value)) {
        add('other', ['functions', fn.name, 'events', event.kind], event.value, fn.name);
      }
    }
  }
  return found;
}

function without(node: Node, keys: ReadonlySet<string>): Node | undefined {
  if (!isMap(node)) return undefined;
  const entries = node.entries.filter((entry: Entry) => !keys.has(entry.key));
  return entries.length > 0 ? { ...node, entries } : undefined;
}
