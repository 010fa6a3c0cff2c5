import { describe, expect, it } from 'vitest';
import type { Io } from '../src/cli/io.ts';
import { run } from '../src/cli/run.ts';
import type { Finding, Report } from '../src/contract/index.ts';
import { diskOf } from './support/memory-disk.ts';

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly written: ReadonlyMap<string, string>;
}

interface Setting {
  readonly directory?: string;
  readonly today?: string;
}

type Files = Readonly<Record<string, string>>;

/** Runs a command over files of a repository whose root is /project. */
async function portcullis(files: Files, argv: readonly string[], setting: Setting = {}): Promise<Ran> {
  const written = new Map<string, string>();
  let stdout = '';
  let stderr = '';
  const output = (take: (text: string) => void) => ({ write: take, isTerminal: false, columns: undefined });
  const io: Io = {
    stdout: output((text) => {
      stdout += text;
    }),
    stderr: output((text) => {
      stderr += text;
    }),
    environment: { variables: {}, directory: setting.directory ?? '/project' },
    platform: 'linux',
    disk: diskOf({ '.git/HEAD': 'ref: refs/heads/main\n', ...files }),
    writeFile: (path, pieces) => written.set(path, [...pieces].join('')),
    now: () => 0,
    git: () => ({ status: null, stdout: new Uint8Array(), stderr: '', problem: 'ENOENT' }),
    clock: () => Date.parse(`${setting.today ?? '2026-11-22'}T23:59:59Z`),
  };
  const code = await run(argv, io, '1.2.3');
  return { code, stdout, stderr, written };
}

async function check(files: Files, argv: readonly string[] = [], setting: Setting = {}) {
  const { stdout, stderr, ...ran } = await portcullis(files, ['check', '--format', 'json', ...argv], setting);
  const report = JSON.parse(stdout) as Report;
  return { ...ran, stderr, report, findings: report.findings };
}

const routesOf = ({ projects }: Report) => [...projects].flatMap(({ apis }) => apis.flatMap(({ routes }) => routes));
const about = (findings: readonly Finding[], rule: string) => findings.filter((one) => one.rule === rule);
const open = 'authorization/route-is-open';
const idle = 'authorization/decision-has-no-effect';

const service = (...events: readonly string[]) =>
  [
    'service: orders',
    'provider: { name: aws, runtime: nodejs22.x }',
    'functions:',
    '  createOrder:',
    '    handler: src/orders.create',
    '    events:',
    ...events.map((line) => `      ${line}`),
    '',
  ].join('\n');

/** The routes of createOrder that somebody decided to be public, and the findings that still count. */
async function standing(text: string, others: Files = {}, setting: Setting = {}) {
  const { report, findings } = await check({ 'serverless.yml': text, ...others }, ['--step', 'authorization'], setting);
  const routes = routesOf(report);
  return {
    decided: routes.filter(({ decided }) => decided).map(({ method, path }) => `${method} ${path}`),
    open: about(findings, open).flatMap((one) => (one.suppressed ? [] : [one.route ?? ''])),
    idle: about(findings, idle).map(({ location, severity }) => `${severity} ${location.line}`),
    report,
    findings,
  };
}

describe('a route that is public on purpose', () => {
  it('stays in the report with the reason, and counts neither for the exit code nor for the gate', async () => {
    const text = service('- http: POST /orders # portcullis: public until 2026-11-22 because webhooks are signed');
    const { code, report, findings } = await check({ 'serverless.yml': text }, ['--step', 'authorization']);
    expect(code).toBe(0);
    const [route] = routesOf(report);
    expect(route?.gates.authorization.state).toBe('open');
    expect(route?.decided).toEqual({
      public: 'webhooks are signed',
      until: '2026-11-22',
      location: { file: 'serverless.yml', line: 7, column: 28 },
    });
    expect([...report.projects][0]?.gates.authorization).toBe('closed');
    const [finding, ...more] = about(findings, open);
    expect(more).toEqual([]);
    expect(finding?.suppressed).toMatchObject({ by: 'public', reason: 'webhooks are signed', until: '2026-11-22' });
    expect(finding?.suppressed?.location).toMatchObject({ file: 'serverless.yml', line: 7 });
  });

  it('needs throttle and firewall like any other', async () => {
    const text = service('- http: POST /orders # portcullis: public because webhooks are signed');
    const { findings } = await check({ 'serverless.yml': text });
    for (const step of ['usage-plans', 'firewall'])
      expect(findings.filter((one) => one.step === step && !one.suppressed).length, step).toBeGreaterThan(0);
  });

  it('is open again on the day after the last one', async () => {
    const text = service('- http: POST /orders # portcullis: public until 2026-11-22 because webhooks are signed');
    const { decided, open: left, idle: notes } = await standing(text, {}, { today: '2026-11-23' });
    expect({ decided, left, notes }).toEqual({
      decided: [],
      left: ['ApiGatewayRestApi POST /orders'],
      notes: ['warning 7'],
    });
  });
});

