import type { ValueSource } from '../../../project/index.ts';
import { type Call, type Outcome, undecided } from './scope.ts';

interface Remote {
  readonly source: ValueSource;
  readonly reason: string;
}

/**
 * Sources that are read over the network or from tools when the service is packaged. A value that exists there wins over a fallback,
 * so the fallback does not decide it either.
 */
const remotes: Readonly<Record<string, Remote>> = {
  ssm: { source: 'ssm', reason: 'comes from Parameter Store when it is deployed' },
  cf: { source: 'cf', reason: 'is an output of another stack, read when it is deployed' },
  s3: { source: 's3', reason: 'comes from an S3 object when it is deployed' },
  aws: { source: 'aws', reason: 'is known only with the AWS account that it is deployed to' },
  vault: { source: 'vault', reason: 'comes from HashiCorp Vault when it is deployed' },
  terraform: { source: 'terraform', reason: 'comes from the Terraform state when it is deployed' },
  output: { source: 'other', reason: 'is an output of another service, read when it is deployed' },
  state: { source: 'other', reason: 'is state of another service, read when it is deployed' },
  secrets: { source: 'other', reason: 'comes from the secrets of the Serverless Dashboard when it is deployed' },
  doppler: { source: 'other', reason: 'comes from Doppler when it is deployed' },
  git: { source: 'other', reason: 'comes from the state of the git repository when it is deployed' },
};

/** `cf.us-east-1:stack.Output` and `ssm.eu-west-1:/path` are the spellings of v1 and v2 with a region. */
export function remoteValue(given: Call): Outcome {
  const call = throughAccount(given);
  const dot = call.type.indexOf('.');
  const type = dot === -1 ? call.type : call.type.slice(0, dot);
  const known = Object.hasOwn(remotes, type) ? remotes[type] : undefined;
  const { source, reason } =
    known ??
    ({ source: 'plugin', reason: `comes from the variable source \`${type}\`, which a plugin provides` } as const);
  const address = known
    ? source === 'ssm'
      ? call.address.replace(/~(?:true|false|split)$/, '')
      : call.address
    : call.raw;
  const shown = source === 'ssm' && address.startsWith('/aws/reference/secretsmanager/') ? fromSecretsManager : reason;
  return { value: undecided(source, shown, call.span), source, address: source === 'other' ? call.raw : address };
}

const fromSecretsManager = 'comes from Secrets Manager when it is deployed';

/**
 * v4 also asks for these through an account: `${aws:ssm:/path}`, or the name that `stages.<stage>.resolvers` gives to one
 * (https://www.serverless.com/framework/docs/guides/variables/aws).
 */
function throughAccount(call: Call): Call {
  const [, type, address] = /^(ssm|cf|s3):(.*)$/s.exec(call.address) ?? [];
  if (type === undefined || address === undefined) return call;
  return { ...call, type, address, shownAddress: address };
}
