import {
  get,
  type Node,
  outcomes,
  type PolicyStatement,
  type Project,
  possibilities,
  type Role,
  references,
  sometimes,
  textOf,
} from '../../project/index.ts';
import type { Judged } from './facts.ts';

// A bucket that all services share keeps them apart only when each role is held to its own prefix: the key of an upload is
// `<deploymentPrefix>/<service>/<stage>/...`, and `serverless` is the prefix of everybody.

/** Names of the bucket, and of nothing else: buckets of pipelines are called artifacts, and belong to one pipeline. */
export function isShared({ made, name, subject }: Judged): boolean {
  if (made === 'framework') return false;
  return made === 'elsewhere' || made === 'plugin' || /deploy/i.test(`${name} ${subject}`);
}

const objectActions = /^s3:(?:\*|get\*?|put\*?|delete\*?|(?:get|put|delete)object\*?|(?:get|put|delete)object)$/i;

/** True when the statement allows reading or writing objects. */
export function touchesObjects({ effect, actions }: PolicyStatement): boolean {
  if (!sometimes(effect, (value) => value === 'Allow')) return false;
  return actions.some((action) => sometimes(action, (name) => name === '*' || objectActions.test(name)));
}

/** The entry that names every object of the bucket; undefined when prefixes are told apart, or the bucket is not named at all. */
export function allObjectsOf({ resources, conditions }: PolicyStatement, judged: Judged): Node | undefined {
  // Tags of the caller in a condition or a resource hold each service to its own.
  if (
    conditions.some(({ key }) =>
      /^(?:aws:(?:PrincipalTag|ResourceTag)\/.+|s3:(?:prefix|ExistingObjectTag\/.+))$/i.test(key),
    )
  )
    return undefined;
  return resources.find((node) => possibilities(node).some((one) => isWhole(one, judged)));
}

function isWhole(node: Node, { bucket, name }: Judged): boolean {
  const id = bucket?.id;
  if (node.kind === 'text') {
    const marked = node.parts
      .map((part) => (typeof part === 'string' ? part : 'id' in part && part.id === id ? '\uFFFC' : '?'))
      .join('');
    return /^(?:arn:[^:]*:s3:::)?\uFFFC\/(?:serverless\/)?\*$/.test(marked) || marked.endsWith(`:s3:::${name}/*`);
  }
  const text = textOf(node);
  return (
    text !== undefined &&
    /^arn:[^:]*:s3:::/.test(text) &&
    [`${name}/*`, `${name}*`, `${name}/serverless/*`].includes(text.replace(/^arn:[^:]*:s3:::/, ''))
  );
}

/** Services of AWS that deploy for one pipeline; their roles are no roles of a service. */
const pipelines = /codepipeline|codebuild|codedeploy|cloudformation/;

/** True for a role of CodePipeline and its kin. */
export function isOfPipeline(project: Project, role: Role): boolean {
  const trust = get(project.resources.get(role.id)?.properties, 'AssumeRolePolicyDocument');
  return textsOf(trust).some((text) => pipelines.test(text));
}

function textsOf(node: Node | undefined, depth = 0): readonly string[] {
  if (!node || depth > 12) return [];
  if (node.kind === 'map') return node.entries.flatMap(({ value }) => textsOf(value, depth + 1));
  if (node.kind === 'list') return node.items.flatMap((item) => textsOf(item, depth + 1));
  if (node.kind === 'either') return node.branches.flatMap((branch) => textsOf(branch, depth + 1));
  return [textOf(node) ?? ''];
}

/** Roles that functions and containers run with. */
export function runtimeRoles(project: Project): ReadonlySet<string> {
  const links = [
    ...project.functions.map(({ role }) => role),
    ...project.containerServices.flatMap(({ taskRole }) => taskRole ?? []),
  ];
  return new Set(
    links.flatMap((link) =>
      outcomes(link).flatMap((outcome) =>
        outcome.kind === 'known' && outcome.value.kind === 'local' ? [outcome.value.id] : [],
      ),
    ),
  );
}

/** Whom a statement of the bucket policy lets in beside the account itself: `*` with its conditions, or each account, role and user. */
export function lettingIn({ principalNodes, conditions }: PolicyStatement, project: Project): 'everyone' | number {
  let count = 0;
  for (const node of principalNodes ?? []) {
    const text =
      node.kind === 'text' ? node.parts.map((part) => (typeof part === 'string' ? part : '?')).join('') : textOf(node);
    // Without a condition it is open to the world, which another rule says.
    if (text === '*') return conditions.length > 0 ? 'everyone' : 0;
    if (text !== undefined && (/amazonaws\.com/.test(text) || /:iam::\?:root$|cloudfront:user/.test(text))) continue;
    const [id] = references(node);
    const role = id === undefined ? undefined : project.roles.find((one) => one.id === id);
    if (role && isOfPipeline(project, role)) continue;
    if (node.kind === 'unknown' && node.name === 'AWS::AccountId') continue;
    count += 1;
  }
  return count;
}