/** Where a comment stands decides what it covers. `GET /b` is never meant. */
const places: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'the end of the line of an event',
    service('- http: GET /a # portcullis: public because it is', '- http: GET /b'),
    ['GET /a'],
  ],
  [
    'the line above an event',
    service('# portcullis: public because it is', '- http: GET /a', '- http: GET /b'),
    ['GET /a'],
  ],
  [
    'above, with another comment and a blank line between',
    service('# portcullis: public because it is', '', '# read by partners', '- http: GET /a', '- http: GET /b'),
    ['GET /a'],
  ],
  [
    'the first line inside an event',
    service('- http:', '    # portcullis: public because it is', '    path: /a', '    method: get', '- http: GET /b'),
    ['GET /a'],
  ],
  [
    'the end of the first line inside an event',
    service('- http:', '    path: /a # portcullis: public because it is', '    method: get', '- http: GET /b'),
    ['GET /a'],
  ],
  [
    'the end of the line of an event in brackets',
    service('- { http: { path: /a, method: get } } # portcullis: public because it is', '- http: GET /b'),
    ['GET /a'],
  ],
  [
    'the key of an event of its own map',
    service('- httpApi: # portcullis: public because it is', '    path: /a', '    method: get', '- http: GET /b'),
    ['GET /a'],
  ],
  [
    'the second line inside an event',
    service('- http:', '    path: /b', '    method: get # portcullis: public because it is', '- http: GET /b2'),
    [],
  ],
  [
    'the list of events',
    service('- http: GET /b').replace('events:', 'events: # portcullis: public because it is'),
    [],
  ],
  ['the end of the list', service('- http: GET /b', '# portcullis: public because it is'), []],
  [
    'more indented than what follows',
    service('- http: { path: /b, method: get }', '  # portcullis: public because it is', '- http: GET /b2'),
    [],
  ],
  [
    'the functions',
    service('- http: GET /b').replace('functions:', 'functions: # portcullis: public because it is'),
    [],
  ],
  ['the top of the file', `# portcullis: public because it is\n\n${service('- http: GET /b')}`, []],
  ['the first key of the file', `# portcullis: public because it is\n${service('- http: GET /b')}`, []],
  ['inside a text', service('- http: { path: /b, method: get, note: "# portcullis: public because it is" }'), []],
  [
    'a text over two lines',
    service('- http: { path: /b, method: get, note: "x', '    # portcullis: public because it is" }'),
    [],
  ],
  [
    'a block scalar',
    service('- http:', '    path: /b', '    method: get', '    note: |', '      # portcullis: public because it is'),
    [],
  ],
  [
    'a function',
    service('- http: GET /a').replace('  createOrder:', '  # portcullis: public because it is\n  createOrder:') +
      '  other:\n    handler: b.c\n    events:\n      - http: GET /b\n',
    ['GET /a'],
  ],
  [
    'a file that is included where the route is declared in this one',
    `${service('- http: GET /b')}resources: \${file(resources.yml)}\n`,
    [],
  ],
];

/** Where it is no comment. */
const texts: ReadonlySet<string> = new Set(['inside a text', 'a text over two lines', 'a block scalar']);

