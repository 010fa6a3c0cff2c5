import type { Rule } from '../../../contract/index.ts';
import { type Project, type UsagePlan, valueOf } from '../../../project/index.ts';
import { docs } from '../docs.ts';

export const keyInTwoPlans: Rule = {
  id: 'usage-plans/key-in-two-plans',
  step: 'usage-plans',
  severity: 'warning',
  title: 'Two usage plans hold one API key for the same stage',
  attack:
    'A key can be in one plan only for each stage; API Gateway refuses the second, and the deployment fails. Whatever gets it through, a ' +
    'plan taken out or made by hand, decides which limits the client has: not this file, which a reviewer reads.',
  fix: {
    serverless: `provider:
  apiGateway:
    apiKeys:
      - partner: [acme]                     # each key below one plan
      - internal: [reports]`,
    cloudformation: `AcmePlanKey:                                # one UsagePlanKey for each key and stage
  Type: AWS::ApiGateway::UsagePlanKey
  Properties:
    KeyId: !Ref AcmeKey
    KeyType: API_KEY
    UsagePlanId: !Ref PartnerPlan`,
  },
  docs: [
    docs.usagePlans,
    {
      title: 'CloudFormation: AWS::ApiGateway::UsagePlanKey',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-usageplankey.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API8:2023'], cwe: ['CWE-694'] },
  *check(project) {
    const first = new Map<string, UsagePlan>();
    const told = new Set<string>();
    for (const plan of project.usagePlans) {
      for (const key of keysOf(plan)) {
        for (const stage of stagesOf(plan)) {
          const place = JSON.stringify([key, stage]);
          const other = first.get(place);
          if (!other) first.set(place, plan);
          const subject = `${key} ${plan.id}`;
          if (!other || other === plan || told.has(subject)) continue;
          told.add(subject);
          yield {
            message: `The API key ${nameOf(project, key)} is in the usage plans ${other.name ?? other.id} and ${plan.name ?? plan.id} for the same stage, which API Gateway refuses.`,
            span: plan.span,
            subject,
            related: [{ message: 'the other plan', span: other.span }],
          };
        }
      }
    }
  },
};

/** Only what the files decide: a key or stage on a condition may stand in another plan in each case. */
function keysOf(plan: UsagePlan): readonly string[] {
  return plan.keys.flatMap((link) => {
    const key = valueOf(link);
    return key ? [key.kind === 'local' ? key.id : key.name] : [];
  });
}

function stagesOf(plan: UsagePlan): readonly string[] {
  return plan.stages.flatMap(({ api, stage }) => {
    const link = valueOf(api);
    const name = valueOf(stage);
    return link && name !== undefined ? [`${link.kind === 'local' ? link.id : link.name} ${name}`] : [];
  });
}

function nameOf(project: Project, id: string): string {
  return project.apiKeys.find((key) => key.id === id)?.name ?? id;
}
