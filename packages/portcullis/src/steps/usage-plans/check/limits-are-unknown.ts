import type { Rule } from '../../../contract/index.ts';
import { type Api, type Project, type Route, undecided } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { keyRequired, planGate, routeName, stagesLieElsewhere } from '../facts.ts';

export const limitsAreUnknown: Rule = {
  id: 'usage-plans/limits-are-unknown',
  step: 'usage-plans',
  severity: 'note',
  title: 'Cannot decide which limits apply',
  attack:
    'What limits the callers lies outside the files: in a parameter, in another stack, in a definition that was not read. Nobody who reviews these files can see whether there is a limit, and a change elsewhere removes it without a trace here.',
  fix: {
    serverless: `provider:
  apiGateway:
    usagePlan:                              # values that the file itself holds can be checked
      throttle: { rateLimit: 50, burstLimit: 100 }`,
    cloudformation: `PartnerPlan:
  Type: AWS::ApiGateway::UsagePlan
  Properties:
    ApiStages:
      - ApiId: !Ref RestApi                 # resources of this template can be checked
        Stage: !Ref ProdStage`,
  },
  docs: [docs.usagePlans, docs.throttling],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-1059'] },
  *check(project) {
    for (const plan of project.usagePlans) {
      for (const stage of plan.stages) {
        const [unknown] = undecided(stage.api);
        if (!unknown) continue;
        yield {
          message: `Which API the usage plan ${plan.name ?? plan.id} covers cannot be told: ${because(unknown.reason)}.`,
          span: stage.span,
          subject: plan.id,
          state: 'unknown',
        };
      }
    }
    for (const api of project.apis) {
      const [route, ...others] = api.routes.filter((one) => planGate(project, api, one).state === 'unknown');
      const why = route && whyUnknown(project, api, route);
      if (route === undefined || why === undefined) continue;
      yield {
        message: `Which limits apply to ${routeName(route)} cannot be told: ${why}.`,
        span: route.span,
        subject: api.id,
        route: route.id,
        state: 'unknown',
        together: others.map(({ span }) => span),
      };
    }
    const [first, ...others] = project.unread.filter(({ steps }) => steps.includes('usage-plans'));
    if (!first) return;
    const more =
      others.length === 0 ? '' : ` (and ${others.length} more ${others.length === 1 ? 'part' : 'parts'} not read)`;
    yield {
      message: `Keys, plans or limits may be missing from this report: ${first.what}: ${first.reason}${more}.`,
      span: first.span,
      subject: 'unread',
      state: 'unknown',
      together: others.map(({ span }) => span),
      related: others.slice(0, 20).map(({ what, reason, span }) => ({ message: `${what}: ${reason}`, span })),
    };
  },
};

/** Undefined where another rule says why: a route that needs a key which no plan covers, a plan on a condition. */
function whyUnknown(project: Project, api: Api, route: Route): string | undefined {
  if (api.kind === 'url') return 'its function is not made by these files';
  if (stagesLieElsewhere(project, api)) return 'its API, with stages and plans, belongs to another stack';
  return keyRequired(route) === null ? 'the files do not decide whether it asks for a key' : undefined;
}

/** Most reasons speak of "it"; one about another resource names it. */
function because(reason: string): string {
  return / exists only when /.test(reason) ? reason : `it ${reason}`;
}
