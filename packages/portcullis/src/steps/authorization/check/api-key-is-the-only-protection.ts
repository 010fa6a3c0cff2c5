import type { Rule } from '../../../contract/index.ts';
import { type Route, undecided } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { standings } from '../facts.ts';
import { inOwnWords } from '../own-words.ts';
import { routeName } from '../routes.ts';
import { samFix, samRestFix } from '../sam-words.ts';

const serverlessFix = `functions:
  createOrder:
    events:
      - http:
          method: post
          path: orders
          private: true                     # keep the key for metering
          authorizer:                       # and ask who is calling
            type: COGNITO_USER_POOLS
            authorizerId: !Ref ApiAuthorizer`;

const templateFix = `CreateOrderMethod:
  Type: AWS::ApiGateway::Method
  Properties:
    ApiKeyRequired: true                    # keep the key for metering
    AuthorizationType: COGNITO_USER_POOLS   # and ask who is calling
    AuthorizerId: !Ref ApiAuthorizer`;

export const apiKeyIsTheOnlyProtection: Rule = {
  id: 'authorization/api-key-is-the-only-protection',
  step: 'authorization',
  severity: 'warning',
  title: 'API key is the only protection',
  attack:
    'An API key names a client for metering; it is no credential. It is the same for every user of that client, does not expire, travels in each request and ends in apps, scripts and logs. A key that is valid for one API of a usage plan opens every API of the plan. Whoever finds one is in, and nobody can tell who it was.',
  fix: {
    serverless: serverlessFix,
    cloudformation: templateFix,
    sam: samRestFix,
  },
  docs: [docs.usagePlans, docs.restAccess],
  mappings: { fsbp: [], owasp: ['API2:2023'], cwe: ['CWE-306', 'CWE-798'] },
  *check(project) {
    let fix: string | undefined;
    for (const { api, route, standing } of standings(project)) {
      if (standing.verdict !== 'key') continue;
      fix ??= project.format === 'sam' ? samFix(project, api, route) : undefined;
      fix ??= inOwnWords(project, api, route, project.format === 'serverless' ? serverlessFix : templateFix);
      yield {
        message: `${routeName(route)} ${asks(route)}; a key tells clients apart, it does not authorize them.`,
        span: route.span,
        subject: route.id,
        route: route.id,
        fix,
      };
    }
  },
};

function asks({ apiKeyRequired }: Route): string {
  const [unknown] = undecided(apiKeyRequired);
  return unknown
    ? `asks for an API key at most (the setting ${unknown.reason})`
    : 'asks for an API key and for nothing else';
}
