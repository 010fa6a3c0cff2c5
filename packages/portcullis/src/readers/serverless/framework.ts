import { dirname, join } from 'node:path';
import { at, get, InputError, type MapNode, type Node, textOf } from '../../project/index.ts';
import { parseDocument } from '../document/index.ts';
import type { ReadContext } from '../options.ts';

interface Framework {
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