describe('where `public` stands', () => {
  it.each(places)('%s', async (name, text, decided) => {
    const resources = '# portcullis: public because it is\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n';
    const found = await standing(text, text.includes('resources.yml') ? { 'resources.yml': resources } : {});
    expect(found.decided).toEqual(decided);
    expect(found.open.some((route) => route.includes('/a'))).toBe(false);
    expect(found.open.some((route) => route.includes('/b'))).toBe(text.includes('/b'));
    const silent = decided.length > 0 || texts.has(name);
    expect(found.idle.length, 'what has no effect is remarked on').toBe(silent ? 0 : 1);
  });

  it('covers every event of a function, and says so', async () => {
    const text = service('- http: GET /a', '- http: GET /c', '- httpApi: GET /d').replace(
      '    handler',
      '    # portcullis: public because it is\n    handler',
    );
    const { decided } = await standing(text);
    expect(decided).toEqual(['GET /a', 'GET /c', 'GET /d']);
    const { stdout } = await portcullis({ 'serverless.yml': text }, ['check', '--step', 'authorization']);
    expect(stdout).toContain('public: GET /a, GET /c, GET /d, because it is');
  });
});

describe('where `public` stands in a SAM template', () => {
  const events = (before: string, inside: string) => `Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: .
      Events:
        Get:
          Type: Api
${before}          Properties:
            Path: /a
${inside}            Method: get
        Put:
          Type: Api
          Properties: { Path: /b, Method: put }
`;

  it('is about an event above its Properties as in its first line, not inside them', async () => {
    const said = '# portcullis: public because it is';
    const above = await portcullis({ 'template.yml': events(`          ${said}\n`, '') }, [
      'check',
      '--step',
      'authorization',
    ]);
    expect(above.stdout).toContain('public: GET /a, because it is');
    expect(above.stdout).not.toContain('is no route');
    const inside = await portcullis({ 'template.yml': events('', `            ${said}\n`) }, [
      'check',
      '--step',
      'authorization',
    ]);
    expect(inside.stdout).not.toContain('public: GET /a');
  });
});

const template = (resource: string, extra = '') => `AWSTemplateFormatVersion: "2010-09-09"
${extra}Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: orders, ProtocolType: HTTP }
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties: { ApiId: !Ref Api, IntegrationType: HTTP_PROXY, IntegrationUri: "https://example.com" }
  GetA:
    Type: AWS::ApiGatewayV2::Route
${resource}    Properties: { ApiId: !Ref Api, RouteKey: GET /a, Target: !Sub "integrations/\${Integration}" }
  GetB:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: GET /b, Target: !Sub "integrations/\${Integration}" }
`;

describe('a decision about one thing that makes routes of several functions', () => {
  const why = 'portcullis: public because partners post here';
  const shared: Readonly<Record<string, Files>> = {
    'an anchor that another function merges': {
      'serverless.yml': `service: s\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions:\n  # ${why}\n  one: &one\n    handler: a.b\n    url: true\n  two:\n    <<: *one\n    handler: c.d\n`,
    },
    'FunctionUrlConfig in Globals': {
      'template.yml': `Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Function:\n    Runtime: nodejs22.x\n    # ${why}\n    FunctionUrlConfig: { AuthType: NONE }\nResources:\n  One: { Type: AWS::Serverless::Function, Properties: { Handler: a.b, CodeUri: . } }\n  Two: { Type: AWS::Serverless::Function, Properties: { Handler: c.d, CodeUri: . } }\n`,
    },
    'a loop': {
      'template.yml': `Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Urls:\n    - Name\n    - [One, Two]\n    - Url\${Name}:\n        # ${why}\n        Type: AWS::Lambda::Url\n        Properties: { TargetFunctionArn: !Ref Name, AuthType: NONE }\n`,
    },
    'a name that two function URLs share': {
      'template.yml': `Metadata: { Portcullis: { public: { ANY /: partners post here } } }\nResources:\n  One: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: first, AuthType: NONE } }\n  Two: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: second, AuthType: NONE } }\n`,
    },
  };

  it.each(Object.entries(shared))(
    '%s: has no effect, for the next function would be public too',
    async (_name, files) => {
      const { code, findings } = await check(files, ['--step', 'authorization']);
      const urls = about(findings, 'authorization/function-url-is-open');
      expect(code).toBe(1);
      expect(urls.length).toBeGreaterThan(1);
      expect(urls.filter(({ suppressed }) => suppressed)).toEqual([]);
      expect(about(findings, idle).filter(({ severity }) => severity === 'warning')).toHaveLength(1);
    },
  );
});

