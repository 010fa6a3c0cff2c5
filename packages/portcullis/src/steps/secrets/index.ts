import type { Step } from '../../contract/index.ts';
import { decryptsWithEveryKey } from './check/decrypts-with-every-key.ts';
import { environmentWithoutCustomerKey } from './check/environment-without-customer-key.ts';
import { literalSecret } from './check/literal-secret.ts';
import { noEchoMissing } from './check/no-echo-missing.ts';
import { roleReadsEverySecret } from './check/role-reads-every-secret.ts';
import { secretInCustomOrParams } from './check/secret-in-custom-or-params.ts';
import { secretInOutput } from './check/secret-in-output.ts';
import { secretInParameterDefault } from './check/secret-in-parameter-default.ts';
import { secretInTemplateThroughVariable } from './check/secret-in-template-through-variable.ts';
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
  ],
  applies: (project) => project.functions.length > 0 || project.resources.size > 0,
  sensitive,
  sensitiveText,
  provision: { notYet: 'the secrets part of the portcullis block' },
  gate: { notYet: 'Parameter Store, Secrets Manager and KMS are not answered on this machine yet' },
  probes: { notYet: 'reading the configuration of deployed functions' },
};
