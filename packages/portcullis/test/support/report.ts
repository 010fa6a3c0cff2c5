import type { Finding, ProjectReport, Report, RouteReport } from '../../src/contract/index.ts';
import { SourceFile } from '../../src/project/index.ts';
import { createRedactor } from '../../src/report/index.ts';
import type { RenderOptions } from '../../src/report/options.ts';

/** A service with one open and one closed route and a key in the environment, as reports see it. */
const source = new SourceFile(
  'serverless.yml',
  [
    'service: orders',
    'provider:',
    '  name: aws',
    '  environment:',
    '    API_KEY: s3cr3t-value-9',
    'functions:',
    '  createOrder:',
    '    handler: src/orders.create',
    '    events:',
    '      - http: POST /orders',
    '      - http: GET /orders',
    '',
  ].join('\n'),
);

function locationOf(text: string, file = source) {
  const start = file.text.indexOf(text);
  if (start === -1) throw new Error(`${text} is not in the sample`);
  const from = file.position(start);
  const to = file.position(start + text.length);
  return { file: file.path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

function pointOf(text: string) {
  const { file, line, column } = locationOf(text);
  return { file, line, column };
}

export function finding(changes: Partial<Finding> = {}): Finding {
  return {
    rule: 'authorization/route-is-open',
    step: 'authorization',
    severity: 'error',
    state: 'open',
    message: 'POST /orders has no authorizer',
    location: locationOf('POST /orders'),
    rank: 0,
    fingerprint: '0123456789abcdef0123456789abcdef',
    ...changes,
  };
}

const openRoute: RouteReport = {
  method: 'POST',
  path: '/orders',
  function: 'createOrder',
  location: pointOf('POST /orders'),
  gates: {
    authorization: { state: 'open', kind: 'none', name: null },
    key: { required: false },
    plan: { state: 'open', throttle: null, quota: null },
    firewall: { state: 'open' },
  },
  reaches: [{ resource: 'OrdersTable', type: 'AWS::DynamoDB::Table', access: 'write' }],
};

export function projectReport(changes: Partial<ProjectReport> = {}): ProjectReport {
  return {
    file: 'serverless.yml',
    format: 'serverless',
    name: 'orders',
    stage: 'dev',
    gates: {
      authorization: 'open',
      'usage-plans': 'half-open',
      firewall: 'unknown',
      secrets: 'open',
      'deployment-bucket': 'closed',
    },
    notApplicable: ['deployment-bucket'],
    apis: [
      {
        id: 'ApiGatewayRestApi',
        kind: 'rest',
        name: 'dev-orders',
        location: pointOf('provider:'),
        routes: [
          openRoute,
          {
            ...openRoute,
            method: 'GET',
            location: pointOf('GET /orders'),
            gates: {
              authorization: { state: 'closed', kind: 'jwt', name: 'customers' },
              key: { required: null },
              plan: { state: 'closed', throttle: { rate: 10, burst: null }, quota: { limit: 1000, period: 'DAY' } },
              firewall: { state: 'unknown' },
            },
            reaches: [],
          },
        ],
      },
    ],
    unread: [],
    ...changes,
  };
}

export const report: Report = {
  version: 1,
  projects: [projectReport()],
  findings: [
    finding({
      path: ['POST /orders', 'createOrder', 'OrdersRole', 'OrdersTable (write)'],
      route: 'ApiGatewayRestApi POST /orders',
      fix: 'functions:\n  createOrder:\n    events:\n      - http:\n          authorizer: customers\n',
      rank: 5,
    }),
    finding({
      rule: 'secrets/literal-secret',
      step: 'secrets',
      message: 'API_KEY in provider.environment is a secret in plain text',
      location: locationOf('s3cr3t-value-9'),
      related: [{ message: 'the function that receives it', location: locationOf('createOrder') }],
      fingerprint: '1123456789abcdef0123456789abcdef',
    }),
    finding({
      rule: 'usage-plans/no-throttle',
      step: 'usage-plans',
      severity: 'warning',
      state: 'half-open',
      message: 'No stage or method throttle is set',
      question: 'Is the account limit of 10,000 requests per second enough?',
      location: locationOf('service: orders'),
      fingerprint: '2123456789abcdef0123456789abcdef',
    }),
    finding({
      rule: 'usage-plans/no-quota',
      step: 'usage-plans',
      severity: 'note',
      state: 'closed',
      message: 'The plan has no quota',
      location: locationOf('service: orders'),
      fingerprint: '3123456789abcdef0123456789abcdef',
    }),
  ],
  errors: [],
};

export const emptyReport: Report = { version: 1, projects: [], findings: [], errors: [] };

const secretStart = source.text.indexOf('s3cr3t-value-9');
const secretSpan = { file: source, start: secretStart, end: secretStart + 's3cr3t-value-9'.length };

const ruleOf = (id: string, step: Finding['step'], severity: Finding['severity'], title: string) => ({
  id,
  step,
  severity,
  title,
  attack: 'Anyone who knows the address calls it. Scanners find such addresses within hours of the deployment.',
  fix: { serverless: 'functions:\n  x: {}\n', cloudformation: { notApplicable: 'a template has no such key' } },
  docs: [{ title: 'Control access to a REST API', url: 'https://docs.aws.amazon.com/apigateway/' }],
  mappings: { fsbp: ['APIGateway.8'], owasp: ['API2:2023'], cwe: ['CWE-306'] },
});

export const renderOptions: RenderOptions = {
  screen: { colour: false, unicode: true, width: 100 },
  redactor: createRedactor([secretSpan]),
  source: (file) => (file === source.path ? source : undefined),
  rules: [
    ruleOf('authorization/route-is-open', 'authorization', 'error', 'Route has no authorizer'),
    ruleOf('secrets/literal-secret', 'secrets', 'error', 'Secret in plain text'),
    ruleOf('usage-plans/no-throttle', 'usage-plans', 'warning', 'Nothing limits the rate'),
    ruleOf('usage-plans/no-quota', 'usage-plans', 'note', 'Plan has no quota'),
  ],
  steps: [
    { id: 'authorization', title: 'authorization', question: 'who may enter?' },
    { id: 'usage-plans', title: 'usage plans', question: 'how often?' },
    { id: 'firewall', title: 'firewall', question: 'with what in their hands?' },
    { id: 'secrets', title: 'secrets', question: 'what must nobody read?' },
    { id: 'deployment-bucket', title: 'deployment bucket', question: 'where does the code itself lie?' },
  ],
  version: '0.1.0',
  failOn: 'error',
  base: '',
  times: { began: '2026-11-22T09:30:00.000Z', ended: '2026-11-22T09:30:01.500Z' },
};
