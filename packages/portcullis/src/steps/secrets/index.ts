import type { Step } from '../../contract/index.ts';
import { databaseAcceptsPlainConnections } from './check/database-accepts-plain-connections.ts';
import { databaseIsNotEncrypted } from './check/database-is-not-encrypted.ts';
import { databaseIsPublic } from './check/database-is-public.ts';
import { databasePasswordIsAParameter } from './check/database-password-is-a-parameter.ts';
import { decisionHasNoEffect } from './check/decision-has-no-effect.ts';
import { decryptsWithEveryKey } from './check/decrypts-with-every-key.ts';
import { environmentKeyWithoutDecrypt } from './check/environment-key-without-decrypt.ts';
import { environmentWithoutCustomerKey } from './check/environment-without-customer-key.ts';
import { keyDoesNotRotate } from './check/key-does-not-rotate.ts';
import { keyPolicyIsOpen } from './check/key-policy-is-open.ts';
import { literalSecret } from './check/literal-secret.ts';
import { noEchoMissing } from './check/no-echo-missing.ts';
import { roleReadsEverySecret } from './check/role-reads-every-secret.ts';
import { rotationBeforeAttachment } from './check/rotation-before-attachment.ts';
import { rotationWithoutTls } from './check/rotation-without-tls.ts';
import { secretFilesArePacked } from './check/secret-files-are-packed.ts';
import { secretInCustomOrParams } from './check/secret-in-custom-or-params.ts';
import { secretInOutput } from './check/secret-in-output.ts';
import { secretInParameterDefault } from './check/secret-in-parameter-default.ts';
import { secretInTemplateThroughVariable } from './check/secret-in-template-through-variable.ts';
import { secretIsNotRotated } from './check/secret-is-not-rotated.ts';
import { secretKeyWithoutDecrypt } from './check/secret-key-without-decrypt.ts';
import { secretPolicyIsOpen } from './check/secret-policy-is-open.ts';
import { ssmSecureWhereRefused } from './check/ssm-secure-where-refused.ts';
import { sensitive, sensitiveText } from './sensitive.ts';

/** Step 4: what must nobody read? */
export const secrets: Step = {
  id: 'secrets',
  title: 'Secrets',
  question: 'what must nobody read?',
  rules: [
    literalSecret,
    secretInParameterDefault,
    secretInOutput,
    ssmSecureWhereRefused,
    secretInTemplateThroughVariable,
    secretInCustomOrParams,
    noEchoMissing,
    roleReadsEverySecret,
    decryptsWithEveryKey,
    environmentWithoutCustomerKey,
    keyPolicyIsOpen,
    secretPolicyIsOpen,
    secretFilesArePacked,
    environmentKeyWithoutDecrypt,
    secretKeyWithoutDecrypt,
    rotationBeforeAttachment,
    rotationWithoutTls,
    databaseIsPublic,
    databaseIsNotEncrypted,
    databaseAcceptsPlainConnections,
    databasePasswordIsAParameter,
    secretIsNotRotated,
    keyDoesNotRotate,
    decisionHasNoEffect,
  ],
  applies: (project) => project.functions.length > 0 || project.resources.size > 0,
  sensitive,
  sensitiveText,
  provision: { notYet: 'the secrets part of the portcullis block' },
  gate: { notYet: 'Parameter Store, Secrets Manager and KMS are not answered on this machine yet' },
  probes: { notYet: 'reading the configuration of deployed functions' },
};
