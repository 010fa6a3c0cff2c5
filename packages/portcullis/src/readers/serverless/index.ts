import { dirname } from 'node:path';
import { InputError, type Node, type SourceFile, textOf } from '../../project/index.ts';
import { buildProject } from '../cloudformation/index.ts';
import type { ReadContext, ReadResult } from '../options.ts';
import { packedByService } from '../packing/serverless.ts';
import { readsLegacyProvider } from './framework.ts';
import { type LoadedService, loadService } from './load.ts';
import { lowerService } from './lower/index.ts';
import { dig } from './lower/nodes.ts';

/**
 * Reads a serverless.yml (or .json) with everything that it includes. Throws InputError when nothing can be made of the file; what
 * is wrong with a part of it is in `errors`. A service of another cloud has no project, and an error that says so.
 */
export function readServerless(file: SourceFile, absolutePath: string, context: ReadContext): ReadResult {
  const service = loadService(file, absolutePath, context);
  const elsewhere = otherProvider(file, service);
  if (elsewhere) return { project: undefined, errors: [...service.errors, elsewhere] };
  const { template, extras, errors } = lowerService(file, service, readsLegacyProvider(service.root, service));
  const project = buildProject(template, { ...extras, file, files: service.files, format: 'serverless' });
  const packedFiles = packedByService(service, dirname(absolutePath), context);
  return { project: { ...project, packedFiles }, errors: [...service.errors, ...errors] };
}

function otherProvider(file: SourceFile, service: LoadedService): InputError | undefined {
  const provider: Node | undefined = dig(service.root, 'provider');
  const name = textOf(provider?.kind === 'map' ? dig(provider, 'name') : provider);
  const component = dig(service.root, 'component');
  if (component && !dig(service.root, 'functions')) return notAService(file, component);
  if (provider && (name === undefined || name.toLowerCase() === 'aws')) return undefined;
  // A service without a provider may still be deployed by nobody: a component, or a part that another file includes.
  if (!provider && dig(service.root, 'functions')) return undefined;
  return new InputError({
    code: 'NOTHING_TO_CHECK',
    found: provider
      ? `${file.path} is deployed to ${name}, and the five gates are those of AWS`
      : `${file.path} has no \`provider\` and no \`functions\``,
    expected: 'a service with `provider.name: aws`',
    span: provider?.span ?? service.root.span,
    next: 'Leave the file out of the paths to check.',
  });
}

/** Serverless Components (`component: express`) are not read by the framework that deploys services. */
function notAService(file: SourceFile, component: Node): InputError {
  return new InputError({
    code: 'NOTHING_TO_CHECK',
    found: `${file.path} configures the component ${textOf(component) ?? ''}`.trimEnd(),
    expected: 'a service with `provider.name: aws`',
    span: component.span,
    next: 'Leave the file out of the paths to check.',
  });
}
