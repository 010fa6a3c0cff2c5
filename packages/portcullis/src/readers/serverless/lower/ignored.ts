import type { Entry, Node, Span, StepId } from '../../../project/index.ts';
import { type Misplaced, unknownKeys } from './ignored-keys.ts';
import { apiSetting, isMap, type Lowering, providerSetting } from './lowering.ts';
import { dig, isUnset, listOf } from './nodes.ts';
import { findPlugin } from './plugins/list.ts';

// Settings that look like protection and have no effect where they stand. The framework warns of unknown properties at most, unless
// `configValidationMode: error` is set (the default of osls 4): the service is deployed without the protection.

const notKnown = 'The framework does not know this setting at this place and deploys without it';

export function report(
  lowering: Lowering,
  step: StepId,
  path: string,
  span: Span,
  reason: string,
  instead: string,
): void {
  lowering.ignored.push({ step, path, span, reason, instead });
}

/** Everything but the settings of plugins, which plugins/ignored.ts knows. */
export function findIgnored(lowering: Lowering, has: { rest: boolean; http: boolean }): void {
  scan(lowering, lowering.root, '', unknownKeys.root);
  scan(lowering, lowering.provider, 'provider.', unknownKeys.provider);
  scan(lowering, providerSetting(lowering, 'apiGateway'), 'provider.apiGateway.', unknownKeys.apiGateway);
  scan(lowering, providerSetting(lowering, 'httpApi'), 'provider.httpApi.', unknownKeys.httpApi);
  legacyProvider(lowering);
  if (!has.rest) withoutRestApi(lowering, has.http);
  planShape(lowering);
  for (const fn of lowering.functions) {
    scan(lowering, fn.node, `functions.${fn.name}.`, unknownKeys.function);
    urlAuthorizer(lowering, fn.node, `functions.${fn.name}.url`);
    for (const event of fn.events) {
      if (event.kind !== 'http' && event.kind !== 'httpApi') continue;
      scan(lowering, event.value, `${event.path}.${event.kind}.`, unknownKeys.event);
      besideEvent(lowering, event.entry.entries, event);
      if (event.kind === 'httpApi') privateHttpApi(lowering, event.value, event.path);
    }
  }
}

function scan(
  lowering: Lowering,
  node: Node | undefined,
  prefix: string,
  keys: Readonly<Record<string, Misplaced>>,
): void {
  if (!isMap(node)) return;
  for (const entry of node.entries) {
    if (!Object.hasOwn(keys, entry.key) || isUnset(entry.value)) continue;
    const known = keys[entry.key];
    if (known && !isUsed(lowering, `${prefix}${entry.key}`, entry))
      report(lowering, known.step, `${prefix}${entry.key}`, entry.keySpan, notKnown, known.instead);
  }
}

/** Whether a variable or a YAML anchor takes the value to where it has an effect. */
export function isUsed(lowering: Lowering, path: string, entry: Entry): boolean {
  const { file, end } = entry.keySpan;
  const lineEnd = file.text.indexOf('\n', end);
  if (file.text.slice(end, lineEnd === -1 ? undefined : lineEnd).includes('&')) return true;
  return lowering.texts.some((text) => text.includes(`self:${path}`));
}

/** `provider.usagePlan` and its neighbours: v1 and v2 read them, v3, v4 and osls do not. */
function legacyProvider(lowering: Lowering): void {
  if (lowering.readsLegacyProvider || !isMap(lowering.provider)) return;
  const steps: Readonly<Record<string, StepId>> = {
    usagePlan: 'usage-plans',
    apiKeys: 'usage-plans',
    resourcePolicy: 'authorization',
    apiKeySourceType: 'usage-plans',
  };
  // serverless-add-api-key takes its default plan from here.
  const planIsRead = findPlugin(lowering.plugins, 'serverless-add-api-key') !== undefined;
  for (const entry of lowering.provider.entries) {
    if (!Object.hasOwn(steps, entry.key) || isUnset(entry.value)) continue;
    if ((entry.key === 'usagePlan' && planIsRead) || isUsed(lowering, `provider.${entry.key}`, entry)) continue;
    const step = steps[entry.key];
    if (!step) continue;
    report(
      lowering,
      step,
      `provider.${entry.key}`,
      entry.keySpan,
      'Serverless Framework v3, v4 and osls read it only below `provider.apiGateway`',
      `Indent \`${entry.key}\` below \`provider.apiGateway\``,
    );
  }
}

