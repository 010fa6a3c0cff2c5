import { type StepId, textOf } from '../../../../project/index.ts';
import { isMap, type Lowering, notRead } from '../lowering.ts';
import { dig, isUnset } from '../nodes.ts';
import { findPlugin } from './list.ts';

const routeSteps: readonly StepId[] = ['authorization', 'usage-plans', 'firewall'];

/** Ways into a service that plugins make and that are not read. What they leave open cannot be judged; it must not look closed. */
export function reportUnreadEntrances(lowering: Lowering): void {
  for (const parent of [lowering.root, lowering.custom]) {
    if (!isMap(parent)) continue;
    const entry = parent.entries.findLast((candidate) => candidate.key === 'appSync');
    if (entry && !isUnset(entry.value) && (parent === lowering.root || isAppSync(lowering))) {
      notRead(lowering, 'AppSync API', 'GraphQL APIs are not read yet', entry.keySpan, routeSteps);
    }
  }
  const constructs = dig(lowering.root, 'constructs');
  if (!isMap(constructs) || !findPlugin(lowering.plugins, 'serverless-lift')) return;
  for (const entry of constructs.entries) {
    const type = textOf(dig(entry.value, 'type'));
    if (type !== 'webhook') continue;
    notRead(
      lowering,
      `construct ${entry.key}`,
      'webhooks of serverless-lift are not read yet',
      entry.keySpan,
      routeSteps,
    );
  }
}

function isAppSync(lowering: Lowering): boolean {
  return lowering.plugins.entries.some((plugin) => plugin.name.includes('appsync'));
}
