import { describe, expect, it } from 'vitest';
import { projectWith } from '../../../test/support/project.ts';
import { readFiles } from '../../../test/support/read.ts';
import {
  type Api,
  type Fact,
  known,
  type LoadBalancer,
  type Project,
  SourceFile,
  type Stage,
  stepIds,
  unknown,
  type WebAclAssociation,
  type WebAclTarget,
} from '../../project/index.ts';
import { coverOf, coverState, guardedStages } from './facts.ts';
import { routeState } from './route-state.ts';

const span = { file: new SourceFile('template.yml', ''), start: 0, end: 0 };

const stage = (id: string, name: string): Stage => ({ id, name: known(name), span, throttles: [] });

function api(kind: Api['kind'], stages: readonly Stage[] = [], endpoint: Api['endpoint'] = known('REGIONAL')): Api {
  return {
    id: 'Api',
    kind,
    name: undefined,
    span,
    endpoint,
    resourcePolicy: known([]),
    resourcePolicySpan: undefined,
    keySource: known('HEADER'),
    defaultEndpointDisabled: known(false),
    stages,
    routes: [],
    unreadRoutes: [],
  };
}

function association(target: Fact<WebAclTarget>): WebAclAssociation {
  return { id: 'Association', span, webAcl: known({ kind: 'external', name: 'arn' }), target };
}

const of = (stage: string | undefined, name = 'Api'): Fact<WebAclTarget> => known({ kind: 'stage', api: name, stage });

const samWith = (parameters: string): string =>
  `  Part: { Type: AWS::Serverless::Application, Properties: { Location: { ApplicationId: a, SemanticVersion: 1.0.0 }, Parameters: ${parameters} } }`;

const stackWith = (parameters: string): string =>
  `  Waf: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://s3.amazonaws.com/b/waf.yml, Parameters: ${parameters} } }`;

describe('the web ACL before a stage', () => {
  const one = [stage('Prod', 'prod')];
  const two = [stage('Test', 'test'), stage('Prod', 'prod')];
  it.each([
    ['no association', one, undefined, ['open']],
    ['its name', one, of('prod'), ['closed']],
    ['its logical id', one, of('Prod'), ['closed']],
    ['another name', one, of('dev'), ['open']],
    ['some stage of an API with one', one, of(undefined), ['closed']],
    ['one of two', two, of('prod'), ['open', 'closed']],
    ['some stage of an API with two', two, of(undefined), ['unknown', 'unknown']],
    ['an API id made by a deployment', one, of('prod', 'a1b2c3'), ['unknown']],
    ['a load balancer', one, known<WebAclTarget>({ kind: 'load-balancer', id: 'Balancer' }), ['open']],
    ['a parameter', one, unknown('is a parameter'), ['unknown']],
    ['a pool by its ARN', one, known<WebAclTarget>({ kind: 'external', arn: 'arn:x:userpool/1' }), ['open']],
    [
      'a stage by its ARN',
      one,
      known<WebAclTarget>({ kind: 'external', arn: 'arn:x:/restapis/1/stages/2' }),
      ['unknown'],
    ],
    ['no stage in the files', [], of('prod'), ['closed']],
  ] as const)('%s', (_name, stages, target, states) => {
    const rest = api('rest', stages);
    const project = projectWith({ apis: [rest], webAclAssociations: target ? [association(target)] : [] });
    expect(guardedStages(rest).map((thing) => coverState(project, coverOf(project, thing)))).toEqual(states);
  });

  it('is unknown when resources were not read, and open when only routes were not', () => {
    const rest = api('rest', one);
    const [thing] = guardedStages(rest);
    if (!thing) throw new Error('no stage');
    const unread = { what: 'a part', reason: 'lies in S3', span, steps: stepIds };
    const state = (more: Partial<Project['unread'][number]>) => {
      const project = projectWith({ apis: [rest], unread: [{ ...unread, ...more }] });
      return coverState(project, coverOf(project, thing));
    };
    expect(state({ hides: 'resources' })).toBe('unknown');
    expect(state({ hides: 'resources', steps: ['secrets'] })).toBe('open');
    expect(state({})).toBe('open');
  });

  const template = `Transform: AWS::Serverless-2016-10-31
Resources:
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: orders } }
  Deployment: { Type: AWS::ApiGateway::Deployment, Properties: { RestApiId: !Ref Api, StageName: prod } }
`;
  it.each([
    ['AWS::WAFv2::WebACLAssociation', 'WebACLArn', 'closed'],
    ['AWS::WAFRegional::WebACLAssociation', 'WebACLId', 'half-open'],
  ])('behind a web ACL elsewhere that %s names', (type, key, expected) => {
    const stage = 'arn:aws:apigateway:eu-west-1::/restapis/${Api}/stages/prod';
    const { project } = readFiles({
      'template.yml': `${template}  As: { Type: ${type}, Properties: { ${key}: !ImportValue acl, ResourceArn: !Sub '${stage}' } }\n`,
    });
    const [thing] = project?.apis.flatMap(guardedStages) ?? [];
    if (!project || !thing) throw new Error('no stage');
    expect(coverState(project, coverOf(project, thing))).toBe(expected);
  });

  it.each([
    [
      'a SAM capacity provider',
      '  Cap: { Type: AWS::Serverless::CapacityProvider, Properties: { VpcConfig: {} } }',
      'open',
    ],
    ['a SAM application', samWith('{ Size: small }'), 'open'],
    ['a SAM application that knows the API', samWith('{ Api: !Ref Api }'), 'unknown'],
    [
      'a macro in the properties of a queue',
      "  Q: { Type: AWS::SQS::Queue, Properties: { 'Fn::Transform': { Name: X } } }",
      'open',
    ],
    ['a macro in place of a resource', "  Acl: { 'Fn::Transform': { Name: AddWaf } }", 'unknown'],
    [
      'a loop over resources',
      "  'Fn::ForEach::Acls': [N, !Ref Later, { 'Acl${N}': { Type: AWS::SQS::Queue } }]",
      'unknown',
    ],
    ['a module', '  Waf: { Type: Orders::Waf::Acl::MODULE }', 'unknown'],
    ['a macro', "  'Fn::Transform': { Name: AddWaf }", 'unknown'],
    ['a nested stack that knows the API', stackWith('{ Api: !Ref Api }'), 'unknown'],
    ['a nested stack that knows the stage', stackWith("{ Arn: !Sub '/restapis/x/stages/${Deployment}' }"), 'unknown'],
    ['a nested stack that knows neither', stackWith('{ Size: small }'), 'open'],
  ])('beside %s that was not read', (_name, resource, expected) => {
    const { project } = readFiles({ 'template.yml': template + resource });
    const [rest] = project?.apis ?? [];
    const [thing] = rest ? guardedStages(rest) : [];
    if (!project || !thing) throw new Error('no stage');
    expect(project.unread.length).toBeGreaterThan(0);
    expect(coverState(project, coverOf(project, thing))).toBe(expected);
  });
});

