import type { Observation, Rule } from '../../../contract/index.ts';
import { type Api, always, outcomes, type Route, sometimes } from '../../../project/index.ts';
import { keyRequired, routeName } from '../facts.ts';

export const keySourceIsAuthorizer: Rule = {
  id: 'usage-plans/key-source-is-authorizer',
  step: 'usage-plans',
  severity: 'warning',
  title: 'API key comes from an authorizer, and the route has none that gives one',
  attack:
    'With the source AUTHORIZER the key is what a Lambda authorizer returns as usageIdentifierKey; the header x-api-key is not read. ' +
    'A route whose authorizer returns none refuses everybody, until somebody takes the key off the route to make it work: then no ' +
    'plan limits it. An authorizer that returns one key for all callers makes one limit for all of them.',
  fix: {
    serverless: `provider:
  apiGateway:
    apiKeySourceType: AUTHORIZER
functions:
  createOrder:
    events:
      - http:
          method: post
          path: orders
          private: true
          authorizer: clients               # a Lambda authorizer that returns usageIdentifierKey`,
    cloudformation: `CreateOrderMethod:
  Type: AWS::ApiGateway::Method
  Properties:
    ApiKeyRequired: true
    AuthorizationType: CUSTOM               # a Lambda authorizer that returns usageIdentifierKey
    AuthorizerId: !Ref ClientsAuthorizer`,
  },
  docs: [
    {
      title: 'API Gateway: choose an API key source',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html',
    },
    {
      title: 'Output from an API Gateway Lambda authorizer',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API8:2023'], cwe: ['CWE-770'] },
  *check(project) {
    for (const api of project.apis) {
      if (!sometimes(api.keySource, (source) => source === 'AUTHORIZER')) continue;
      const needing = api.routes.filter((route) => keyRequired(route) === true && !route.preflight);
      yield* judge(api, needing);
    }
  },
};

/** One finding for the routes without a Lambda authorizer, and one question about the authorizer of the others. */
function* judge(api: Api, needing: readonly Route[]): Generator<Observation> {
  const without = needing.filter((route) =>
    always(route.authorization, (guard) => guard.kind !== 'authorizer' || guard.type !== 'lambda'),
  );
  const [first] = without;
  if (first) {
    const others = without.length - 1;
    const more = others === 0 ? '' : ` and ${others} more ${others === 1 ? 'route' : 'routes'}`;
    yield {
      message: `${routeName(first)}${more} of ${api.name ?? api.id} need a key from a Lambda authorizer and have none: they refuse everybody, and the header x-api-key is not read.`,
      span: first.span,
      subject: `${api.id} without`,
      // Nobody gets in: no gate is open because of it.
      state: 'closed',
    };
  }
  const asked = needing.find((route) =>
    outcomes(route.authorization).some(
      (guard) => guard.kind === 'known' && guard.value.kind === 'authorizer' && guard.value.type === 'lambda',
    ),
  );
  if (!asked) return;
  yield {
    message: `The API keys of ${api.name ?? api.id} come from its Lambda authorizer: who is limited how is decided by what that returns.`,
    span: asked.span,
    subject: `${api.id} question`,
    severity: 'note',
    question: 'Does the authorizer return a usageIdentifierKey of its own for each client?',
  };
}
