import { dirname, join } from 'node:path';
import { at, get, InputError, type MapNode, type Node, textOf } from '../../project/index.ts';
import { parseDocument } from '../document/index.ts';
import type { ReadContext } from '../options.ts';

/** What the service is deployed with. */
export interface Framework {
  /** `serverless` unless a package.json asks for osls: who has osls has installed it on purpose. */
  readonly framework: 'serverless' | 'osls';
  /** Major version, when `frameworkVersion` or a package.json names one. */
  readonly major: number | undefined;
}

const sections = ['devDependencies', 'dependencies', 'peerDependencies'];

/**
 * Which framework deploys the service: what the package.json of its folder or of the project's root depends on. Without one it is
 * `serverless`, which is what almost everybody has installed globally.
 */
export function frameworkOf(root: MapNode, directory: string, context: ReadContext): Framework {
  const written = majorOf(textOf(get(root, 'frameworkVersion')));
  for (const folder of new Set([directory, context.boundary])) {
    const manifest = readManifest(join(folder, 'package.json'), context);
    for (const section of sections) {
      const osls = textOf(at(manifest, section, 'osls'));
      const serverless = textOf(at(manifest, section, 'serverless'));
      const alias = serverless?.startsWith('npm:osls') ? serverless : undefined;
      if (osls !== undefined || alias !== undefined)
        return { framework: 'osls', major: written ?? majorOf(osls ?? alias?.split('@')[1]) };
      if (serverless !== undefined) return { framework: 'serverless', major: written ?? majorOf(serverless) };
    }
  }
  return { framework: 'serverless', major: written };
}

/**
 * Whether the framework is one of v1 and v2, which read `provider.usagePlan`, `provider.apiKeys` and `provider.resourcePolicy`; since
 * v3 they are read below `provider.apiGateway` only. Decided by `frameworkVersion`, else by the version in package.json; without
 * either, by today's versions.
 */
export function readsLegacyProvider(root: MapNode, { framework, major }: Framework): boolean {
  const written = textOf(get(root, 'frameworkVersion'));
  if (written !== undefined) return staysBelow(written, 3);
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

function majorOf(range: string | undefined): number | undefined {
  const digits = /^[\^~=>v\s]*(\d{1,4})/.exec(range ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function readManifest(path: string, context: ReadContext): Node | undefined {
  if (dirname(path) === path || context.disk.kind(path) !== 'file') return undefined;
  try {
    return parseDocument(context.open(path));
  } catch (error) {
    // A manifest that cannot be read decides nothing; it is no part of what is checked.
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
