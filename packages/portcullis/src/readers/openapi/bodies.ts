import { entry, get, type MapNode, type Node, stringOf } from '../../project/index.ts';
import { isLocalPath, type LocalDocuments } from '../cloudformation/local-documents.ts';
import type { Template, TemplateResource } from '../cloudformation/template.ts';

const apiTypes: ReadonlySet<string> = new Set(['AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api']);

/**
 * The template with the OpenAPI documents that lie beside it: a `BodyS3Location` that is a local path, which `aws cloudformation package`
 * uploads, or an asset of a CDK program becomes the `Body`. One that cannot be read stays, and is unread in the model.
 * @param path of the template; absolute
 */
export function readBodies(template: Template, path: string, documents: LocalDocuments): Template {
  let resources: Map<string, TemplateResource> | undefined;
  for (const [id, resource] of template.resources) {
    if (!apiTypes.has(resource.type)) continue;
    const body = bodyOf(resource, path, documents);
    if (!body) continue;
    resources ??= new Map(template.resources);
    resources.set(id, { ...resource, properties: body });
  }
  return resources ? { ...template, resources } : template;
}

function bodyOf(resource: TemplateResource, path: string, documents: LocalDocuments): MapNode | undefined {
  const { properties } = resource;
  const location = entry(properties, 'BodyS3Location');
  const written = assetOf(resource) ?? stringOf(location?.value) ?? stringOf(get(location?.value, 'Fn::Sub'));
  if (!location || written === undefined || !isLocalPath(written)) return undefined;
  const document = documents.read(written, path, location.value.span, [documents.real(path)]);
  const body: Node =
    typeof document === 'string'
      ? { kind: 'unknown', source: 'file', reason: document, span: location.value.span }
      : document.root;
  const others = properties.entries.filter((one) => one.key !== 'BodyS3Location' && one.key !== 'Body');
  return { ...properties, entries: [...others, { key: 'Body', keySpan: location.keySpan, value: body }] };
}

/** CDK writes the address in its bucket, and the file beside the template into the metadata. */
function assetOf({ metadata }: TemplateResource): string | undefined {
  if (stringOf(get(metadata, 'aws:asset:property')) !== 'BodyS3Location') return undefined;
  return stringOf(get(metadata, 'aws:asset:path'));
}
