import { entry, get, type Node, type Resource, type Unread } from '../../project/index.ts';
import { httpSettings, importHttp } from './http.ts';
import { documentOf, Imported } from './imported.ts';
import { conditionOfBranch, isNothing } from './nodes.ts';
import { importRest, restSettings } from './rest.ts';

const restApi = 'AWS::ApiGateway::RestApi';
const httpApi = 'AWS::ApiGatewayV2::Api';

export interface ImportedDocuments {
  /** All resources of the project, with those that API Gateway makes of the documents. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** Logical ids of the APIs whose `Body` was read, with what of it was not. */
  readonly bodies: ReadonlyMap<string, readonly Unread[]>;
}

/**
 * The `Body` of every REST and HTTP API as the resources that API Gateway makes of it: methods or routes, integrations and authorizers, each
 * with the place in the document where a person would edit it. A `Body` that is no document, or that the files do not decide, is left as it is.
 * @param resources evaluated: `Fn::If` is an `either`, a text with pieces that are known later a `text`
 */
export function importDocuments(resources: ReadonlyMap<string, Resource>): ImportedDocuments {
  let all: Map<string, Resource> | undefined;
  const bodies = new Map<string, readonly Unread[]>();
  for (const api of resources.values()) {
    if (api.type !== restApi && api.type !== httpApi) continue;
    const body = get(api.properties, 'Body');
    if (!body || isNothing(body)) continue;
    const imported = new Imported(api);
    const document = documentOf(body);
    if (!importBranches(api, document, imported, undefined)) continue;
    imported.complete(api.type === restApi ? restSettings(document) : httpSettings(document));
    all ??= new Map(resources);
    for (const [id, resource] of imported.resources) all.set(id, resource);
    bodies.set(api.id, imported.unread);
  }
  return { resources: all ?? resources, bodies };
}

/** False when there is no document to read. */
function importBranches(api: Resource, body: Node, imported: Imported, condition: string | undefined): boolean {
  if (body.kind === 'either') {
    const read = body.branches.map((branch, index) =>
      importBranches(api, branch, imported, conditionOfBranch(body.condition, index, condition)),
    );
    for (const [index, branch] of body.branches.entries())
      if (!read[index] && !isNothing(branch)) imported.leave('a branch of the Body', reasonOf(branch), branch.span);
    return read.some(Boolean);
  }
  if (body.kind !== 'map' || !isDocument(body)) return false;
  const target = condition === undefined ? imported : imported.under(condition);
  if (api.type === restApi) importRest(api, body, target);
  else importHttp(api, body, target);
  const macro = entry(body, 'Fn::Transform');
  if (macro) imported.leave('a part of the Body', 'what the macro adds is not known here', macro.keySpan);
  return true;
}

const reasonOf = (branch: Node): string => (branch.kind === 'unknown' ? branch.reason : 'is no OpenAPI document');

const isDocument = (body: Node): boolean =>
  ['swagger', 'openapi', 'paths', 'Fn::Transform'].some((key) => entry(body, key) !== undefined);
