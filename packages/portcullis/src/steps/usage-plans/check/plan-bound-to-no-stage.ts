import type { Observation, Rule } from '../../../contract/index.ts';
import { type Api, outcomes, type Project, type UsagePlan, valueOf } from '../../../project/index.ts';
import { docs } from '../docs.ts';

export const planBoundToNoStage: Rule = {
  id: 'usage-plans/plan-bound-to-no-stage',
  step: 'usage-plans',
  severity: 'warning',
  title: 'Usage plan is bound to no stage',
  attack:
    'A plan limits only the stages that it lists. One that lists none limits nothing: its throttle and quota look like protection in review and never apply, and its keys are refused everywhere.',
  fix: {
    serverless: `resources:
  Resources:
    PartnerPlan:
      Type: AWS::ApiGateway::UsagePlan
      DependsOn: ApiGatewayStage
      Properties:
        ApiStages:
          - ApiId: !Ref ApiGatewayRestApi
            Stage: \${sls:stage}
        Throttle: { RateLimit: 50, BurstLimit: 100 }`,
    cloudformation: `PartnerPlan:
  Type: AWS::ApiGateway::UsagePlan
  Properties:
    ApiStages:
      - ApiId: !Ref RestApi
        Stage: !Ref ProdStage
    Throttle: { RateLimit: 50, BurstLimit: 100 }`,
  },
  docs: [
    docs.usagePlans,
    {
      title: 'CloudFormation: AWS::ApiGateway::UsagePlan',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-usageplan.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API8:2023'], cwe: ['CWE-770'] },
  *check(project) {
    for (const plan of project.usagePlans) {
      if (plan.stages.length === 0) {
        yield {
          message: `The usage plan ${plan.name ?? plan.id} is bound to no stage: its limits apply nowhere and its keys open nothing.`,
          span: plan.span,
          subject: plan.id,
        };
      } else {
        yield* strayStages(project, plan);
      }
    }
  },
};

/** Stages of this project's APIs that the plan names and the project does not have. */
function* strayStages(project: Project, plan: UsagePlan): Generator<Observation> {
  for (const bound of plan.stages) {
    const link = valueOf(bound.api);
    const name = valueOf(bound.stage);
    const api = link?.kind === 'local' ? project.apis.find(({ id }) => id === link.id) : undefined;
    if (!api || name === undefined) continue;
    if (api.stages.length === 0) {
      if (!madeHere(project, api)) continue;
      yield {
        message: `The usage plan ${plan.name ?? plan.id} names the stage ${name}, and these files make no stage of ${api.name ?? api.id}.`,
        span: bound.span,
        subject: `${plan.id} ${api.id} ${name}`,
        severity: 'note',
      };
      continue;
    }
    const names = api.stages.flatMap((stage) => outcomes(stage.name));
    if (names.some((candidate) => candidate.kind === 'unknown' || candidate.value === name)) continue;
    yield {
      message: `The usage plan ${plan.name ?? plan.id} names the stage ${name}, which ${api.name ?? api.id} does not have.`,
      span: bound.span,
      subject: `${plan.id} ${api.id} ${name}`,
    };
  }
}

/** An API of these files, of which nothing was left unread that could hold a stage. */
function madeHere(project: Project, api: Api): boolean {
  return project.resources.has(api.id) && !project.unread.some(({ steps }) => steps.includes('usage-plans'));
}
