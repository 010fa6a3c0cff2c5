import type { Observation, Rule } from '../../../contract/index.ts';
import type { FunctionCode } from '../../../project/index.ts';
import { have, openHandlers, readAuthorizers, routeNames } from '../code.ts';
import { docs } from '../docs.ts';
import { reaching } from '../reaching.ts';

const fix = `// aws-jwt-verify checks signature, issuer, expiry and client of a Cognito token:
import { CognitoJwtVerifier } from 'aws-jwt-verify';
const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse: 'access' });
const claims = await verifier.verify(token);
// x-amzn-oidc-data: AlbJwtVerifier of the same package, with the ARN of the load balancer as albArn`;

export const tokenIsNotVerified: Rule = {
  id: 'authorization/token-is-not-verified',
  step: 'authorization',
  severity: 'error',
  title: 'Code believes a token without checking its signature',
  attack:
    'Decoding a JWT shows what somebody wrote into it; only the signature shows who. Anybody writes a token with the user name or role of their choice, sends it in the header, and is that user. No credential of any kind is needed.',
  fix: { serverless: fix, cloudformation: fix },
  docs: [
    {
      title: 'Amazon Cognito: verifying JSON web tokens',
      url: 'https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html',
    },
    docs.loadBalancerLogin,
    { title: 'RFC 8725: JSON Web Token Best Current Practices', url: 'https://www.rfc-editor.org/rfc/rfc8725' },
  ],
  mappings: { fsbp: [], owasp: ['API2:2023'], cwe: ['CWE-347', 'CWE-345'] },
  *check(project) {
    const told = new Set<string>();
    for (const { function: fn, code } of readAuthorizers(project)) {
      if (told.has(fn.id)) continue;
      told.add(fn.id);
      yield* observed(
        code,
        fn.id,
        (header) =>
          `The authorizer function ${fn.name} reads the claims of the token in \`${header}\` and nothing in its code checks the signature.`,
      );
    }
    for (const { function: fn, code, open } of openHandlers(project)) {
      if (told.has(fn.id)) continue;
      const [first] = open;
      for (const one of observed(
        code,
        fn.id,
        (header) =>
          `${fn.name} reads the claims of the token in \`${header}\`; nothing in its code checks the signature, and ${routeNames(open)} ${have(open)} no authorizer that would.`,
      ))
        yield first ? { ...one, ...pathOf(reaching(project, first.route)) } : one;
    }
  },
};

const pathOf = ({ path, rank }: { readonly path: readonly string[]; readonly rank: number }) => ({ path, rank });

function* observed(
  { decodes, mayVerify }: FunctionCode,
  id: string,
  message: (header: string) => string,
): Iterable<Observation> {
  const [first, ...others] = decodes;
  if (!first || mayVerify) return;
  yield {
    message: message(first.header),
    span: first.span,
    subject: `${id} ${first.header}`,
    related: others.slice(0, 4).map(({ span }) => ({ message: 'here too', span })),
  };
}
