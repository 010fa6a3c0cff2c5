import { get, type KmsKey } from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { booleanFact, orDefault } from './facts.ts';
import { statementsOf } from './policy.ts';

/** Customer managed keys of the template. Rotation is off unless EnableKeyRotation says otherwise. */
export function buildKmsKeys(context: BuildContext): readonly KmsKey[] {
  return context.ofType('AWS::KMS::Key', 'AWS::KMS::ReplicaKey').map((resource) => ({
    id: resource.id,
    span: resource.span,
    rotation: orDefault(get(resource.properties, 'EnableKeyRotation'), booleanFact, false),
    policy: statementsOf(get(resource.properties, 'KeyPolicy')),
  }));
}
