import { describe, expect, it } from 'vitest';
import { plain, readTemplate, routeLines } from '../../../../test/support/template.ts';
import { locate } from '../../../project/index.ts';

const base = `
Conditions: { IsProd: !Equals [!Ref AWS::Region, eu-west-1] }
Resources:
  Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { TargetType: ip, Port: 80 } }
  FnGroup:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: { TargetType: lambda, Targets: [{ Id: !GetAtt Fn.Arn }] }
  Fn: { Type: AWS::Lambda::Function, Properties: { Handler: a.b, Role: r } }
`;
const lb = (properties = '') =>
  `  Lb: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Name: front${properties} } }\n`;
const forward = '{ Type: forward, TargetGroupArn: !Ref Group }';
const toFunction = '{ Type: forward, ForwardConfig: { TargetGroups: [{ TargetGroupArn: !Ref FnGroup }] } }';
const listener = (actions: string, id = 'Http', more = '') =>
  `  ${id}: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Lb, Port: 80, Protocol: HTTP, DefaultActions: [${actions}]${more} } }\n`;
const rule = (conditions: string, actions: string, of = '!Ref Http', id = 'Rule') =>
  `  ${id}: { Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: { ListenerArn: ${of}, Priority: 1, Conditions: [${conditions}], Actions: [${actions}] } }\n`;
const path = (values: string) => `{ Field: path-pattern, Values: [${values}] }`;
const fixed = "{ Type: fixed-response, FixedResponseConfig: { StatusCode: '403' } }";
const redirect = '{ Type: redirect, RedirectConfig: { Protocol: HTTPS, StatusCode: HTTP_301 } }';
const oidc = (more = '') => `{ Type: authenticate-oidc, Order: 1, AuthenticateOidcConfig: { Issuer: x${more} } }`;
const cognito = '{ Type: authenticate-cognito, Order: 1, AuthenticateCognitoConfig: { UserPoolArn: x } }';

const routes = (text: string) => routeLines(readTemplate(base + text).apis.filter((api) => api.kind === 'alb'));

