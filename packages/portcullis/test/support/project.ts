import {
  type Api,
  type Integration,
  known,
  type PolicyStatement,
  type Project,
  type Resource,
  type Route,
  SourceFile,
} from '../../src/project/index.ts';

// Model objects made by hand, for tests that need a model and no file.

const file = new SourceFile('template.yml', 'x');
export const span = { file, start: 0, end: 1 };
export const scalar = (value: string) => ({ kind: 'scalar', value, span }) as const;

/** A project with nothing in it but the given parts. */
export function projectWith(parts: Partial<Project> = {}): Project {
  const file = parts.file ?? new SourceFile('serverless.yml', '');
  return {
    file,
    format: 'serverless',
    name: undefined,
    stage: undefined,
    files: [file],
    apis: [],
    authorizers: [],
    apiKeys: [],
    usagePlans: [],
    functions: [],
    permissions: [],
    roles: [],
    webAcls: [],
    webAclAssociations: [],
    userPools: [],
    userPoolClients: [],
    identityPools: [],
    customDomains: [],
    distributions: [],
    deployments: [],
    loadBalancers: [],
    listeners: [],
    targetGroups: [],
    securityGroups: [],
    containerServices: [],
    buckets: [],
    kmsKeys: [],
    resources: new Map(),
    deploymentBucket: undefined,
    configuration: [],
    plugins: [],
    ignored: [],
    unread: [],
    ...parts,
  };
}

/** `POST /orders` without authorization or key, unless the parts say otherwise. */
export function routeWith(parts: Partial<Route>): Route {
  const route = { method: 'POST', path: '/orders', ...parts };
  return {
    id: `Api ${route.method} ${route.path}`,
    span,
    integration: { kind: 'unknown', reason: 'is not part of the test', span },
    authorization: known({ kind: 'none' }),
    scopes: known([]),
    apiKeyRequired: known(false),
    preflight: false,
    ...route,
  };
}

/** A public REST API without stages and routes. */
export function apiWith(parts: Partial<Api>): Api {
  return {
    id: 'Api',
    kind: 'rest',
    name: undefined,
    span,
    endpoint: known('EDGE'),
    resourcePolicy: known([]),
    resourcePolicySpan: undefined,
    keySource: known('HEADER'),
    defaultEndpointDisabled: known(false),
    stages: [],
    routes: [],
    unreadRoutes: [],
    ...parts,
  };
}

/** An integration with a function of the project. */
export function callOf(id: string): Integration {
  return { kind: 'function', function: known({ kind: 'local', id }), span };
}

/** Allow for everyone to call every route. */
export function statementWith(parts: Partial<PolicyStatement>): PolicyStatement {
  return {
    span,
    effect: known('Allow'),
    actions: [known('execute-api:Invoke')],
    notActions: [],
    resources: [scalar('execute-api:/*')],
    notResources: [],
    principals: [known('*')],
    notPrincipals: undefined,
    conditions: [],
    ...parts,
  };
}

/** A resource without properties. */
export function resourceWith(id: string, type: string): Resource {
  return {
    id,
    type,
    span,
    properties: { kind: 'map', entries: [], span },
    condition: undefined,
    dependsOn: [],
    deletionPolicy: undefined,
    generated: false,
  };
}
