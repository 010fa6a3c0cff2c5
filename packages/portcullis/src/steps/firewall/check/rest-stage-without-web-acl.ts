import type { Observation, Rule } from '../../../contract/index.ts';
import { type Api, type Project, type Stage, sometimes, undecided, valueOf } from '../../../project/index.ts';
import { coverOf, distributionBefore, type Guarded, guardedStages, isPrivate, label } from '../facts.ts';
import { guarded, indent, webAclResource } from '../snippets.ts';

export const restStageWithoutWebAcl: Rule = {
  id: 'firewall/rest-stage-without-web-acl',
  step: 'firewall',
  severity: 'warning',
  title: 'REST API stage has no web ACL',
  attack:
    'Every request goes to the authorizer and the function as it was sent: injection attempts, scanners, known exploit payloads ' +
    'and floods from one address. Nothing limits how fast somebody tries passwords or ids, and nothing stops a request before ' +
    'it costs an invocation.',
  fix: {
    serverless: `plugins:
  - serverless-associate-waf # associates the web ACL with the stage after each deployment; the framework itself cannot
custom:
  associateWaf:
    name: \${self:service}-\${sls:stage}
    version: V2
resources:
  Resources:
${indent(webAclResource('${self:service}-${sls:stage}'), 4)}`,
    cloudformation: guarded(
      'cloudformation',
      '!Sub arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${OrdersApi}/stages/${OrdersStage}',
    ),
  },
  docs: [
    {
      title: 'Use AWS WAF to protect your REST APIs in API Gateway',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html',
    },
    {
      title: 'AWS::WAFv2::WebACLAssociation',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-wafv2-webaclassociation.html',
    },
  ],
  mappings: { fsbp: ['APIGateway.4'], owasp: ['API4:2023', 'API8:2023'], cwe: ['CWE-693'] },
  *check(project) {
    for (const api of project.apis) {
      if (api.kind !== 'rest' || isPrivate(api)) continue;
      const stages = guardedStages(api);
      const open = stages.filter((one) => coverOf(project, one).kind === 'none');
      for (const one of stages) {
        const extra = one.kind === 'stage' && one.stage !== undefined && isExtraStage(project, one.stage);
        if (!extra) yield* observe(project, api, one);
        // Where the stage that was meant stands open too, one finding is enough.
        else if (open.length === 1 && open[0] === one) yield* observeExtra(project, api, one);
      }
    }
  },
};

/**
 * The stage `Stage` that the SAM transform makes beside the one that is asked for, unless OpenApiVersion is set
 * (aws/serverless-application-model, issue 191). It serves the same methods under /Stage.
 */
function isExtraStage(project: Project, { id, name }: Stage): boolean {
  const resource = project.resources.get(id);
  return (
    project.format === 'sam' &&
    resource?.type === 'AWS::ApiGateway::Deployment' &&
    resource.generated &&
    valueOf(name) === 'Stage'
  );
}

function* observeExtra(project: Project, api: Api, extra: Guarded): Iterable<Observation> {
  for (const observation of observe(project, api, extra)) {
    yield {
      ...observation,
      message: `SAM deploys ${label(api)} a second time, as the stage named Stage, which has no web ACL: requests to /Stage go around the one of the other stage. OpenApiVersion below Globals.Api leaves it out`,
      fix: 'Globals:\n  Api:\n    OpenApiVersion: 3.0.1 # without it SAM makes a second stage, named Stage',
    };
  }
}

function* observe(project: Project, api: Api, guardedStage: Guarded): Iterable<Observation> {
  if (guardedStage.kind !== 'stage') return;
  const { stage } = guardedStage;
  const cover = coverOf(project, guardedStage);
  // An association that is there and not decided is reported where it stands (association-is-undecided).
  if (cover.kind === 'acl' || (cover.kind === 'undecided' && cover.association)) return;
  const name = stage && valueOf(stage.name);
  const what = name === undefined ? `REST API ${label(api)}` : `Stage ${name} of REST API ${label(api)}`;
  const place = { span: stage?.span ?? api.span, subject: stage ? `${api.id}/${name ?? stage.id}` : api.id };
  if (cover.kind === 'undecided') {
    yield {
      ...place,
      severity: 'note',
      state: 'unknown',
      message: `The files do not decide whether ${what.replace('Stage', 'stage')} has a web ACL: ${cover.reason}`,
      related: [{ message: 'depends on this', span: cover.span }],
    };
    return;
  }
  if (!sometimes(api.endpoint, (endpoint) => endpoint !== 'PRIVATE')) {
    const [endpoint] = undecided(api.endpoint);
    yield {
      ...place,
      severity: 'note',
      state: 'unknown',
      message: `${what} has no web ACL, and the files do not decide whether it is on the internet: its endpoint type ${endpoint?.reason ?? 'is not decided'}`,
    };
    return;
  }
  const distribution = distributionBefore(project, api.id);
  if (distribution) {
    yield {
      ...place,
      state: 'half-open',
      message: `${what} has no web ACL of its own: only requests that come through ${distribution.id} are filtered`,
      question: `Does ${label(api)} refuse requests that do not come through ${distribution.id}, by its resource policy or a secret header?`,
      related: [{ message: 'the distribution with a web ACL', span: distribution.span }],
    };
    return;
  }
  yield { ...place, state: 'open', message: `${what} has no web ACL: no request is filtered before it runs code` };
}
