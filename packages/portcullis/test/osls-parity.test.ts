import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disk } from '../src/cli/disk.ts';
import {
  type Authorizer,
  type Fact,
  type Integration,
  type Link,
  type MethodSetting,
  type Node,
  outcomes,
  type Permission,
  type Project,
  type Role,
  type RouteAuthorization,
  type UsagePlan,
} from '../src/project/index.ts';
import { readProjects } from '../src/readers/index.ts';

// What is read from a serverless.yml is compared with what is read from the template that real osls compiles of it. The services are in
// fixtures/osls; `osls package` needs no credentials.

const run = promisify(execFile);
const fixtures = join(import.meta.dirname, 'fixtures', 'osls');
const names = readdirSync(fixtures);
const require = createRequire(import.meta.url);
const osls = require.resolve('osls/bin/serverless.js');
let workspace = '';
const compiled = new Map<string, Project>();
const refused = new Map<string, string>();

beforeAll(async () => {
  workspace = mkdtempSync(join(tmpdir(), 'portcullis-osls-'));
  cpSync(fixtures, workspace, { recursive: true });
  const waiting = [...names];
  const worker = async () => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) await packageService(name);
  };
  await Promise.all([worker(), worker()]);
  // osls takes about a second for a service, and more on a busy machine.
}, 600_000);

afterAll(() => rmSync(workspace, { recursive: true, force: true }));

async function packageService(name: string): Promise<void> {
  const folder = join(workspace, name);
  writeFileSync(join(folder, 'handler.js'), 'exports.main = async () => ({ statusCode: 200 });\n');
  const env = { PATH: process.env['PATH'], HOME: workspace, SLS_TELEMETRY_DISABLED: '1' };
  try {
    await run(process.execPath, [osls, 'package', '--package', 'compiled'], { cwd: folder, env });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    refused.set(name, `${stdout}${stderr}`);
    return;
  }
  compiled.set(name, read(join(folder, 'compiled', 'cloudformation-template-update-stack.json'), 'cloudformation'));
}

function read(path: string, kind: 'serverless' | 'cloudformation'): Project {
  const boundary = join(path, '..');
  const candidate = { kind, path, shown: path, explicit: true, boundary, alone: true };
  const environment = { variables: {}, directory: boundary };
  const [reading] = [...readProjects([candidate], { stage: undefined, params: {} }, disk, environment)];
  expect(reading?.errors.map((error) => error.message)).toEqual([]);
  if (!reading?.project) throw new Error(`${path} gave no project`);
  return reading.project;
}

/** osls names the deployment after the time of packaging. */
const stable = (id: string) => id.replace(/^ApiGatewayDeployment\d+$/, 'ApiGatewayDeployment');

function plain<T, U>(fact: Fact<T>, convert: (value: T) => U): unknown {
  const all = outcomes(fact).map((outcome) => (outcome.kind === 'known' ? convert(outcome.value) : 'unknown'));
  return all.length === 1 ? all[0] : all;
}

const link = (value: Link) => (value.kind === 'local' ? stable(value.id) : value.name);
const same = <T>(value: T) => value;

function node(value: Node | undefined): unknown {
  if (!value) return undefined;
  switch (value.kind) {
    case 'scalar':
      return value.value;
    case 'list':
      return value.items.map(node);
    case 'map':
      return Object.fromEntries(value.entries.map((entry) => [entry.key, node(entry.value)]));
    case 'reference':
      return `\${${value.id}${value.attribute ? `.${value.attribute}` : ''}}`;
    case 'text':
      return value.parts.map((part) => (typeof part === 'string' ? part : node(part))).join('');
    default:
      return value.kind;
  }
}

function authorization(value: RouteAuthorization): unknown {
  return value.kind === 'authorizer' ? { ...value, authorizer: plain(value.authorizer, link) } : value;
}

function integration(value: Integration): unknown {
  switch (value.kind) {
    case 'function':
      return { kind: value.kind, function: plain(value.function, link) };
    case 'http':
      return {
        kind: value.kind,
        uri: plain(value.uri, same),
        private: plain(value.private, same),
        headers: value.headers.map((header) => [header.name, node(header.value)]),
      };
    case 'service':
      return { kind: value.kind, service: value.service };
    case 'containers':
      return { kind: value.kind, targets: value.targetGroups.map((group) => plain(group, link)) };
    default:
      return { kind: value.kind };
  }
}

const byText = (left: unknown, right: unknown) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1);

function setting({ path, method, dataTrace, logLevel }: MethodSetting) {
  return { path, method, trace: dataTrace && plain(dataTrace, same), level: logLevel && plain(logLevel, same) };
}

function apis(project: Project) {
  return project.apis
    .map((api) => ({
      id: api.id,
      kind: api.kind,
      name: api.name,
      endpoint: plain(api.endpoint, same),
      keySource: plain(api.keySource, same),
      disabled: plain(api.defaultEndpointDisabled, same),
      policy: plain(api.resourcePolicy, (statements) =>
        statements.map((statement) => ({
          effect: plain(statement.effect, same),
          actions: statement.actions.map((action) => plain(action, same)),
          principals: statement.principals?.map((principal) => plain(principal, same)),
          conditions: statement.conditions.map((condition) => [condition.operator, condition.key]),
        })),
      ),
      stages: api.stages.map((stage) => ({
        id: stable(stage.id),
        name: plain(stage.name, same),
        throttles: stage.throttles.length,
        // What it logs of REST APIs, osls sets by calls after the deployment.
        ...(api.kind === 'rest'
          ? {}
          : { logs: stage.accessLogs && plain(stage.accessLogs, same), methods: stage.methods?.map(setting) }),
      })),
      cors: api.cors
        ?.map((grant) => ({
          id: grant.id,
          source: grant.source,
          origins: plain(grant.origins, same),
          credentials: plain(grant.credentials, same),
          reflects: grant.reflects,
        }))
        .sort(byText),
      routes: api.routes
        .map((route) => ({
          id: route.id,
          method: route.method,
          path: route.path,
          authorization: plain(route.authorization, authorization),
          scopes: plain(route.scopes, same),
          key: plain(route.apiKeyRequired, same),
          preflight: route.preflight,
          integration: integration(route.integration),
        }))
        .sort(byText),
    }))
    .sort(byText);
}