it('a decision about an event covers it together with its preflight', async () => {
  const { code, findings } = await check(
    {
      'serverless.yml': `service: s\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions:\n  one:\n    handler: a.b\n    events:\n      # portcullis: public because the catalogue is for everybody\n      - http: { path: a, method: get, cors: { origin: https://shop.example.com } }\n`,
    },
    ['--step', 'authorization'],
  );
  expect(code).toBe(0);
  expect(about(findings, open).map(({ suppressed }) => suppressed?.by)).toEqual(['public']);
  expect(about(findings, idle)).toEqual([]);
});

describe('Metadata', () => {
  it.each<[string, string, readonly string[]]>([
    ['of a resource', template('    Metadata: { Portcullis: { public: { because: it is } } }\n'), ['GET /a']],
    ['of a resource, the reason alone', template('    Metadata: { Portcullis: { public: it is } }\n'), ['GET /a']],
    ['of the template', template('', 'Metadata: { Portcullis: { public: { get /a: it is } } }\n'), ['GET /a']],
    [
      'a comment on the key of a resource',
      template('').replace('  GetA:', '  # portcullis: public because it is\n  GetA:'),
      ['GET /a'],
    ],
    [
      'a comment in the first line of a resource',
      template('').replace('Route\n', 'Route # portcullis: public because it is\n'),
      ['GET /a'],
    ],
    ['Fn::If', template('    Metadata: { Portcullis: { public: { Fn::If: [X, it is, it is not] } } }\n'), []],
    ['Metadata that is Fn::If', template('    Metadata: { Fn::If: [X, { Portcullis: { public: it is } }, 1] }\n'), []],
    ['a reason from a parameter', template('    Metadata: { Portcullis: { public: { because: !Ref Why } } }\n'), []],
    [
      'a day from a parameter',
      template('    Metadata: { Portcullis: { public: { because: it is, until: !Ref Day } } }\n'),
      [],
    ],
    ['true', template('    Metadata: { Portcullis: { public: true } }\n'), []],
    [
      'a strange key',
      template('    Metadata: { Portcullis: { public: { because: it is, untli: "2027-01-31" } } }\n'),
      [],
    ],
    ['a whole template', template('', 'Metadata: { Portcullis: { public: it is } }\n'), []],
    ['the API', template('').replace('  Api:', '  # portcullis: public because it is\n  Api:'), []],
  ])('%s', async (_name, text, decided) => {
    const { report, findings } = await check({ 'template.yml': text }, ['--step', 'authorization']);
    const found = routesOf(report).filter((route) => route.decided);
    expect(found.map(({ method, path }) => `${method} ${path}`)).toEqual(decided);
    expect(about(findings, open).filter((one) => !one.suppressed).length).toBe(2 - decided.length);
    expect(about(findings, idle).length > 0).toBe(decided.length === 0);
  });

  it('of serverless.json lies below resources', async () => {
    const json = JSON.stringify({
      service: 'orders',
      provider: { name: 'aws', runtime: 'nodejs22.x' },
      functions: { createOrder: { handler: 'a.b', events: [{ http: 'GET /a' }, { http: 'GET /b' }] } },
      resources: { Metadata: { Portcullis: { public: { 'GET /a': { because: 'it is', until: '2027-01-31' } } } } },
    });
    const { report } = await check({ 'serverless.json': json }, ['--step', 'authorization']);
    const decided = routesOf(report).map(({ path, decided: by }) => [path, by?.public]);
    expect(decided).toEqual([
      ['/a', 'it is'],
      ['/b', undefined],
    ]);
  });

  it('of a nested template does not reach the outer one, nor the other way round', async () => {
    const outer = (extra: string) =>
      `${template('').replace('Resources:', `${extra}Resources:\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties: { TemplateURL: inner.yml }`)}`;
    const inner = (extra: string) => template('', extra).replaceAll('/a', '/c').replaceAll('/b', '/d');
    const allow = `Metadata: { Portcullis: { allow: [{ rule: ${open}, because: it is }] } }\n`;
    for (const [files, left] of [
      [{ 'outer.yml': outer(allow), 'inner.yml': inner('') }, ['/c', '/d']],
      [{ 'outer.yml': outer(''), 'inner.yml': inner(allow) }, ['/a', '/b']],
    ] as const) {
      const { findings } = await check(files, ['outer.yml', '--step', 'authorization']);
      const counted = about(findings, open).flatMap((one) => (one.suppressed ? [] : [one.route?.split(' ')[2]]));
      expect(counted.toSorted()).toEqual(left);
    }
  });
});

