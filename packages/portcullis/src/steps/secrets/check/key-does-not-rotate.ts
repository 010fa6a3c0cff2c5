import type { Observation, Rule } from '../../../contract/index.ts';
import { always, type Project, sometimes } from '../../../project/index.ts';

export const keyDoesNotRotate: Rule = {
  id: 'secrets/key-does-not-rotate',
  step: 'secrets',
  // Good practice and no door: nobody gets in through a key that is a year old.
  severity: 'note',
  title: 'Customer managed key is not rotated',
  attack:
    'One key encrypts everything for as long as it exists, so that material which leaks once opens all of it, old and new. With rotation KMS makes new material each year, keeps the old for decryption, and nothing else changes.',
  fix: {
    serverless: `resources:
  Resources:
    OrdersKey:
      Type: AWS::KMS::Key
      Properties:
        EnableKeyRotation: true`,
    cloudformation: `OrdersKey:
  Type: AWS::KMS::Key
  Properties:
    EnableKeyRotation: true`,
  },
  docs: [
    {
      title: 'Rotate AWS KMS keys',
      url: 'https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html',
    },
    {
      title: 'Security Hub controls for AWS KMS',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html',
    },
  ],
  mappings: { fsbp: ['KMS.4'], owasp: [], cwe: ['CWE-324'] },
  *check(project: Project): Iterable<Observation> {
    for (const { id, span, rotation, rotatable } of project.kmsKeys) {
      if (!rotatable || !always(rotatable, (value) => value)) continue;
      if (!sometimes(rotation, (on) => !on)) continue;
      yield { message: `The key ${id} is not rotated.`, span, subject: id };
    }
  },
};
