import { dirname } from 'node:path';
import { get, type MapNode, textOf } from '../../project/index.ts';
import type { ReadContext } from '../options.ts';
import { frameworkOf } from './framework.ts';

/**
 * Whether the framework is one of v1 and v2, which read `provider.usagePlan`, `provider.apiKeys` and `provider.resourcePolicy`; since
 * v3 they are read below `provider.apiGateway` only. Decided by `frameworkVersion`, else by the version in package.json; without
 * either, by today's versions.
 */
export function readsLegacyProvider(root: MapNode, absolutePath: string, context: ReadContext): boolean {
  const written = textOf(get(root, 'frameworkVersion'));
  if (written !== undefined) return staysBelow(written, 3);
  const { framework, major } = frameworkOf(root, dirname(absolutePath), context);
  return framework === 'serverless' && major !== undefined && major < 3;
}

/** Whether a version range (`^2.1.0`, `>=1.2 <3`, `2 || 1.x`) allows no version of the given major or a later one. */
function staysBelow(range: string, major: number): boolean {
  return range.split('||').every((alternative) => {
    const parts = alternative.trim().split(/\s+/);
    return parts.some((part) => {
      const match = /^(\^|~|=|<=?)?v?(\d{1,6})(.*)$/.exec(part);
      if (!match) return false;
      const [, operator, number, rest = ''] = match;
      const bound = Number(number);
      if (operator === '<' && /^(?:\.0|\.x){0,2}$/.test(rest)) return bound <= major;
      return bound < major;
    });
  });
}