function authorizer(value: Authorizer) {
  return {
    id: value.id,
    name: value.name,
    type: value.type,
    api: plain(value.api, link),
    function: value.function && plain(value.function, link),
    pools: value.userPools.map((pool) => plain(pool, link)),
    issuer: value.issuer && plain(value.issuer, same),
    audiences: plain(value.audiences, same),
    sources: plain(value.identitySources, same),
    expression: value.validationExpression && plain(value.validationExpression, same),
    ttl: value.ttl && plain(value.ttl, same),
    simple: plain(value.simpleResponses, same),
  };
}

function plan(value: UsagePlan) {
  return {
    id: value.id,
    name: value.name,
    stages: value.stages.map((stage) => [plain(stage.api, link), plain(stage.stage, same)]),
    rate: value.throttle?.rate && plain(value.throttle.rate, same),
    burst: value.throttle?.burst && plain(value.throttle.burst, same),
    limit: value.quota?.limit && plain(value.quota.limit, same),
    period: value.quota?.period && plain(value.quota.period, same),
    keys: value.keys.map((key) => plain(key, link)),
  };
}

function functions(project: Project) {
  return project.functions
    .map((fn) => ({
      id: fn.id,
      handler: fn.handler,
      role: plain(fn.role, link),
      kmsKey: fn.kmsKey && plain(fn.kmsKey, link),
      environment: fn.environment.map((variable) => [variable.name, node(variable.value)]).sort(byText),
    }))
    .sort(byText);
}

/** osls writes the log groups of some functions one by one; what the statements allow is compared without them. */
function role(value: Role) {
  const statements = value.statements.map((statement) => ({
    effect: plain(statement.effect, same),
    actions: statement.actions.map((action) => plain(action, same)),
    resources: statement.resources.map(node),
  }));
  const logs = (actions: readonly unknown[]) => actions.every((action) => String(action).startsWith('logs:'));
  return {
    id: value.id,
    actions: [...new Set(statements.flatMap((statement) => statement.actions.map(String)))].sort(),
    statements: statements
      .filter((statement) => !logs(statement.actions))
      .flatMap(oneByOne)
      .sort(byText),
    managed: value.managedPolicies.map((policy) => plain(policy, same)),
  };
}

/** One entry per resource: osls gathers the resources of several events in one statement. */
function oneByOne({ effect, actions, resources }: { effect: unknown; actions: unknown[]; resources: unknown[] }) {
  return resources.map((resource) => ({ effect, actions, resource }));
}

function permission(value: Permission) {
  return {
    id: value.id,
    function: plain(value.function, link),
    principal: plain(value.principal, same),
    source: node(value.sourceArn),
    url: value.functionUrlAuthType && plain(value.functionUrlAuthType, same),
  };
}

describe.each(names)('%s', (name) => {
  const yml = () => read(join(fixtures, name, 'serverless.yml'), 'serverless');
  const template = (): Project => {
    const project = compiled.get(name);
    if (!project) throw new Error(`osls made no template of ${name}: ${refused.get(name)}`);
    return project;
  };

  test('the same APIs, routes and authorizations', () => {
    expect(apis(yml())).toEqual(apis(template()));
  });

  test('the same authorizers, keys and plans', () => {
    const facts = (project: Project) => ({
      authorizers: project.authorizers.map(authorizer).sort(byText),
      keys: project.apiKeys.map((key) => [key.id, key.name, plain(key.enabled, same), node(key.value)]).sort(byText),
      plans: project.usagePlans.map(plan).sort(byText),
    });
    expect(facts(yml())).toEqual(facts(template()));
  });

  test('the same functions and roles', () => {
    expect(functions(yml())).toEqual(functions(template()));
    expect(yml().roles.map(role).sort(byText)).toEqual(template().roles.map(role).sort(byText));
  });

  test('the same permissions to call functions from APIs and URLs', () => {
    const callers = ['apigateway.amazonaws.com', 'elasticloadbalancing.amazonaws.com', '*'];
    const facts = (project: Project) =>
      project.permissions
        .map(permission)
        .filter((value) => callers.includes(String(value.principal)))
        .sort(byText);
    expect(facts(yml())).toEqual(facts(template()));
  });

  test('the same load balancers, pools and buckets', () => {
    const facts = (project: Project) => ({
      listeners: project.listeners.map((listener) => [listener.id, listener.rules.length]).sort(byText),
      targets: project.targetGroups
        .map((group) => [group.id, group.functions.map((fn) => plain(fn, link))])
        .sort(byText),
      pools: project.userPools.map((pool) => pool.id).sort(),
      buckets: project.buckets
        .map((bucket) => [bucket.id, plain(bucket.encryption, same), bucket.policy.length])
        .sort(byText),
    });
    expect(facts(yml())).toEqual(facts(template()));
  });

  test('every place lies in a file of the service', () => {
    const project = yml();
    const spans = project.apis.flatMap((api) => [api.span, ...api.routes.map((route) => route.span)]);
    for (const span of spans) {
      expect(project.files).toContain(span.file);
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeLessThanOrEqual(span.file.text.length);
    }
  });
});

test('the services cover what they are meant to', () => {
  expect(names.length).toBeGreaterThanOrEqual(12);
});
