import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

// A service packaged by the real osls, then its compiled template as a plugin or a careless hand would leave it.
const root = fileURLToPath(new URL('../../../', import.meta.url));
const bin = join(root, 'packages/portcullis/bin/portcullis.cjs');
let packaged = '';
let folder = '';

const service = `service: orders
provider:
  name: aws
  runtime: nodejs22.x
functions:
  list:
    handler: src/orders.list
    events:
      - http:
          method: get
          path: orders
          authorizer: { name: customers, type: COGNITO_USER_POOLS, arn: !GetAtt Pool.Arn }
  remove:
    handler: src/orders.remove
    events:
      - http: DELETE /orders/{id}
resources:
  Resources:
    Pool:
      Type: AWS::Cognito::UserPool
`;

beforeAll(() => {
  packaged = mkdtempSync(join(tmpdir(), 'portcullis-packaged-'));
  mkdirSync(join(packaged, 'src'));
  writeFileSync(join(packaged, 'serverless.yml'), service);
  writeFileSync(
    join(packaged, 'src/orders.js'),
    'exports.list = exports.remove = async () => ({ statusCode: 200 });\n',
  );
  execFileSync(process.execPath, [join(root, 'node_modules/osls/bin/serverless.js'), 'package'], {
    cwd: packaged,
    stdio: 'pipe',
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none', AWS_REGION: 'us-east-1' },
  });
}, 120_000);

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'portcullis-compiled-')), 'service');
  cpSync(packaged, folder, { recursive: true, filter: (path) => !path.includes('node_modules') });
});

afterAll(() => rmSync(packaged, { recursive: true, force: true }));

const template = () => join(folder, '.serverless/cloudformation-template-update-stack.json');

type Resources = Record<string, { Type: string; Properties: Record<string, unknown> }>;

function edit(change: (resources: Resources) => void): void {
  const compiled = JSON.parse(readFileSync(template(), 'utf8')) as { Resources: Resources };
  change(compiled.Resources);
  writeFileSync(template(), JSON.stringify(compiled, null, 2));
}

function check(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'check', '--compiled', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

interface Json {
  readonly projects: {
    file: string;
    apis: {
      routes: {
        method: string;
        path: string;
        location: { file: string };
        gates: { authorization: { state: string } };
      }[];
    }[];
  }[];
  readonly findings: { rule: string; message: string; location: { file: string; line: number }; question?: string }[];
  readonly errors: { code: string }[];
}

const json = (...args: string[]): Json => JSON.parse(check('--format', 'json', '--fail-on', 'never', ...args).stdout);
const differences = () => json().findings.filter(({ rule }) => rule.startsWith('exposure/'));

describe('check --compiled', () => {
  it('agrees with the source where nothing was changed, and shows findings where they are edited', () => {
    const { projects, findings, errors } = json();
    expect(errors).toEqual([]);
    expect(differences()).toEqual([]);
    expect(projects.map(({ file }) => file)).toEqual(['serverless.yml']);
    expect(findings.find(({ rule }) => rule === 'authorization/route-is-open')).toMatchObject({
      message: expect.stringContaining('DELETE /orders/{id}'),
      location: { file: 'serverless.yml', line: 16 },
    });
    const source = JSON.parse(
      spawnSync(process.execPath, [bin, 'check', '--format', 'json', '--fail-on', 'never'], {
        cwd: folder,
        encoding: 'utf8',
      }).stdout,
    ) as Json;
    expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(source.findings.map(({ rule }) => rule)));
  });

  it('says where the template opens what the source closed', () => {
    edit((resources) => {
      const method = resources['ApiGatewayMethodOrdersGet'];
      if (!method) throw new Error('osls names the method otherwise');
      method.Properties['AuthorizationType'] = 'NONE';
      delete method.Properties['AuthorizerId'];
    });
    expect(differences()).toEqual([
      expect.objectContaining({
        rule: 'exposure/route-opened',
        message: expect.stringMatching(
          /^Compared with the source, the compiled template opens GET \/orders to everyone/,
        ),
        location: expect.objectContaining({ file: 'serverless.yml', line: 9 }),
        question: expect.stringContaining('a plugin'.replace(/^a/, 'A')),
      }),
    ]);
    expect(check().status).toBe(1);
    const route = json().projects[0]?.apis[0]?.routes.find(({ method }) => method === 'GET');
    expect(route?.gates.authorization.state).toBe('open');
  });

  it('takes what a plugin closed for closed', () => {
    edit((resources) => {
      const [open, closed] = [resources['ApiGatewayMethodOrdersIdVarDelete'], resources['ApiGatewayMethodOrdersGet']];
      if (!open || !closed) throw new Error('osls names the methods otherwise');
      open.Properties['AuthorizationType'] = closed.Properties['AuthorizationType'];
      open.Properties['AuthorizerId'] = closed.Properties['AuthorizerId'];
    });
    expect(differences().map(({ rule }) => rule)).toEqual(['exposure/route-closed']);
    expect(json().findings.map(({ rule }) => rule)).not.toContain('authorization/route-is-open');
  });

  it('says that a template is older than its source', () => {
    writeFileSync(join(folder, 'serverless.yml'), service.replace(/ {10}authorizer: .*\n/, ''));
    utimesSync(template(), new Date('2026-01-01'), new Date('2026-01-01'));
    expect(differences()).toEqual([
      expect.objectContaining({
        rule: 'exposure/route-closed',
        question: expect.stringContaining('older than the source'),
      }),
    ]);
  });

  it('refuses where nothing was packaged, and still says how the source stands', () => {
    rmSync(join(folder, '.serverless'), { recursive: true });
    const { status, stdout } = check('--format', 'json');
    expect(status).toBe(2);
    expect((JSON.parse(stdout) as Json).errors.map(({ code }) => code)).toEqual(['NOT_COMPILED']);
    expect((JSON.parse(stdout) as Json).projects).toHaveLength(1);
  });

  it('checks what a program compiled to without running it', () => {
    rmSync(join(folder, 'serverless.yml'));
    writeFileSync(
      join(folder, 'serverless.ts'),
      'export default { service: "orders", provider: { name: "aws" }, functions: {} };\n',
    );
    const { projects, errors } = json();
    expect(errors).toEqual([]);
    expect(projects[0]?.apis[0]?.routes).toHaveLength(2);
  });

  it('asks for cdk synth where a CDK app has no output', () => {
    writeFileSync(join(folder, 'cdk.json'), '{"app": "node app.js"}');
    expect(json().errors.map(({ code }) => code)).toEqual(['NOT_COMPILED']);
    mkdirSync(join(folder, 'cdk.out'));
    cpSync(template(), join(folder, 'cdk.out/Orders.template.json'));
    const { projects, errors } = json();
    expect(errors).toEqual([]);
    expect(projects.map(({ file }) => file)).toContain('cdk.out/Orders.template.json');
  });
});
