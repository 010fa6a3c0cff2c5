import { LastOnly, outcomes, type Project, references } from '../../project/index.ts';

/**
 * True when something other than a route may hand the resource on: an Output, or a resource that somebody wrote down (a Parameter
 * Store entry with the authorizer's id, a permission of its own). Then another stack may use it.
 */
export function handedOn(project: Project, id: string): boolean {
  let known = handed.get(project);
  if (!known) {
    known = handedIds(project);
    handed.set(project, known);
  }
  return known.has(id);
}

const handed = new LastOnly<Project, ReadonlySet<string>>();

function handedIds(project: Project): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { context, node } of project.configuration) if (context === 'output') references(node, found);
  for (const resource of project.resources.values()) {
    if (resource.generated || partsOfApis.has(resource.type)) continue;
    for (const id of references(resource.properties)) if (id !== resource.id) found.add(id);
  }
  return found;
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