describe('routes of load balancers', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['a default action that forwards', lb() + listener(forward), ['alb Lb ANY /* none -> containers']],
    ['a function behind it', lb() + listener(toFunction), ['alb Lb ANY /* none -> Fn']],
    ['only a redirect', lb() + listener(redirect), []],
    ['only an answer of its own', lb() + listener(fixed), []],
    ['no listener', lb(), []],
    ['a network load balancer', lb(', Type: network') + listener(forward), []],
    [
      'paths and methods',
      lb() +
        listener(fixed) +
        rule(
          `${path("/a, '/b/*'")}, { Field: http-request-method, HttpRequestMethodConfig: { Values: [GET, post] } }`,
          toFunction,
        ),
      [
        'alb Lb GET /a none -> Fn',
        'alb Lb POST /a none -> Fn',
        'alb Lb GET /b/* none -> Fn',
        'alb Lb POST /b/* none -> Fn',
      ],
    ],
    [
      'paths in their own configuration',
      lb() + listener(fixed) + rule("{ Field: path-pattern, PathPatternConfig: { Values: ['*.png'] } }", forward),
      ['alb Lb ANY /*.png none -> containers'],
    ],
    [
      'a host only',
      lb() + listener(fixed) + rule('{ Field: host-header, Values: [api.example.com] }', forward),
      ['alb Lb ANY /* none -> containers'],
    ],
    [
      'login before the target',
      lb() + listener(`${oidc()}, ${forward}`) + rule(path('/admin'), `${cognito}, ${forward}`),
      ['alb Lb ANY /admin listener type=cognito -> containers', 'alb Lb ANY /* listener type=oidc -> containers'],
    ],
    [
      'login that lets everyone through',
      lb() + listener(`${oidc(', OnUnauthenticatedRequest: allow')}, ${forward}`),
      ['alb Lb ANY /* none -> containers'],
    ],
    [
      'a token',
      lb() + listener(`{ Type: jwt-validation, JwtValidationConfig: { Issuer: x } }, ${forward}`),
      ['alb Lb ANY /* listener type=jwt -> containers'],
    ],
    [
      'client certificates',
      lb() + listener(forward, 'Http', ', MutualAuthentication: { Mode: verify }'),
      ['alb Lb ANY /* listener type=mutual-tls -> containers'],
    ],
    [
      'client certificates that are passed on',
      lb() + listener(forward, 'Http', ', MutualAuthentication: { Mode: passthrough }'),
      ['alb Lb ANY /* none -> containers'],
    ],
    [
      'a header that callers must know',
      lb() +
        listener(fixed) +
        rule('{ Field: http-header, HttpHeaderConfig: { HttpHeaderName: X-Origin, Values: [s] } }', forward),
      ['alb Lb ANY /* ? is forwarded only with a certain X-Origin header -> containers'],
    ],
    [
      'a header that everyone sends',
      lb() +
        listener(fixed) +
        rule("{ Field: http-header, HttpHeaderConfig: { HttpHeaderName: User-Agent, Values: ['*Chrome*'] } }", forward),
      ['alb Lb ANY /* none -> containers'],
    ],
    [
      'certain addresses',
      lb() + listener(fixed) + rule('{ Field: source-ip, SourceIpConfig: { Values: [10.0.0.0/8] } }', forward),
      ['alb Lb ANY /* ? is forwarded only for certain source addresses -> containers'],
    ],
    [
      'all addresses',
      lb() + listener(fixed) + rule('{ Field: source-ip, SourceIpConfig: { Values: [0.0.0.0/0] } }', forward),
      ['alb Lb ANY /* none -> containers'],
    ],
    [
      'two listeners to one place',
      lb() + listener(forward) + listener(forward, 'Https'),
      ['alb Lb ANY /* none -> containers'],
    ],
    [
      'two listeners, one with login',
      lb() + listener(forward) + listener(`${oidc()}, ${forward}`, 'Https'),
      ['alb Lb ANY /* none -> containers', 'alb Lb ANY /* listener type=oidc -> containers'],
    ],
    [
      'a listener elsewhere',
      rule(path('/a'), toFunction, 'arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/x/y/z'),
      ['alb arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/x/y/z ANY /a none -> Fn'],
    ],
    [
      'an imported listener',
      rule(path('/a'), toFunction, '!ImportValue listener'),
      ['alb listener of another stack ANY /a none -> Fn'],
    ],
    [
      'a login in one branch only',
      lb() + listener(`!If [IsProd, [${oidc()}, ${forward}], [${forward}]]`),
      ['alb Lb ANY /* IsProd(listener type=oidc | none) -> containers'],
    ],
    [
      'a login that one branch leaves out',
      lb() + listener(`!If [IsProd, ${oidc()}, !Ref AWS::NoValue], ${forward}`),
      ['alb Lb ANY /* IsProd(listener type=oidc | none) -> containers'],
    ],
    [
      'a login in both branches',
      lb() + listener(`!If [IsProd, [${oidc()}, ${forward}], [${oidc()}, ${forward}]]`),
      ['alb Lb ANY /* listener type=oidc -> containers'],
    ],
    [
      'addresses that are all of them, and a header with any value',
      lb() +
        listener(fixed) +
        rule('{ Field: source-ip, SourceIpConfig: { Values: [0.0.0.0/1, 128.0.0.0/1] } }', forward) +
        rule(
          "{ Field: http-header, HttpHeaderConfig: { HttpHeaderName: X-Origin, Values: ['*'] } }",
          forward,
          '!Ref Http',
          'Other',
        ),
      ['alb Lb ANY /* none -> containers'],
    ],
    [
      'addresses in one branch only',
      lb() +
        listener(fixed) +
        rule(
          '!If [IsProd, { Field: source-ip, SourceIpConfig: { Values: [10.0.0.0/8] } }, !Ref AWS::NoValue]',
          forward,
        ),
      ['alb Lb ANY /* none -> containers'],
    ],
    [
      'an action that is chosen at deployment',
      lb() + listener('!If [IsProd, !ImportValue action, !ImportValue other]'),
      ['alb Lb ANY /* ? has a listener action that is not decided by the files -> unknown'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(routes(text)).toEqual(expected);
  });

  it('gives every route an id of its own and the place of its rule', () => {
    const read = readTemplate(base + lb() + listener(forward) + listener(`${oidc()}, ${forward}`, 'Https'));
    const found = read.apis.flatMap((api) => api.routes);
    expect(found.map((route) => route.id)).toEqual(['Lb ANY /*', 'Lb ANY /* Https']);
    const lines = `${base}${lb()}${listener(forward)}`.split('\n');
    expect(found.map((route) => locate(route.span).line)).toEqual([lines.length - 1, lines.length]);
  });

  it.each([
    ['', 'REGIONAL'],
    [', Scheme: internal', 'PRIVATE'],
    [', Scheme: !If [IsProd, internet-facing, internal]', 'IsProd(REGIONAL | PRIVATE)'],
  ])('tells whether it is reached from the internet: %s', (scheme, expected) => {
    const [api] = readTemplate(base + lb(scheme) + listener(forward)).apis;
    expect(plain(api?.endpoint)).toBe(expected);
    expect(api?.name).toBe('front');
  });

  it('makes one route of more methods than can be deployed', () => {
    const many = Array.from({ length: 5000 }, (_, index) => `M${index}`).join(', ');
    const text = lb() + listener(fixed) + rule(`{ Field: http-request-method, Values: [${many}] }`, forward);
    expect(routes(text)).toEqual(['alb Lb ANY /* none -> containers']);
  });
});

