import { type Fact, get, type KmsKey, known, mapFact, type Resource } from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { booleanFact, orDefault, textFact } from './facts.ts';
import { statementsOf } from './policy.ts';

/** Customer managed keys of the template. Rotation is off unless EnableKeyRotation says otherwise. */
export function buildKmsKeys(context: BuildContext): readonly KmsKey[] {
  return context.ofType('AWS::KMS::Key', 'AWS::KMS::ReplicaKey').map((resource) => ({
    id: resource.id,
    span: resource.span,
    rotation: orDefault(get(resource.properties, 'EnableKeyRotation'), booleanFact, false),
    rotatable: rotatable(resource),
    policy: statementsOf(get(resource.properties, 'KeyPolicy')),
  }));
}

/** KMS rotates symmetric encryption keys whose material it made; a replica follows its primary (KMS Developer Guide, "Rotate AWS KMS keys"). */
function rotatable({ type, properties }: Resource): Fact<boolean> {
  if (type !== 'AWS::KMS::Key') return known(false);
  for (const [name, needed] of [
    ['KeySpec', 'SYMMETRIC_DEFAULT'],
    ['KeyUsage', 'ENCRYPT_DECRYPT'],
    ['Origin', 'AWS_KMS'],
  ] as const) {
    const written = orDefault(get(properties, name), textFact, needed);
    const fits = mapFact(written, (value) => value === needed);
    if (fits.kind !== 'known' || !fits.value) return fits;
  }
  return known(true);
}
