import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteReport } from '../src/contract/index.ts';
import { type InputError, type Project, stepIds } from '../src/project/index.ts';
import { assess, steps } from '../src/steps/index.ts';
import { buildPrograms, readWithExec } from './support/programs.ts';
import { readFiles } from './support/read.ts';

// One service, the shop, in every format that Portcullis reads: the inventory and the findings must be the same. Two of each: `open`
// has an opening in every step, `guarded` has none.

const variants = ['open', 'guarded'] as const;
type Variant = (typeof variants)[number];

/** The first is what the others are compared with. `as` is the name under which the file is checked. */
const formats = [
  { name: 'serverless.yml', file: 'serverless/$.yml', as: 'serverless.yml' },
  { name: 'serverless.ts', file: 'serverless-ts/$.ts', as: 'serverless.ts' },
  { name: 'SAM', file: 'sam/$.yaml', as: 'template.yaml' },
  { name: 'CDK output', file: 'cdk/cdk.out/$.template.json', as: 'cdk.out/shop.template.json' },
  { name: 'OpenAPI in CloudFormation', file: 'openapi/$.yaml', as: 'template.yaml' },
] as const;
type FormatName = (typeof formats)[number]['name'];

interface Difference {
  readonly in: readonly FormatName[];
  readonly variant: Variant;
  /** Lines that only these formats have, as `shown` writes them without what the route leads to. */
  readonly lines: readonly string[];
  readonly why: string;
}

/** What a format does by itself. Whatever else differs is a mistake of a reader or of a rule. */
const differences: readonly Difference[] = [
  {
    in: ['serverless.yml', 'serverless.ts'],
    variant: 'open',
    lines: [
      'deployment-bucket/bucket-per-service warning on provider.deploymentBucket',
      'deployment-bucket/no-customer-key note on provider.deploymentBucket',
    ],
    why: 'only the Serverless Framework has a deployment bucket that the service decides about',
  },
  {
    in: ['OpenAPI in CloudFormation'],
    variant: 'open',
    lines: ['authorization/deployment-is-stale warning on RestDeployment'],
    why: 'osls, SAM and the CDK give the deployment a new logical id by themselves',
  },
  ...variants.flatMap((variant): readonly Difference[] => [
    {
      in: ['SAM'],
      variant,
      lines: ['rest OPTIONS /orders/{id}', 'rest OPTIONS /partner/stock'],
      why: 'Cors of SAM puts a preflight on every path',
    },
    {
      in: ['CDK output'],
      variant,
      lines: ['rest OPTIONS /orders/{id}'],
      why: 'defaultCorsPreflightOptions of the CDK hold for the resources below as well',
    },
  ]),
];

interface Shown {
  /** `rest GET /orders` -> its gates and what it reaches. */
  readonly routes: ReadonlyMap<string, string>;
  /** `rule severity on subject`, with `public` or `allow` before it when somebody decided so. */
  readonly findings: readonly string[];
}

const read = new Map<string, { project: Project; report: ReturnType<typeof assess>['report']; shown: Shown }>();
const fixture = (file: string) => readFileSync(join(import.meta.dirname, 'fixtures', 'formats', file), 'utf8');

let programs = '';
beforeAll(() => {
  programs = buildPrograms();
  for (const variant of variants) {
    for (const { name, file, as } of formats) {
      const files = { [as]: fixture(file.replace('$', variant)) };
      const { project, errors }: { project: Project | undefined; errors: readonly InputError[] } = as.endsWith('.ts')
        ? readWithExec(programs, files)
        : readFiles(files);
      if (!project || errors.length > 0)
        throw new Error(`${name}, ${variant}: ${errors.map(({ message }) => message).join('; ')}`);
      read.set(`${name} ${variant}`, { project, ...show(project) });
    }
  }
});
afterAll(() => rmSync(programs, { recursive: true, force: true }));

function of(name: FormatName, variant: Variant) {
  const found = read.get(`${name} ${variant}`);
  if (!found) throw new Error(`${name}, ${variant} was not read`);
  return found;
}

function show(project: Project): { report: ReturnType<typeof assess>['report']; shown: Shown } {
  const { report, findings } = assess(project, steps);
  const kinds = new Map(project.apis.map(({ id, kind }) => [id, kind]));
  const routes = report.apis.flatMap(({ id, routes }) =>
    routes.map((route) => [`${kinds.get(id)} ${route.method} ${route.path}`, inventory(route)] as const),
  );
  // Subjects are in what rules say; findings have the severity and what was decided.
  const subjects = new Map<string, string>();
  for (const { rules } of steps)
    for (const rule of rules)
      for (const { span, subject } of rule.check(project)) {
        const { line, column } = span.file.position(span.start);
        subjects.set(`${rule.id} ${line}:${column}`, subject);
      }
  return {
    report,
    shown: {
      routes: new Map(routes),
      findings: findings
        .map(({ rule, severity, location, suppressed }) => {
          const subject = subjects.get(`${rule} ${location.line}:${location.column}`);
          if (subject === undefined) throw new Error(`${rule} at line ${location.line} has no subject`);
          return `${suppressed ? `${suppressed.by} ` : ''}${rule} ${severity} on ${common(subject, kinds)}`;
        })
        .sort(),
    },
  };
}