describe('allow', () => {
  const two = service('- http: GET /a', '- http: GET /b');

  it.each<[string, string, number]>([
    ['one event', service('- http: GET /a # portcullis: allow route-is-open because it is', '- http: GET /b'), 1],
    [
      'a function',
      two.replace('  createOrder:', '  # portcullis: allow route-is-open because it is\n  createOrder:'),
      0,
    ],
    [
      'several rules',
      service(
        '- http: GET /a # portcullis: allow route-is-open, authorization/no-such-rule because it is',
        '- http: GET /b',
      ),
      2,
    ],
    ['the whole file', `# portcullis: allow ${open} because it is\n\n${two}`, 0],
    ['the first key only, without a blank line', `# portcullis: allow ${open} because it is\n${two}`, 2],
    [
      'another rule',
      service('- http: GET /a # portcullis: allow route-may-be-open because it is', '- http: GET /b'),
      2,
    ],
  ])('%s', async (_name, text, left) => {
    const found = await standing(text);
    expect(found.open.length).toBe(left);
    expect(found.idle.length).toBe(left === 2 ? 1 : 0);
  });

  it('of a rule with one finding for several places needs all of them', async () => {
    const events = (first: string) =>
      service(
        `- http: { path: a, method: get, authorizer: "\${ssm:/one}" }${first}`,
        '- http: { path: b, method: get, authorizer: "${ssm:/one}" }',
      );
    const rule = 'authorization/authorization-is-unknown';
    const one = await check({ 'serverless.yml': events(` # portcullis: allow ${rule} because it is`) });
    expect(about(one.findings, rule).map(({ suppressed }) => suppressed?.by)).toEqual([undefined]);
    const all = await check({
      'serverless.yml': events('').replace('    events:', `    # portcullis: allow ${rule} because it is\n    events:`),
    });
    expect(about(all.findings, rule).map(({ suppressed }) => suppressed?.by)).toEqual(['allow']);
  });

  it('covers a statement in the source of a function, and no comment of Python', async () => {
    const template = (runtime: string) =>
      `Resources:
  Auth:
    Type: AWS::Lambda::Function
    Properties: { Handler: auth.handler, Runtime: ${runtime}, CodeUri: ., Role: x }
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: { Name: orders }
  Authorizer:
    Type: AWS::ApiGateway::Authorizer
    Properties: { RestApiId: !Ref Api, Type: TOKEN, Name: a, AuthorizerUri: !Sub "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/\${Auth.Arn}/invocations" }
  Method:
    Type: AWS::ApiGateway::Method
    Properties: { RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: CUSTOM, AuthorizerId: !Ref Authorizer, Integration: { Type: MOCK } }
`
        .replace('AWS::Lambda::Function', 'AWS::Serverless::Function')
        .replace(', Role: x', '')
        .replace('Resources', 'Transform: AWS::Serverless-2016-10-31\nResources');
    const rule = 'authorization/authorizer-logs-token';
    const js = [
      'exports.handler = async (event) => {',
      '  COMMENT',
      '  console.log(event.authorizationToken);',
      "  throw new Error('Unauthorized');",
      '};',
      '',
    ].join('\n');
    const said = async (text: string) => {
      const { findings } = await check({ 'template.yml': template('nodejs22.x'), 'auth.js': text }, ['template.yml']);
      return about(findings, rule).map(({ suppressed }) => suppressed?.by);
    };
    expect(await said(js)).toEqual([undefined]);
    expect(await said(js.replace('COMMENT', '// portcullis: allow authorizer-logs-token because it is'))).toEqual([
      'allow',
    ]);
    const py =
      'def handler(event, context):\n    # portcullis: allow authorizer-logs-token because it is\n    print(event["authorizationToken"])\n    raise Exception("Unauthorized")\n';
    const { findings } = await check({ 'template.yml': template('python3.12'), 'auth.py': py }, ['template.yml']);
    expect(about(findings, rule).map(({ suppressed }) => suppressed?.by)).toEqual([undefined]);
    expect(about(findings, idle).map(({ location }) => location.file)).toEqual(['auth.py']);
  });

  it('in a dependency decides nothing', async () => {
    const part = '# portcullis: public because it is\nhandler: a.b\nevents:\n  - http: GET /a\n';
    const text = `${service('- http: GET /b')}  other: \${file(node_modules/x/other.yml)}\n`;
    const found = await standing(text, { 'node_modules/x/other.yml': part });
    expect(found.open.length).toBe(2);
    expect(found.idle.length).toBe(1);
    const own = await standing(text.replace('node_modules/x', 'parts'), { 'parts/other.yml': part });
    expect(own.decided).toEqual(['GET /a']);
  });

  it('is not remarked on when its step was not asked', async () => {
    const text = service('- http: { path: a, method: get, authorizer: aws_iam } # portcullis: public because it is');
    const { findings } = await check({ 'serverless.yml': text }, ['--step', 'secrets']);
    expect(findings.filter(({ rule }) => rule.endsWith('/decision-has-no-effect'))).toEqual([]);
  });
});

