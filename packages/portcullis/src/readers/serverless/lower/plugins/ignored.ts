import type { StepId } from '../../../../project/index.ts';
import { isUsed, report } from '../ignored.ts';
import type { Lowering } from '../lowering.ts';
import { isMap } from '../lowering.ts';
import { isUnset } from '../nodes.ts';
import { findPlugin } from './list.ts';
import { throttlingPlugin } from './throttling.ts';

interface PluginSetting {
  /** Key below `custom`. */
  readonly key: string;
  readonly step: StepId;
  /** Whether a plugin of this name reads it. */
  readonly reads: (plugin: string) => boolean;
  /** What to add to `plugins`. */
  readonly plugin: string;
}

const settings: readonly PluginSetting[] = [
  {
    key: 'associateWaf',
    step: 'firewall',
    reads: (plugin) => plugin.includes('waf'),
    plugin: 'serverless-associate-waf',
  },
  { key: 'wafPlugin', step: 'firewall', reads: (plugin) => plugin.includes('waf'), plugin: 'serverless-associate-waf' },
  {
    key: 'apiGatewayThrottling',
    step: 'usage-plans',
    reads: (plugin) => plugin.includes('throttling'),
    plugin: throttlingPlugin,
  },
  {
    key: 'deploymentBucket',
    step: 'deployment-bucket',
    reads: (plugin) => plugin.includes('bucket'),
    plugin: 'serverless-deployment-bucket',
  },
  {
    key: 'apiKeys',
    step: 'usage-plans',
    reads: (plugin) => plugin.includes('key'),
    plugin: 'serverless-add-api-key',
  },
  { key: 'usagePlan', step: 'usage-plans', reads: () => false, plugin: '' },
  { key: 'resourcePolicy', step: 'authorization', reads: () => false, plugin: '' },
];

/**
 * Settings of plugins that are not listed, and settings below `custom` that nobody reads. A value below `custom` may be meant for a
 * variable: one whose name is used anywhere in the service's files (`custom.apiKeys`) is left alone.
 */
export function findIgnoredPluginSettings(lowering: Lowering): void {
  if (lowering.plugins.incomplete) return;
  blocks(lowering);
  perFunction(lowering);
  if (!isMap(lowering.custom)) return;
  for (const setting of settings) {
    const entry = lowering.custom.entries.findLast((candidate) => candidate.key === setting.key);
    if (!entry || isUnset(entry.value)) continue;
    if (lowering.plugins.entries.some((plugin) => isLocal(plugin.name) || setting.reads(plugin.name))) continue;
    if (isUsed(lowering, `custom.${setting.key}`, entry)) continue;
    report(
      lowering,
      setting.step,
      `custom.${setting.key}`,
      entry.keySpan,
      setting.plugin
        ? 'It is for a plugin, and no listed plugin reads it'
        : 'Settings below `custom` have no effect unless a plugin or a variable reads them',
      setting.plugin ? `Add ${setting.plugin} to \`plugins\`` : `Write it below \`provider.apiGateway\``,
    );
  }
}

/** A plugin inside the service may read anything. */
function isLocal(name: string): boolean {
  return name.startsWith('.') || name.startsWith('/');
}

function blocks(lowering: Lowering): void {
  if (findPlugin(lowering.plugins, 'portcullis/plugin', 'portcullis')) return;
  for (const [parent, prefix] of [
    [lowering.root, ''],
    [lowering.custom, 'custom.'],
  ] as const) {
    const entry = isMap(parent) ? parent.entries.findLast((candidate) => candidate.key === 'portcullis') : undefined;
    if (!entry) continue;
    report(
      lowering,
      'authorization',
      `${prefix}portcullis`,
      entry.keySpan,
      'The block protects nothing while its plugin is not listed',
      'Add `portcullis/plugin` to `plugins`',
    );
  }
}

function perFunction(lowering: Lowering): void {
  const local = lowering.plugins.entries.some((plugin) => isLocal(plugin.name));
  const roles = lowering.plugins.entries.some((plugin) => plugin.name.includes('iam'));
  const throttles = lowering.plugins.entries.some((plugin) => plugin.name.includes('throttling'));
  if (local) return;
  for (const fn of lowering.functions) {
    const statements = fn.node.entries.findLast((entry) => entry.key === 'iamRoleStatements');
    if (statements && !roles) {
      report(
        lowering,
        'authorization',
        `functions.${fn.name}.iamRoleStatements`,
        statements.keySpan,
        'The framework knows roles of single functions only through a plugin; the function gets the shared role',
        'Add serverless-iam-roles-per-function to `plugins`',
      );
    }
    for (const event of fn.events) {
      if (throttles || (event.kind !== 'http' && event.kind !== 'httpApi') || !isMap(event.value)) continue;
      const entry = event.value.entries.findLast((candidate) => candidate.key === 'throttling');
      if (!entry || isUnset(entry.value)) continue;
      report(
        lowering,
        'usage-plans',
        `${event.path}.${event.kind}.throttling`,
        entry.keySpan,
        'The framework has no throttling of single routes; a plugin reads it, and it is not listed',
        `Add ${throttlingPlugin} to \`plugins\``,
      );
    }
  }
}
