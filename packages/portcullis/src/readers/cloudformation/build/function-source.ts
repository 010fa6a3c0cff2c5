import { type FunctionSource, get, items, type Node, type Resource, stringOf } from '../../../project/index.ts';
import type { BuildContext } from './context.ts';

/**
 * How the code of an AWS::Lambda::Function is given: `ZipFile`, a local path where `aws cloudformation package` would put an S3 address, SAM's
 * `InlineCode` and `CodeUri`, the asset of a CDK program. Undefined for an image and for code that lies in a bucket.
 */
export function functionSource(context: BuildContext, { id, properties }: Resource): FunctionSource | undefined {
  const code = get(properties, 'Code');
  const metadata = context.raw(id)?.metadata;
  const inline = get(code, 'ZipFile') ?? get(properties, 'InlineCode');
  const text = stringOf(inline);
  const folder = stringOf(get(metadata, 'aws:asset:path')) ?? local(code) ?? local(get(properties, 'CodeUri'));
  if (stringOf(get(properties, 'PackageType')) === 'Image' || (get(code, 'S3Bucket') && folder === undefined))
    return undefined;
  return {
    runtime: stringOf(get(properties, 'Runtime')),
    inline: inline && text !== undefined ? { text, span: inline.span } : undefined,
    folder,
    entries: items(get(get(metadata, 'BuildProperties'), 'EntryPoints')).flatMap((entry) => stringOf(entry) ?? []),
  };
}

function local(node: Node | undefined): string | undefined {
  const path = stringOf(node);
  return path === undefined || path === '' || path.includes('://') || path.includes('\0') ? undefined : path;
}