describe('--strict-suppressions', () => {
  const text = service('- http: POST /orders # portcullis: public because webhooks are signed');
  const argv = ['--strict-suppressions', '--step', 'authorization'];

  it('lets no decision count that nobody approved', async () => {
    const { code, findings } = await check({ 'serverless.yml': text }, argv);
    expect(code).toBe(1);
    expect(about(findings, open)[0]?.suppressed).toBeUndefined();
    const [refused] = about(findings, idle);
    expect(refused).toMatchObject({ severity: 'error', location: { line: 7 } });
    expect(refused?.fix).toBe(
      '# .portcullis/approvers.yml\n- public: "POST /orders"\n  file: "serverless.yml"\n  by: NAME',
    );
  });

  it.each<[string, string, boolean]>([
    ['the route', '- { public: POST /orders, by: Ada }', true],
    ['the route in this file', '- { public: POST /orders, file: serverless.yml, by: Ada, because: I looked }', true],
    ['a list below a key', 'approved:\n  - { public: POST /orders, by: Ada, until: 2026-11-22 }', true],
    ['another route', '- { public: GET /orders, by: Ada }', false],
    ['another file', '- { public: POST /orders, file: other/serverless.yml, by: Ada }', false],
    ['a rule and not the decision', `- { rule: ${open}, route: POST /orders, by: Ada }`, false],
    ['an approval that is over', '- { public: POST /orders, by: Ada, until: 2026-11-21 }', false],
  ])('an approval of %s', async (_name, approvers, counts) => {
    const { code, findings } = await check({ 'serverless.yml': text, '.portcullis/approvers.yml': approvers }, argv);
    expect(about(findings, open)[0]?.suppressed !== undefined).toBe(counts);
    expect(code).toBe(counts ? 0 : 1);
    const unused = about(findings, idle).filter(({ location }) => location.file === '.portcullis/approvers.yml');
    expect(unused.length).toBe(counts ? 0 : 1);
  });

  it('takes the entry that its error shows, for a rule by its fingerprint', async () => {
    const allowed = service('- http: POST /orders # portcullis: allow route-is-open because webhooks are signed');
    const first = await check({ 'serverless.yml': allowed }, argv);
    const entry = about(first.findings, idle)[0]?.fix ?? '';
    const second = await check({ 'serverless.yml': allowed, 'ok.yml': entry }, [...argv, '--approvers', 'ok.yml']);
    expect(second.code).toBe(0);
    expect(about(second.findings, idle)).toEqual([]);
  });

  it.each<[string, string, readonly string[]]>([
    ['no list', 'public: GET /a', argv],
    ['nobody', '- { public: POST /orders }', argv],
    ['nothing', '- { by: Ada, rule: route-is-open }', argv],
    ['a key that has no meaning', '- { public: POST /orders, by: Ada, unitl: 2027-01-31 }', argv],
    ['a day that is none', '- { public: POST /orders, by: Ada, until: 2027-02-30 }', argv],
    ['the file without the option', '- { public: POST /orders, by: Ada }', ['--approvers', 'serverless.yml']],
    ['a file that is missing', '', ['--strict-suppressions', '--approvers', 'nothing.yml']],
  ])('%s is an error', async (_name, approvers, args) => {
    const files = { 'serverless.yml': text, '.portcullis/approvers.yml': approvers };
    const { code, stderr } = await portcullis(files, ['check', ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error [A-Z_]+/);
  });
});

describe('a baseline', () => {
  const text = service('- http: POST /orders', '- http: GET /health');
  const files = { 'services/serverless.yml': text };
  const written = async (from: Files = files) => {
    const ran = await portcullis(from, ['check', '--write-baseline', 'base.json']);
    return { ...ran, baseline: ran.written.get('/project/base.json') ?? '' };
  };

  it('holds what was found, in a stable order, and is written beside the same report', async () => {
    const first = await written();
    expect(first.code).toBe(1);
    expect(first.stdout).toMatch(/Baseline with \d+ findings written to base\.json\.\n$/);
    const content = JSON.parse(first.baseline) as { findings: { file: string; rule: string }[] };
    expect(new Set(content.findings.map(({ file }) => file))).toEqual(new Set(['services/serverless.yml']));
    expect(content.findings.map(({ rule }) => rule)).toEqual(content.findings.map(({ rule }) => rule).toSorted());
    expect((await written()).baseline).toBe(first.baseline);
  });

  it('lets only what is new count, wherever the command runs and wherever the lines are', async () => {
    const { baseline } = await written();
    const moved = text.replace('functions:', '# one\n# two\nfunctions:').replace('POST /orders', 'POST /orders # x');
    for (const setting of [{}, { directory: '/project/services' }]) {
      const name = setting.directory ? '../base.json' : 'base.json';
      const { code, report, findings } = await check(
        { 'services/serverless.yml': moved, 'base.json': baseline },
        ['--baseline', name, '--fail-on', 'note'],
        setting,
      );
      expect(code).toBe(0);
      expect(findings.every(({ suppressed }) => suppressed?.by === 'baseline')).toBe(true);
      // It postpones; it closes nothing.
      expect([...report.projects][0]?.gates.authorization).toBe('open');
    }
    const more = {
      'services/serverless.yml': service('- http: POST /orders', '- http: DELETE /orders'),
      'base.json': baseline,
    };
    const { code, findings } = await check(more, ['--baseline', 'base.json']);
    expect(code).toBe(1);
    expect(about(findings, open).flatMap((one) => (one.suppressed ? [] : [one.route]))).toEqual([
      'ApiGatewayRestApi DELETE /orders',
    ]);
  });

  it('does not hide what got worse', async () => {
    const { baseline } = await written();
    const content = JSON.parse(baseline) as { findings: { rule: string; severity: string; state: string }[] };
    for (const [key, value] of [
      ['severity', 'note'],
      ['state', 'half-open'],
    ] as const) {
      const better = content.findings.map((entry) => (entry.rule === open ? { ...entry, [key]: value } : entry));
      const { findings } = await check({ ...files, 'base.json': JSON.stringify({ ...content, findings: better }) }, [
        '--baseline',
        'base.json',
      ]);
      expect(about(findings, open).some(({ suppressed, severity }) => severity === 'error' && suppressed)).toBe(false);
    }
  });

  it('says what is fixed, and shrinks without growing', async () => {
    const { baseline } = await written();
    const later = {
      'services/serverless.yml': service('- http: GET /health', '- http: PUT /new'),
      'base.json': baseline,
    };
    const { stdout, written: out } = await portcullis(later, [
      'check',
      '--baseline',
      'base.json',
      '--write-baseline',
      'base.json',
    ]);
    expect(stdout).toMatch(/\d+ findings? of the baseline (?:is|are) fixed\./);
    const before = JSON.parse(baseline) as { findings: { message: string }[] };
    const after = JSON.parse(out.get('/project/base.json') ?? '') as typeof before;
    expect(after.findings.length).toBeLessThan(before.findings.length);
    expect(before.findings).toEqual(expect.arrayContaining(after.findings));
    expect(JSON.stringify(after)).not.toContain('PUT /new');
  });

  it('counts nothing as fixed that was not looked at', async () => {
    const { baseline } = await written();
    const { stdout } = await portcullis({ ...files, 'base.json': baseline }, [
      'check',
      '--step',
      'secrets',
      '--baseline',
      'base.json',
    ]);
    expect(stdout).not.toContain('fixed');
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['another document', '{"version": 1, "findings": []}'],
    ['another version', '{"tool": "portcullis", "version": 2, "findings": []}'],
    ['a strange entry', '{"tool": "portcullis", "version": 1, "findings": [{"fingerprint": "x"}]}'],
    ['a list', '[]'],
  ])('%s is refused in one error', async (_name, content) => {
    const { code, stdout, stderr } = await portcullis({ ...files, 'base.json': content }, [
      'check',
      '--baseline',
      'base.json',
    ]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.match(/^error /gm)).toHaveLength(1);
  });
});

describe('fingerprints', () => {
  const prints = async (files: Files, argv: readonly string[], setting: Setting = {}) => {
    const { findings } = await check(files, argv, setting);
    return findings.map(({ rule, message, fingerprint }) => `${fingerprint} ${rule} ${message}`).toSorted();
  };
  const text = service('- http: POST /orders', '- http: GET /health');

  it('are the same from every folder, and when keys change places', async () => {
    const files = { 'services/a/serverless.yml': text };
    const expected = await prints(files, []);
    expect(await prints(files, ['serverless.yml'], { directory: '/project/services/a' })).toEqual(expected);
    expect(await prints(files, ['services'])).toEqual(expected);
    const [first = '', second = '', ...rest] = text.split('\n');
    const swapped = { 'services/a/serverless.yml': [second, ...rest.slice(0, -1), first, ''].join('\n') };
    expect(await prints(swapped, [])).toEqual(expected);
  });

  it('differ between two services', async () => {
    const one = await check({ 'a/serverless.yml': text });
    const two = await check({ 'b/serverless.yml': text });
    const all = [...one.findings, ...two.findings].map(({ fingerprint }) => fingerprint);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('formats', () => {
  const text = service('- http: POST /orders # portcullis: public until 2027-01-31 because webhooks are signed');

  it('pretty lists what was decided, with the reason', async () => {
    const { stdout } = await portcullis({ 'serverless.yml': text }, ['check', '--step', 'authorization']);
    expect(stdout).toMatch(
      /decided in the files\n +serverless\.yml:7:28 {2}public: POST \/orders, until 2027-01-31, because webhooks are\s+signed/,
    );
    expect(stdout).toContain('1 suppressed');
  });

  it('SARIF says where it was decided', async () => {
    const { stdout } = await portcullis({ 'serverless.yml': text }, [
      'check',
      '--step',
      'authorization',
      '-f',
      'sarif',
    ]);
    const { runs } = JSON.parse(stdout) as { runs: { results: { ruleId: string; suppressions?: unknown[] }[] }[] };
    const result = runs[0]?.results.find(({ ruleId }) => ruleId === open);
    expect(result?.suppressions).toMatchObject([
      {
        kind: 'inSource',
        justification: 'webhooks are signed (until 2027-01-31)',
        location: { physicalLocation: { region: { startLine: 7 } } },
      },
    ]);
  });
});
