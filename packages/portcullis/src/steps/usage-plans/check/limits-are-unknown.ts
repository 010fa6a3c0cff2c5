import type { Rule } from '../../../contract/index.ts';
import { undecided } from '../../../project/index.ts';
import { docs } from '../docs.ts';

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
          message: `Which API the usage plan ${plan.name ?? plan.id} covers cannot be told: it ${unknown.reason}.`,
          span: stage.span,
          subject: plan.id,
          state: 'unknown',
        };
      }
    }
    for (const { what, reason, span, steps } of project.unread) {
      if (!steps.includes('usage-plans')) continue;
      yield {
        message: `Keys, plans or limits may be missing from this report: ${what}: ${reason}.`,
        span,
        subject: `${what} ${reason}`,
        state: 'unknown',
      };
    }
  },
};