describe('load balancers, listeners and target groups', () => {
  it('reads both generations', () => {
    const classic = `  Old: { Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: { Scheme: internal, Listeners: [{ LoadBalancerPort: '80', InstancePort: '80', Protocol: http }], SecurityGroups: [!Ref Sg] } }\n`;
    const read = readTemplate(base + lb(', SecurityGroups: [sg-1, !GetAtt Sg.GroupId]') + listener(redirect) + classic);
    expect(plain(read.loadBalancers)).toBe(
      '[id=Lb name=front scheme=internet-facing type=application securityGroups=[external sg-1, Sg] attributes=, id=Old scheme=internal type=classic securityGroups=[Sg] attributes=]',
    );
    expect(plain(read.listeners)).toBe(
      '[id=Http loadBalancer=Lb port=80 protocol=HTTP defaultActions=[type=redirect targetGroups=[] redirectProtocol=HTTPS optional=false] rules=[], id=Old.Listeners.0 loadBalancer=Old port=80 protocol=http defaultActions=[] rules=[]]',
    );
    expect(plain(read.targetGroups)).toBe(
      '[id=Group targetType=ip functions=[], id=FnGroup targetType=lambda functions=[Fn]]',
    );
  });

  it('attaches rules to their listener with conditions of every kind', () => {
    const conditions = [
      '{ Field: query-string, QueryStringConfig: { Values: [{ Key: a, Value: b }] } }',
      '{ HttpHeaderConfig: { HttpHeaderName: X-A, Values: [!Ref Group] } }',
      '{ Field: something-new, Values: [x] }',
    ].join(', ');
    const read = readTemplate(base + lb() + listener(fixed) + rule(conditions, forward));
    expect(plain(read.listeners[0]?.rules)).toBe(
      '[id=Rule conditions=[field=query-string values=[{Key: a, Value: b}], field=http-header header=X-A values=[${Group}], field=unknown values=[x]] actions=[type=forward targetGroups=[Group] optional=false]]',
    );
  });
});
