import {
  get,
  type Link,
  type Node,
  type Resource,
  references,
  type Secret,
  type SecretAttachment,
  type SecretRotation,
  valueOf,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { booleanFact, linkFact, optional, orDefault, textFact } from './facts.ts';
import { nameOf } from './names.ts';
import { statementsOf } from './policy.ts';
import { links, present, someText } from './values.ts';

const attachmentType = 'AWS::SecretsManager::SecretTargetAttachment';

/** Secrets of the template, each with the resources that name it: by logical id, through an attachment of it, or by its name. */
export function buildSecrets(context: BuildContext): readonly Secret[] {
  const resources = context.ofType('AWS::SecretsManager::Secret');
  if (resources.length === 0) return [];
  const attachments = bySecret(context, attachmentType);
  const rotations = bySecret(context, 'AWS::SecretsManager::RotationSchedule');
  const policies = bySecret(context, 'AWS::SecretsManager::ResourcePolicy');
  return resources.map((resource) => {
    const { id, span, properties } = resource;
    const name = someText(get(properties, 'Name'));
    const of = (found: ReadonlyMap<string, readonly Resource[]>): readonly Resource[] => [
      ...(found.get(id) ?? []),
      ...(name === undefined ? [] : (found.get(`name:${name}`) ?? [])),
    ];
    const attached = of(attachments);
    const generate = present(get(properties, 'GenerateSecretString'));
    return {
      id,
      name: nameOf(get(properties, 'Name')),
      span,
      kmsKey: optional(get(properties, 'KmsKeyId'), linkFact),
      generated: generate !== undefined,
      text: present(get(properties, 'SecretString')) ?? present(get(generate, 'SecretStringTemplate')),
      policy: of(policies).flatMap(policyOf),
      attachments: attached.map(attachmentOf),
      rotations: of(rotations).map((rotation) => rotationOf(rotation, attached)),
    };
  });
}

/** Resources of a type by the secret that they name; `Ref` of an attachment is the ARN of its secret. */
function bySecret(context: BuildContext, type: string): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const resource of context.ofType(type)) {
    for (const key of new Set(secretKeys(context, get(resource.properties, 'SecretId')))) {
      const same = found.get(key);
      if (same) same.push(resource);
      else found.set(key, [resource]);
    }
  }
  return found;
}

function secretKeys(context: BuildContext, node: Node | undefined): readonly string[] {
  return links(node).flatMap((link) => {
    if (link.kind === 'external') return [`name:${link.name}`];
    const attachment = context.resources.get(link.id);
    if (attachment?.type !== attachmentType) return [link.id];
    // An attachment names a secret, never another attachment: one step is enough.
    return links(get(attachment.properties, 'SecretId')).map((inner: Link) =>
      inner.kind === 'local' ? inner.id : `name:${inner.name}`,
    );
  });
}

/** With BlockPublicPolicy Secrets Manager refuses to attach a policy that lets everyone in. */
function policyOf({ properties, condition }: Resource): Secret['policy'] {
  const blocks = orDefault(get(properties, 'BlockPublicPolicy'), booleanFact, false);
  return valueOf(blocks) === true ? [] : statementsOf(get(properties, 'ResourcePolicy'), condition);
}

function attachmentOf({ id, span, properties }: Resource): SecretAttachment {
  const target = get(properties, 'TargetId');
  return { id, span, target: target ? linkFact(target) : { kind: 'unknown', reason: 'is not written', span } };
}

function rotationOf({ id, span, properties, dependsOn }: Resource, attached: readonly Resource[]): SecretRotation {
  const mentioned = references(properties);
  return {
    id,
    span,
    afterAttachment: attached.some((one) => mentioned.has(one.id) || dependsOn.includes(one.id)),
    hosted: optional(get(get(properties, 'HostedRotationLambda'), 'RotationType'), textFact),
    immediately: orDefault(get(properties, 'RotateImmediatelyOnUpdate'), booleanFact, true),
  };
}
