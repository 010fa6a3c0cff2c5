import type { Observation, Rule } from '../../../contract/index.ts';
import type { Api, MethodThrottle, Project } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { linksTo, stagesLieElsewhere, withoutSlash } from '../facts.ts';

export const throttleForUnknownRoute: Rule = {
  id: 'usage-plans/throttle-for-unknown-route',
  step: 'usage-plans',
  severity: 'warning',
  title: 'Throttle names a route that the API does not have',
  attack:
    'The limit was written for a route that needs one, a login or an export, and its path is misspelt or the route was renamed. It ' +
    'never applies: the route takes as many requests as the rest of the stage, or the account, allows, and whoever reviews the file ' +
    'sees a limit.',
  fix: {
    serverless: `resources:
  Resources:
    PartnerPlan:
      Type: AWS::ApiGateway::UsagePlan
      Properties:
        ApiStages:
          - ApiId: !Ref ApiGatewayRestApi
            Stage: \${sls:stage}
            Throttle:
              /orders/POST: { RateLimit: 5, BurstLimit: 10 }   # path and method as the API has them`,
    cloudformation: `PartnerPlan:
  Type: AWS::ApiGateway::UsagePlan
  Properties:
    ApiStages:
      - ApiId: !Ref RestApi
        Stage: !Ref ProdStage
        Throttle:
          /orders/POST: { RateLimit: 5, BurstLimit: 10 }       # path and method as the API has them`,
  },
  docs: [docs.throttling, docs.usagePlans],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API8:2023'], cwe: ['CWE-770'] },
  *check(project) {
    for (const api of project.apis) {
      const throttles = throttlesOf(project, api);
      // Routes that lie elsewhere, or were not read, may be the ones that are meant.
      if (throttles.length === 0 || routesMayBeMissing(project, api)) continue;
      const routes = methodsByPath(api);
      let told = 0;
      for (const { throttle, owner } of throttles) {
        const reason = mismatch(routes, throttle);
        if (reason === undefined) continue;
        told += 1;
        yield observation(api, owner, throttle, reason, told <= mostHints);
      }
    }
  },
};

/** Looking for the path that was meant goes through all routes. */
const mostHints = 20;

interface Owned {
  readonly throttle: MethodThrottle;
  /** "Usage plan gold" or "Stage prod". */
  readonly owner: string;
}

/** Throttles of the API's stages and of the plans that cover it; those for all paths match nothing below. */
function throttlesOf(project: Project, api: Api): readonly Owned[] {
  const ofPlans = project.usagePlans.flatMap((plan) =>
    plan.stages
      .filter((stage) => linksTo(stage.api, api.id))
      .flatMap((stage) =>
        stage.throttles.map((throttle) => ({ throttle, owner: `The usage plan ${plan.name ?? plan.id}` })),
      ),
  );
  const ofStages = api.stages.flatMap((stage) =>
    stage.throttles.map((throttle) => ({ throttle, owner: `The stage ${stage.id}` })),
  );
  return [...ofPlans, ...ofStages];
}

function routesMayBeMissing(project: Project, api: Api): boolean {
  return (
    api.routes.length === 0 ||
    api.unreadRoutes.length > 0 ||
    stagesLieElsewhere(project, api) ||
    project.unread.some(({ hides }) => hides === 'resources')
  );
}

interface Routes {
  readonly methods: ReadonlyMap<string, ReadonlySet<string>>;
  /** True when some path is put together when it is deployed: any other may be that one. */
  readonly open: boolean;
}

function methodsByPath(api: Api): Routes {
  const methods = new Map<string, Set<string>>();
  for (const route of api.routes) {
    const path = withoutSlash(route.path);
    methods.set(path, (methods.get(path) ?? new Set()).add(route.method));
  }
  return { methods, open: api.routes.some(({ path }) => path.includes('${') || /\{[A-Z]/.test(path)) };
}

/** What is wrong with the throttle's route; undefined when the API has it, or it cannot be told. */
function mismatch(routes: Routes, { path, method }: MethodThrottle): 'path' | 'method' | undefined {
  if (/\$\{|[?*]/.test(path) || method.includes('${')) return undefined;
  const methods = routes.methods.get(withoutSlash(path));
  if (!methods) return routes.open ? undefined : 'path';
  if (method === '*' || method === 'ANY' || methods.has(method) || methods.has('ANY')) return undefined;
  return [...methods].some((one) => one.includes('$')) ? undefined : 'method';
}

function observation(
  api: Api,
  owner: string,
  throttle: MethodThrottle,
  reason: 'path' | 'method',
  hints: boolean,
): Observation {
  const route = `${throttle.method === '*' ? '' : `${throttle.method} `}${throttle.path}`;
  const near = reason === 'path' && hints ? nearest(api, throttle.path) : undefined;
  const what = `${owner} has a throttle for ${route}, and ${api.name ?? api.id} has no such ${reason === 'path' ? 'route' : 'method there'}: it never applies.`;
  return {
    message: near === undefined ? what : `${what} Is ${near} meant?`,
    span: throttle.span,
    subject: `${owner} ${api.id} ${throttle.method} ${throttle.path}`,
  };
}

/** A path of the API that differs in letter case, slashes or its last letters. */
function nearest(api: Api, path: string): string | undefined {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replaceAll(/\{[^}]*\}/g, '{}')
      .replaceAll(/[/_-]/g, '');
  const wanted = plain(path);
  const routes = api.routes.map((route) => route.path);
  return (
    routes.find((candidate) => plain(candidate) === wanted) ??
    routes.find(
      (candidate) => Math.abs(plain(candidate).length - wanted.length) <= 2 && shareStart(plain(candidate), wanted),
    )
  );
}

function shareStart(one: string, other: string): boolean {
  const length = Math.max(3, Math.min(one.length, other.length) - 2);
  return one.slice(0, length) === other.slice(0, length);
}
