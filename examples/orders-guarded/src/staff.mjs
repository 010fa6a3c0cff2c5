import { createHash, timingSafeEqual } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

const secrets = new SecretsManagerClient({});

/** Basic authentication (RFC 7617) for staff. The policy names the routes of staff and no others; it is cached for all of them. */
export async function authorize(event) {
  const [scheme, encoded = ''] = (event.authorizationToken ?? '').split(' ');
  if (scheme.toLowerCase() !== 'basic') throw new Error('Unauthorized');
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.STAFF_USERS_SECRET }));
  const { user, password } = JSON.parse(SecretString);
  // Digests have one length, so the comparison takes the same time whatever was sent.
  const digest = (text) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(Buffer.from(encoded, 'base64').toString()), digest(`${user}:${password}`)))
    throw new Error('Unauthorized');
  const [arn] = event.methodArn.split('/');
  const [, stage] = event.methodArn.split('/');
  return {
    principalId: user,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: `${arn}/${stage}/DELETE/orders/*` }],
    },
  };
}