/** Keys, plans and resource policies belong to REST APIs; the framework makes none without an `http` event. */
function withoutRestApi(lowering: Lowering, http: boolean): void {
  const gateway = providerSetting(lowering, 'apiGateway');
  if (!isMap(gateway) || lowering.functionsIncomplete || lowering.functions.length === 0) return;
  const reason = http
    ? 'It belongs to the REST API, and the service has only an HTTP API, which has neither keys, plans nor a resource policy'
    : 'It belongs to the REST API, and no function has an `http` event';
  for (const entry of gateway.entries) {
    if (!['usagePlan', 'apiKeys', 'resourcePolicy'].includes(entry.key) || isUnset(entry.value)) continue;
    const step = entry.key === 'resourcePolicy' ? 'authorization' : 'usage-plans';
    const instead = http
      ? 'Use `http` events where a key or a plan is needed, or throttle the stage of the HTTP API'
      : 'Remove it, or add `http` events';
    report(lowering, step, `provider.apiGateway.${entry.key}`, entry.keySpan, reason, instead);
  }
}

/** Limits one level too high: `usagePlan: {rateLimit}`, or beside the plan's name in a list. */
function planShape(lowering: Lowering): void {
  const plans = apiSetting(lowering, 'apiGateway', 'usagePlan');
  if (!plans) return;
  const path = 'provider.apiGateway.usagePlan';
  const report1 = (entry: Entry, at: string, instead: string) =>
    report(
      lowering,
      'usage-plans',
      at,
      entry.keySpan,
      'The framework reads `quota` and `throttle` of a plan only',
      instead,
    );
  const limits: Readonly<Record<string, string>> = {
    rateLimit: 'throttle',
    burstLimit: 'throttle',
    limit: 'quota',
    period: 'quota',
    offset: 'quota',
  };
  const misfit = (node: Node, at: string) => {
    if (!isMap(node)) return;
    for (const entry of node.entries) {
      if (!Object.hasOwn(limits, entry.key)) continue;
      report1(entry, `${at}.${entry.key}`, `Write it below \`${at}.${limits[entry.key]}\``);
    }
  };
  if (plans.kind !== 'list') {
    misfit(plans, path);
    return;
  }
  plans.items.forEach((item, index) => {
    if (!isMap(item)) return;
    const [plan, ...beside] = item.entries;
    if (plan) misfit(plan.value, `${path}[${index}].${plan.key}`);
    for (const entry of beside) {
      report1(entry, `${path}[${index}].${entry.key}`, `Indent it below \`${plan?.key}\``);
    }
  });
}

/** `- http: ...` with `authorizer` or `private` at the indentation of `http`. */
function besideEvent(
  lowering: Lowering,
  entries: readonly Entry[],
  event: { readonly kind: string; readonly value: Node; readonly path: string },
): void {
  // An event without a value and with all its settings beside it is reported as a whole.
  if (isUnset(event.value)) return;
  for (const entry of entries) {
    const step = entry.key === 'authorizer' ? 'authorization' : entry.key === 'private' ? 'usage-plans' : undefined;
    if (!step || isUnset(entry.value)) continue;
    const short = !isMap(event.value);
    report(
      lowering,
      step,
      `${event.path}.${entry.key}`,
      entry.keySpan,
      `It stands beside \`${event.kind}\`, not inside it`,
      short
        ? `Write the event in its long form, with \`path\`, \`method\` and \`${entry.key}\` below \`${event.kind}\``
        : `Indent \`${entry.key}\` below \`${event.kind}\``,
    );
  }
}

function privateHttpApi(lowering: Lowering, value: Node, path: string): void {
  if (!isMap(value)) return;
  const entry = value.entries.findLast((candidate) => candidate.key === 'private');
  if (!entry || isUnset(entry.value)) return;
  report(
    lowering,
    'usage-plans',
    `${path}.httpApi.private`,
    entry.keySpan,
    'HTTP APIs have no API keys',
    'Use an `http` event for routes that need a key',
  );
}

/** `url.authorizer` is compared with `aws_iam` letter by letter; anything else leaves the URL open. */
function urlAuthorizer(lowering: Lowering, fn: Node, path: string): void {
  const url = dig(fn, 'url');
  if (!isMap(url)) return;
  for (const entry of url.entries) {
    const guess =
      entry.key === 'authorizer' ? isForeign(entry.value) : ['auth', 'authType', 'AuthType'].includes(entry.key);
    if (!guess || isUnset(entry.value)) continue;
    report(
      lowering,
      'authorization',
      `${path}.${entry.key}`,
      entry.keySpan,
      'The framework compares it with `aws_iam` letter by letter and otherwise leaves the URL open',
      'Write `authorizer: aws_iam`',
    );
  }
}

function isForeign(value: Node): boolean {
  return value.kind === 'scalar' ? value.value !== 'aws_iam' : listOf(value).length > 0 && value.kind === 'map';
}
