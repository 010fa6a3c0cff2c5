import { dirname, resolve } from 'node:path';
import { get, type Node, type PackedFile, textOf } from '../../project/index.ts';
import type { Template, TemplateResource } from '../cloudformation/template.ts';
import type { ReadContext } from '../options.ts';
import { secretFilesIn } from './listing.ts';

/**
 * Secret files in the folders that `aws cloudformation package` and `sam build` pack for the functions of a template, by their names.
 * @param template with SAM lowered
 * @param absolutePath of the template
 */
export function packedByTemplate(
  template: Template,
  absolutePath: string,
  context: ReadContext,
): readonly PackedFile[] {
  const found: PackedFile[] = [];
  const seen = new Set<string>();
  const isInside = within(context);
  for (const resource of template.resources.values()) {
    const code = codeOf(resource);
    const written = textOf(code);
    if (!code || written === undefined || /^[a-z0-9]+:/i.test(written)) continue;
    const folder = resolve(dirname(absolutePath), written);
    if (seen.has(folder)) continue;
    seen.add(folder);
    if (context.disk.kind(folder) !== 'directory' || !isInside(folder)) continue;
    const sam = template.format === 'sam' && get(resource.properties, 'CodeUri') !== undefined;
    const files = secretFilesIn(folder, context.disk).filter(({ kind }) => !(sam && kind === 'registry'));
    if (files.length === 0 || (sam && leavesOut(resource, folder, context))) continue;
    for (const file of files) found.push({ ...file, span: code.span, owner: resource.id, undecided: undefined });
  }
  return found;
}

/** Where the code lies, as written: a folder, an archive, or an object in S3. A function of SAM keeps its `CodeUri`. */
function codeOf({ type, properties }: TemplateResource): Node | undefined {
  return type === 'AWS::Lambda::Function' ? (get(properties, 'CodeUri') ?? get(properties, 'Code')) : undefined;
}

/** Builds of `sam build` that take only what the code needs, or what npm would publish (aws-lambda-builders, docs of the workflows). */
function leavesOut(resource: TemplateResource, folder: string, { disk }: ReadContext): boolean {
  const method = textOf(get(resource.metadata, 'BuildMethod'));
  if (method !== undefined && !/^(?:nodejs|python|ruby)/.test(method)) return true;
  const runtime = textOf(get(resource.properties, 'Runtime')) ?? '';
  if (/^(?:python|ruby)/.test(runtime)) return false;
  if (!runtime.startsWith('nodejs')) return true;
  return ['.npmignore', '.gitignore'].some((name) => disk.kind(`${folder}/${name}`) === 'file');
}

function within({ boundary, disk }: ReadContext): (folder: string) => boolean {
  let root: string | undefined;
  return (folder) => {
    root ??= disk.real(boundary);
    const real = disk.real(folder);
    return real === root || real.startsWith(root.endsWith('/') ? root : `${root}/`);
  };
}