describe('the firewall before the routes', () => {
  const balancer = (scheme: LoadBalancer['scheme']): LoadBalancer => ({
    id: 'Api',
    name: undefined,
    span,
    scheme,
    type: known('application'),
    securityGroups: [],
  });
  it.each([
    ['a REST API without a web ACL', projectWith({ apis: [api('rest')] }), 'open'],
    ['a private REST API', projectWith({ apis: [api('rest', [], known('PRIVATE'))] }), 'closed'],
    [
      'a REST API with an undecided endpoint',
      projectWith({ apis: [api('rest', [], unknown('is a parameter'))] }),
      'unknown',
    ],
    ['an HTTP API', projectWith({ apis: [api('http')] }), 'open'],
    ['a WebSocket API', projectWith({ apis: [api('websocket')] }), 'open'],
    ['a function URL', projectWith({ apis: [api('url')] }), 'open'],
    ['a load balancer elsewhere', projectWith({ apis: [api('alb', [], unknown('is elsewhere'))] }), 'unknown'],
    [
      'a public load balancer',
      projectWith({ apis: [api('alb')], loadBalancers: [balancer(known('internet-facing'))] }),
      'open',
    ],
    [
      'an internal load balancer',
      projectWith({ apis: [api('alb', [], known('PRIVATE'))], loadBalancers: [balancer(known('internal'))] }),
      'closed',
    ],
    [
      'a public load balancer with a web ACL',
      projectWith({
        apis: [api('alb')],
        loadBalancers: [balancer(known('internet-facing'))],
        webAclAssociations: [association(known({ kind: 'load-balancer', id: 'Api' }))],
      }),
      'closed',
    ],
  ] as const)('%s', (_name, project, state) => {
    const [first] = project.apis;
    if (!first) throw new Error('no API');
    expect(routeState(project, first)).toBe(state);
  });
});
