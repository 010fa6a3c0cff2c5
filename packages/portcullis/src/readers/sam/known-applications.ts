import { entries, get, type Node, stringOf } from '../../project/index.ts';
import type { Template } from '../cloudformation/template.ts';

/**
 * The rotation functions that AWS publishes in the AWS Serverless Application Repository, in each partition from an account of its own. The CDK
 * puts one into every stack that calls `addRotationSingleUser`. Such an application is a function, its role and the permission for
 * Secrets Manager (Secrets Manager User Guide, "AWS Secrets Manager rotation function templates"): no API, no key, no web ACL.
 */
const rotation =
  /^arn:aws[a-z-]{0,12}:serverlessrepo:[a-z0-9-]{1,30}:(?:297356227824|193023089310|023102451235):applications\/SecretsManager[A-Za-z]{1,40}Rotation(?:Single|Multi)User$/;

export function isRotationByAws(template: Template, applicationId: Node | undefined): boolean {
  const ids = idsOf(template, applicationId);
  return ids.length > 0 && ids.every((id) => id !== undefined && rotation.test(id));
}

/** The id as it is written, or all that a mapping offers: the CDK looks it up by partition. */
function idsOf(template: Template, node: Node | undefined): readonly (string | undefined)[] {
  const written = stringOf(node);
  if (written !== undefined) return [written];
  const keys = get(node, 'Fn::FindInMap');
  if (keys?.kind !== 'list') return [];
  const [map, , column] = keys.items.map((key) => stringOf(key));
  if (map === undefined || column === undefined) return [];
  return entries(get(template.mappings, map)).map(({ value }) => stringOf(get(value, column)));
}
