import type { Observation, Rule } from '../../../contract/index.ts';
import { type Api, type Authorizer, type CorsGrant, type Project, sometimes } from '../../../project/index.ts';
import { mayLeadTo } from '../routes.ts';

export const corsSharesCredentialsWithEveryOrigin: Rule = {
  id: 'authorization/cors-shares-credentials-with-every-origin',
  step: 'authorization',
  severity: 'warning',
  title: 'CORS allows credentials to every origin',
  attack:
    'A page of the attacker that a signed-in user happens to open sends requests to the API, the browser adds the cookies of the API, and with the answer to `credentials` the page reads what comes back. Where the answer is a literal `*`, browsers refuse the pair; the usual repair, to answer with whatever origin asks, is the hole itself.',
  fix: {
    serverless: `provider:
  httpApi:
    cors:
      allowedOrigins: [https://app.example.com]   # by name; or leave allowCredentials out
      allowCredentials: true`,
    cloudformation: `HttpApi:
  Type: AWS::ApiGatewayV2::Api
  Properties:
    CorsConfiguration:
      AllowOrigins: [https://app.example.com]     # by name; or leave AllowCredentials out
      AllowCredentials: true`,
    sam: `HttpApi:
  Type: AWS::Serverless::HttpApi
  Properties:
    CorsConfiguration:
      AllowOrigins: [https://app.example.com]     # by name; or leave AllowCredentials out
      AllowCredentials: true`,
  },
  docs: [
    {
      title: 'API Gateway: configure CORS for HTTP APIs',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html',
    },
    {
      title: 'API Gateway: CORS for REST APIs',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-942'] },
  *check(project) {
    for (const api of project.apis) {
      if (api.cors) yield* ofApi(project, api, api.cors);
    }
  },
};

const mostRelated = 5;

/** One finding for an API: preflights are written once for every path. */
function* ofApi(project: Project, api: Api, grants: readonly CorsGrant[]): Generator<Observation> {
  const wrong = grants.filter((grant) => sometimes(grant.credentials, (allowed) => allowed) && isForEverybody(grant));
  // Browsers refuse `*` with credentials; the caller's own origin as the answer is what lets every page in.
  const worst = wrong.find(({ reflects }) => reflects) ?? wrong[0];
  if (!worst) return;
  const effective = worst.reflects;
  const cookies = effective && project.authorizers.some((one) => readsCookie(one) && mayLeadTo(one.api, api.id));
  const name = api.name ?? api.id;
  yield {
    message: effective
      ? `CORS of ${name} allows credentials to every origin: any page may call it with a user's cookies and read the answers.`
      : `CORS of ${name} answers \`*\` and allows credentials: browsers refuse the pair, and a page that needs them will not work until origins are named.`,
    span: worst.span,
    subject: api.id,
    related: wrong
      .filter((grant) => grant !== worst)
      .slice(0, mostRelated)
      .map(({ span }) => ({ message: 'the same here', span })),
    // The API's own authorizer takes a cookie, which the browser adds by itself.
    ...(cookies ? { severity: 'error' as const, state: 'open' as const } : {}),
  };
}

/** A fixed answer of `*`, or the caller's own origin as the answer to everybody. */
function isForEverybody({ reflects, source, origins }: CorsGrant): boolean {
  return sometimes(origins, (list) =>
    list.some((origin) =>
      // A template that compares the origin with a literal `*` lets nobody in by it.
      origin === '*' ? !reflects || source === 'configuration' : reflects && everybody.test(origin),
    ),
  );
}

/** `*`, `https://*`, and regular expressions that match every origin. */
const everybody = /^\s*\^?\(?(?:https?[?+]?:\/\/)?\(?(?:\*|\.[*+]\??)\)?\$?\s*$/i;

function readsCookie({ identitySources }: Authorizer): boolean {
  return sometimes(identitySources, (sources) => sources.some((source) => /\.header\.cookie$/i.test(source)));
}
