import { type Node, outcomes, type Project } from '../../project/index.ts';

/** True when a value anywhere below the node is a reference (`Ref`, `Fn::GetAtt`, inside `Fn::Sub` too) to the resource. */
function mentions(node: Node, id: string): boolean {
  switch (node.kind) {
    case 'reference':
      return node.id === id;
    case 'map':
      return node.entries.some(({ value }) => mentions(value, id));
    case 'list':
      return node.items.some((item) => mentions(item, id));
    case 'either':
      return node.branches.some((branch) => mentions(branch, id));
    case 'text':
      return node.parts.some((part) => typeof part !== 'string' && mentions(part, id));
    default:
      return false;
  }
}

/**
 * True when something other than a route may hand the resource on: an Output, or a resource that somebody wrote down (a Parameter
 * Store entry with the authorizer's id, a permission of its own). Then another stack may use it.
 */
export function handedOn(project: Project, id: string): boolean {
  for (const { context, node } of project.configuration) if (context === 'output' && mentions(node, id)) return true;
  for (const resource of project.resources.values()) {
    if (resource.id === id || resource.generated || partsOfApis.has(resource.type)) continue;
    if (mentions(resource.properties, id)) return true;
  }
  return false;
}

/** Read into the model: what they refer to is known from there. */
const partsOfApis: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Deployment',
]);

/** True when an authorizer of the project runs the function, whether it refers to it or spells its name out in an ARN. */
export function runsAsAuthorizer(project: Project, functionId: string, name: string): boolean {
  return project.authorizers.some((authorizer) =>
    authorizer.function
      ? outcomes(authorizer.function).some(
          (link) =>
            link.kind === 'unknown' ||
            (link.value.kind === 'local' ? link.value.id === functionId : link.value.name.includes(name)),
        )
      : false,
  );
}
