import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeInfos } from '../src/exposure/index.ts';

const explained = changeInfos.map(({ id }) => id);

// The real command in real repositories: what a pull request opens, and nothing else.
const bin = fileURLToPath(new URL('../bin/portcullis.cjs', import.meta.url));
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-since-'));
  git('init', '--quiet', '--initial-branch=main');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=dev', '-c', 'user.email=dev@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' });
}

function commit(files: Readonly<Record<string, string>>): void {
  write(files);
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', 'a state');
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function since(revision: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'check', '--since', revision, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function changes(revision = 'HEAD'): { kind: string; change: string; message: string; location: { line: number } }[] {
  const { stdout, stderr } = since(revision, '--format', 'json', '--fail-on', 'never');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout).changes;
}

const head = `service: orders
provider:
  name: aws
  runtime: nodejs22.x
  apiGateway:
    apiKeys:
      - gold: [acme]
    usagePlan:
      - gold:
          quota: { limit: 1000, period: DAY }
          throttle: { rateLimit: 10, burstLimit: 20 }
  iam:
    role:
      statements:
        - Effect: Allow
          Action: [dynamodb:PutItem]
          Resource: !GetAtt OrdersTable.Arn
`;
const tail = `resources:
  Resources:
    OrdersTable:
      Type: AWS::DynamoDB::Table
    CustomersTable:
      Type: AWS::DynamoDB::Table
    Pool:
      Type: AWS::Cognito::UserPool
      Properties: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } }
`;
const authorizer = 'authorizer: { name: customers, type: COGNITO_USER_POOLS, arn: !GetAtt Pool.Arn';
const event = (method: string, path: string, more = '') =>
  `      - http:\n          method: ${method}\n          path: '${path}'\n${more === '' ? '' : `          ${more}\n`}`;
const service = (...events: string[]) =>
  `${head}functions:\n  orders:\n    handler: src/orders.handler\n    events:\n${events.join('')}${tail}`;
const closed = `${authorizer} }`;

const template = (resources: string) => `service: orders
provider: { name: aws, runtime: nodejs22.x }
resources:
  Resources:
${resources}`;
const code = `    First: { Type: AWS::Lambda::Function, Properties: { Handler: a.b, Runtime: nodejs22.x, Role: 'arn:aws:iam::123456789012:role/orders' } }
    Second: { Type: AWS::Lambda::Function, Properties: { Handler: c.d, Runtime: nodejs22.x, Role: 'arn:aws:iam::123456789012:role/orders' } }
`;
const urls = (second: string) =>
  template(`${code}    FirstUrl: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: !Ref First, AuthType: NONE } }
    SecondUrl: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: !Ref Second, AuthType: ${second} } }
`);
const twin = (
  name: string,
  type: string,
) => `    ${name}Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: ${name}, ProtocolType: HTTP } }
    ${name}Way: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref ${name}Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt First.Arn } }
    ${name}Route: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref ${name}Api, RouteKey: GET /orders, AuthorizationType: ${type}, Target: !Sub 'integrations/\${${name}Way}' } }
`;
const twins = (second: string) => template(`${code}${twin('One', 'NONE')}${twin('Second', second)}`);
const stage = (rate: number) =>
  `    Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref OneApi, StageName: $default, AutoDeploy: true, DefaultRouteSettings: { ThrottlingRateLimit: ${rate}, ThrottlingBurstLimit: 5 } } }
`;
const watched = 'VisibilityConfig: { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: m }';
const group = (name: string, priority: number, managed: string) =>
  `          - { Name: ${name}, Priority: ${priority}, OverrideAction: { None: {} }, ${watched}, Statement: { ManagedRuleGroupStatement: { VendorName: AWS, Name: ${managed} } } }
`;
const firewall = template(`    Acl:
      Type: AWS::WAFv2::WebACL
      Properties:
        Scope: REGIONAL
        DefaultAction: { Allow: {} }
        ${watched}
        Rules:
${group('common', 1, 'AWSManagedRulesCommonRuleSet')}${group('sql', 2, 'AWSManagedRulesSQLiRuleSet')}          - { Name: rate, Priority: 3, Action: { Block: {} }, ${watched}, Statement: { RateBasedStatement: { Limit: 1000, AggregateKeyType: IP } } }
`);

const issued = (issuer: string, audience: string) => `service: orders
provider:
  name: aws
  runtime: nodejs22.x
  httpApi:
    authorizers:
      people: { type: jwt, identitySource: $request.header.Authorization, issuerUrl: '${issuer}', audience: [${audience}] }
functions:
  orders:
    handler: a.b
    events:
      - httpApi: { method: GET, path: /orders, authorizer: { name: people } }
      - httpApi: { method: PUT, path: /orders, authorizer: { name: people } }
`;

interface Case {
  readonly before: string;
  readonly after: string;
  /** `kind change: part of the message`; empty when nothing may be said. */
  readonly says: readonly string[];
}

const base = service(event('get', 'orders', closed), event('delete', 'orders/{id}', closed));

const cases: Readonly<Record<string, Case>> = {
  'an authorizer that is gone': {
    before: base,
    after: service(event('get', 'orders', closed), event('delete', 'orders/{id}')),
    says: ['opens route-opened: opens DELETE /orders/{id} to everyone; it writes OrdersTable'],
  },
  'a new open route': {
    before: base,
    after: service(event('get', 'orders', closed), event('delete', 'orders/{id}', closed), event('post', 'export')),
    says: ['opens route-opened: opens POST /export to everyone; it writes OrdersTable'],
  },
  'a new open route that somebody decided': {
    before: base,
    after: service(
      event('get', 'orders', closed),
      event('delete', 'orders/{id}', closed),
      event('post', 'export', '# portcullis: public because the export holds no data of customers'),
    ),
    says: ['opens route-opened: opens POST /export to everyone'],
  },
  'a closed route whose requests now fall to an open one': {
    before: service(event('get', 'orders', closed), event('any', '{proxy+}')),
    after: service(event('any', '{proxy+}')),
    says: [
      'weakens route-falls-to-wider-one: removes GET /orders, which was closed by customers: its requests now fall to ANY /{proxy+}',
    ],
  },
  'a role that reaches more from an open route': {
    before: service(event('post', 'orders')),
    after: service(event('post', 'orders')).replace(
      '!GetAtt OrdersTable.Arn',
      '[!GetAtt OrdersTable.Arn, !GetAtt CustomersTable.Arn]',
    ),
    says: [
      'opens open-route-reaches-more: lets everyone who calls POST /orders get further: it now writes CustomersTable',
    ],
  },
  'a quota that is gone': {
    before: base,
    after: base.replace('          quota: { limit: 1000, period: DAY }\n', ''),
    says: ['weakens quota-removed: removes the quota of plan orders-gold-dev (1000 requests per day)'],
  },
  'a quota with a longer period and the same share of a day': {
    before: base,
    after: base.replace('limit: 1000, period: DAY', 'limit: 7000, period: WEEK'),
    says: [],
  },
  'a throttle that is raised': {
    before: base,
    after: base.replace('rateLimit: 10', 'rateLimit: 500'),
    says: ['weakens rate-raised: raises the throttle rate of plan orders-gold-dev from 10 requests per second to 500'],
  },
  'limits that are lowered': {
    before: base,
    after: base.replace('rateLimit: 10', 'rateLimit: 5'),
    says: ['closes rate-lowered: lowers the throttle rate of plan orders-gold-dev'],
  },
  'a key that is no longer asked for': {
    before: service(event('get', 'orders', `${closed}\n          private: true`)),
    after: service(event('get', 'orders', closed)),
    says: ['weakens key-no-longer-required: no longer asks for an API key on GET /orders'],
  },
  'an authorizer in the place of another': {
    before: base,
    after: base.replace(closed, 'authorizer: aws_iam'),
    says: ['weakens authorizer-changed: lets others call GET /orders'],
  },
  'an issuer in the place of another': {
    before: issued('https://login.example.com/', 'orders'),
    after: issued('https://login.example.net/', 'orders'),
    says: [
      'weakens authorizer-trusts-others: makes the authorizer of GET /orders believe the issuer https://login.example.net/',
    ],
  },
  'one more audience': {
    before: issued('https://login.example.com/', 'orders'),
    after: issued('https://login.example.com/', 'orders, billing'),
    says: ['weakens authorizer-trusts-others: makes the authorizer of GET /orders believe the audience billing'],
  },
  'one audience less': {
    before: issued('https://login.example.com/', 'orders, billing'),
    after: issued('https://login.example.com/', 'orders'),
    says: [],
  },
  'a scope that is gone': {
    before: service(event('get', 'orders', `${authorizer}, scopes: [orders/read] }`)),
    after: service(event('get', 'orders', closed)),
    says: ['weakens scopes-widened: no longer asks for a scope on GET /orders'],
  },
  'a scope that is asked for from now on': {
    before: service(event('get', 'orders', closed)),
    after: service(event('get', 'orders', `${authorizer}, scopes: [orders/read] }`)),
    says: [],
  },
  'a route that is closed': {
    before: service(event('get', 'orders')),
    after: service(event('get', 'orders', closed)),
    says: ['closes route-closed: closes GET /orders: open before, closed by customers now'],
  },
  'a secret in plain text': {
    before: base,
    after: base.replace(
      '  runtime: nodejs22.x\n',
      '  runtime: nodejs22.x\n  environment:\n    DB_PASSWORD: cor7rect-horse-batt3ry\n',
    ),
    says: ['opens finding: adds: '],
  },
  'moved lines and comments': {
    before: base,
    after: `# A comment.\n\n${service(event('delete', 'orders/{id}', closed), event('get', 'orders', closed))}`,
    says: [],
  },
  'a path parameter with another name': {
    before: base,
    after: base.replace('orders/{id}', 'orders/{orderId}'),
    says: [],
  },
  'an authorizer with another name': {
    before: base,
    after: base.replaceAll('name: customers', 'name: people'),
    says: [],
  },
  'a new closed route': {
    before: base,
    after: service(
      event('get', 'orders', closed),
      event('delete', 'orders/{id}', closed),
      event('put', 'orders/{id}', closed),
    ),
    says: [],
  },
  'a second function URL that becomes open beside an open one': {
    before: urls('AWS_IAM'),
    after: urls('NONE'),
    says: [
      'opens route-opened: opens the function URL of Second to everyone',
      'weakens finding: adds: Function URL SecondUrl cannot have a web ACL',
    ],
  },
  'a route of the same name in another API': {
    before: twins('AWS_IAM'),
    after: twins('NONE'),
    says: [
      'opens route-opened: opens GET /orders to everyone',
      'weakens finding: adds: HTTP API Second cannot have a web ACL',
    ],
  },
  'an API with another logical id': {
    before: twins('AWS_IAM'),
    after: twins('AWS_IAM').replaceAll('SecondApi', 'OtherApi'),
    says: ['weakens finding: adds: The HTTP API Second has no throttle of its own'],
  },
  'something else that is allowed about a route that opens': {
    before: service(event('get', 'orders', `${closed}\n          private: true`)),
    after: `# portcullis: allow authorization/no-access-log because logs are kept by the proxy before it\n\n${service(event('get', 'orders'))}`,
    says: ['opens route-opened: opens GET /orders to everyone', 'weakens key-no-longer-required'],
  },
  'an open route that gets a role from elsewhere': {
    before: urls('AWS_IAM'),
    after: urls('AWS_IAM').replace('role/orders', 'role/admin'),
    says: ['weakens open-route-reaches-unknown: lets everyone who calls the function URL of First get to what'],
  },
  'a web ACL whose rules refuse less': {
    before: firewall,
    after: firewall
      .replace('Limit: 1000', 'Limit: 20000')
      .replace('Name: AWSManagedRulesSQLiRuleSet', 'Name: AWSManagedRulesAmazonIpReputationList')
      .replace(
        'Name: AWSManagedRulesCommonRuleSet',
        'Name: AWSManagedRulesCommonRuleSet, ExcludedRules: [{ Name: GenericRFI_BODY }]',
      ),
    says: [
      'weakens web-acl-rule-narrowed: makes the rule common of the web ACL Acl count or allow what GenericRFI_BODY refused',
      'weakens web-acl-rule-narrowed: makes the rule sql of the web ACL Acl no longer apply the group AWS/AWSManagedRulesSQLiRuleSet',
      'weakens web-acl-rule-narrowed: makes the rule rate of the web ACL Acl refuse later: after 20000',
    ],
  },
  'a web ACL whose rate rule counts in a shorter window': {
    before: firewall,
    after: firewall.replace('Limit: 1000', 'Limit: 200, EvaluationWindowSec: 60'),
    says: [],
  },
  'a throttle of a stage that is raised': {
    before: `${twins('AWS_IAM')}${stage(10)}`,
    after: `${twins('AWS_IAM')}${stage(5000)}`,
    says: [
      'weakens throttle-raised: raises the throttle of the API of GET /orders from 10 requests per second to 5000',
    ],
  },
  'an open route that is split by method': {
    before: service(event('any', 'orders')),
    after: service(event('get', 'orders'), event('post', 'orders')),
    says: [],
  },
};

describe('check --since says what a change lets through', () => {
  it.each(Object.entries(cases))('%s', (_name, { before, after, says }) => {
    commit({ 'serverless.yml': before });
    write({ 'serverless.yml': after });
    const all = changes();
    for (const { change } of all) if (change !== 'finding') expect(explained).toContain(`exposure/${change}`);
    const found = all.map(({ kind, change, message }) => `${kind} ${change}: ${message}`);
    expect(found).toEqual(says.map((text) => expect.stringContaining(text)));
  });
});

describe('check --since', () => {
  it('recognises a service whose folder was renamed', () => {
    commit({ 'a/serverless.yml': service(event('post', 'orders')), 'a/src/x.js': '' });
    renameSync(join(folder, 'a'), join(folder, 'b'));
    expect(changes()).toEqual([]);
  });

  it('says nothing of a state that did not change, and answers 0', () => {
    commit({ 'serverless.yml': service(event('post', 'orders')) });
    const { status, stdout } = since('HEAD');
    expect(stdout).toMatch(/^Nothing that is let through has changed since HEAD \([0-9a-f]{12}\)\.\nExit code 0/);
    expect(status).toBe(0);
  });

  it('answers 1 when something opens and names the place of today', () => {
    commit({ 'serverless.yml': base });
    write({ 'serverless.yml': `# One line more.\n${cases['a new open route']?.after ?? ''}` });
    const { status, stdout } = since('HEAD');
    expect(status).toBe(1);
    expect(stdout).toContain(
      'This change opens POST /export to everyone; it writes OrdersTable.\n  serverless.yml:31:9\n',
    );
  });

  it('compares with the place where the branches parted, not with what others did since', () => {
    commit({ 'serverless.yml': base, 'other/serverless.yml': service(event('post', 'orders')) });
    git('checkout', '--quiet', '-b', 'topic');
    commit({ 'README.md': 'topic' });
    git('checkout', '--quiet', 'main');
    commit({ 'other/serverless.yml': service(event('post', 'orders', closed)) });
    git('checkout', '--quiet', 'topic');
    expect(changes('main')).toEqual([]);
  });

  it('reads includes, folders that are new, and files outside git as they were', () => {
    commit({
      'serverless.yml': base.replace('functions:\n', 'functions:\n  more: ${file(more.yml)}\n'),
      'more.yml': 'handler: a.b\n',
    });
    write({
      'more.yml': 'handler: a.b\nevents:\n  - http: GET /open\n',
      'new/serverless.yml': service(event('get', 'fresh')),
    });
    expect(changes().map(({ message }) => message.split(';')[0])).toEqual([
      'opens GET /fresh to everyone',
      'opens GET /open to everyone',
    ]);
  });

  it('takes a state that could not be read before as one that let nothing through', () => {
    commit({ 'serverless.yml': 'service: [' });
    write({ 'serverless.yml': service(event('post', 'orders')) });
    expect(changes().map(({ change }) => change)).toContain('route-opened');
    expect(since('HEAD').status).toBe(1);
  });

  it.each([
    ['an unknown revision', 'nowhere', 'REVISION_UNKNOWN'],
    ['a revision that looks like an option', '--upload-pack=x', 'REVISION_UNKNOWN'],
    ['an empty revision', '', 'REVISION_UNKNOWN'],
  ])('refuses %s', (_name, revision, code) => {
    commit({ 'serverless.yml': base });
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'check', `--since=${revision}`], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(code);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('refuses outside a repository', () => {
    rmSync(join(folder, '.git'), { recursive: true });
    write({ 'serverless.yml': base });
    expect(since('HEAD')).toMatchObject({ status: 2, stderr: expect.stringContaining('REVISION_UNKNOWN') });
  });

  it('writes JSON that its schema accepts, SARIF, a comment and annotations', () => {
    commit({ 'serverless.yml': base });
    write({ 'serverless.yml': cases['an authorizer that is gone']?.after ?? '' });
    const schema = JSON.parse(
      readFileSync(fileURLToPath(new URL('../schema/since.schema.json', import.meta.url)), 'utf8'),
    );
    const validate = new Ajv2020({ strict: true }).compile(schema);
    const json = JSON.parse(since('HEAD', '--format', 'json').stdout);
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    const sarif = JSON.parse(since('HEAD', '--format', 'sarif').stdout);
    expect(sarif.runs[0].results).toHaveLength(1);
    expect(sarif.runs[0].results[0]).toMatchObject({ ruleId: 'exposure/route-opened', level: 'error' });
    const comment = since('HEAD', '--format', 'markdown').stdout;
    expect(comment).toContain('**opens DELETE /orders/\\{id\\} to everyone; it writes OrdersTable**');
    expect(since('HEAD', '--format', 'github').stdout).toMatch(/^::error file=serverless\.yml,line=\d+,/);
  });

  it('prints no secret', () => {
    commit({ 'serverless.yml': base });
    write({ 'serverless.yml': cases['a secret in plain text']?.after ?? '' });
    for (const format of ['pretty', 'json', 'sarif', 'markdown', 'github', 'html', 'junit', 'gitlab'])
      expect(since('HEAD', '--format', format).stdout).not.toContain('horse');
  });
});