/** Everything that the report says of a route but names and places. */
function inventory({ gates, decided, reaches }: RouteReport): string {
  const { authorization, key, plan, firewall } = gates;
  return JSON.stringify({
    authorization: `${authorization.state} ${authorization.kind}`,
    key: key.required,
    plan,
    firewall: firewall.state,
    decided: decided?.public,
    reaches: reaches.map(({ type, access }) => `${access} ${type}`).sort(),
  });
}

/** A subject with the kind of an API in the place of its id, and the logical ids of the shop in that of the framework's. */
function common(subject: string, kinds: ReadonlyMap<string, string>): string {
  const [first = ''] = subject.split(/[ /]/, 1);
  const kind = kinds.get(first);
  if (kind !== undefined) return kind + subject.slice(first.length);
  const path = /^(?:functions\.(\w+)\.environment|Resources\.(\w+)\.Properties\.Environment\.Variables)\.(\w+)$/.exec(
    subject,
  );
  if (path) return `${plainId(path[1] ?? path[2] ?? '')} ${path[3]}`;
  return plainId(subject);
}

/** Ids that a framework makes from the names of the shop: `RestApiPartnerKey077FE9CF`, `ApiGatewayApiKey1`, `createOrder`. */
function plainId(id: string): string {
  const bare = id.replace(/[0-9A-F]{8}$/, '').replace(/^RestApi(?=.)/, '');
  const renamed: Readonly<Record<string, string>> = { ApiGatewayApiKey1: 'PartnerKey', createOrder: 'CreateOrder' };
  return renamed[bare] ?? bare;
}

describe.each(variants)('the %s shop', (variant) => {
  const [first, ...others] = formats;
  const own = (name: FormatName) =>
    differences.filter((one) => one.variant === variant && one.in.includes(name)).flatMap(({ lines }) => lines);

  it.each(formats)('is read completely from $name', ({ name }) => {
    const { project, report } = of(name, variant);
    expect(report.unread).toEqual([]);
    expect(project.apis.map(({ kind }) => kind).sort()).toEqual(['http', 'rest', 'url']);
  });

  it.each(others)('has the same routes in $name', ({ name }) => {
    const expected = of(first.name, variant).shown.routes;
    const routes = new Map(of(name, variant).shown.routes);
    for (const line of own(name)) {
      if (!/^\w+ [A-Z]+ \//.test(line)) continue;
      // Each line of the table is used, and a preflight more is a preflight that is closed.
      expect(routes.get(line), line).toContain('"authorization":"closed preflight"');
      routes.delete(line);
    }
    expect(Object.fromEntries(routes)).toEqual(Object.fromEntries(expected));
  });

  it.each(others)('has the same findings in $name', ({ name }) => {
    const without = (format: FormatName) => {
      const lines = own(format).filter((line) => line.includes(' on '));
      const { findings } = of(format, variant).shown;
      expect(findings, `the table of differences for ${format}`).toEqual(expect.arrayContaining(lines));
      return findings.filter((line) => !lines.includes(line));
    };
    expect(without(name)).toEqual(without(first.name));
  });
});

describe('the open shop', () => {
  it.each(formats)('has an opening in every step in $name', ({ name }) => {
    const { report } = of(name, 'open');
    const open = Object.entries(report.gates).filter(([, state]) => state !== 'closed');
    expect(open.map(([step]) => step)).toEqual(stepIds.filter((step) => !report.notApplicable.includes(step)));
    expect(of(name, 'open').shown.findings).toEqual(
      expect.arrayContaining([
        'authorization/function-url-is-open error on url ANY /',
        'authorization/route-is-open error on http POST /v2/orders',
        'authorization/route-is-open error on rest POST /orders',
        'secrets/literal-secret error on CreateOrder PAYMENT_PASSWORD',
      ]),
    );
  });
});

describe('the guarded shop', () => {
  it.each(formats)('has every gate closed in $name', ({ name }) => {
    const { report, shown } = of(name, 'guarded');
    expect(new Set(Object.values(report.gates))).toEqual(new Set(['closed']));
    expect(shown.findings).toEqual([
      'allow firewall/function-url-cannot-have-web-acl note on url',
      'allow firewall/http-api-cannot-have-web-acl note on http',
      'public authorization/route-is-open error on rest GET /products',
    ]);
  });

  it.each(formats.filter(({ name }) => !name.startsWith('serverless')))(
    'has no deployment bucket in $name',
    ({ name }) => {
      expect(of(name, 'guarded').report.notApplicable).toEqual(['deployment-bucket']);
    },
  );
});
