import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Api, PolicyStatement, Project } from '../src/project/index.ts';
import { readFiles } from './support/read.ts';
import { plain } from './support/template.ts';

// What is read from a SAM template is compared with what is read from the template that the real transform makes of it. The templates are
// in fixtures/sam; beside each lies the recording that sam-parity/record.mjs has made with aws-sam-translator.

const fixtures = join(import.meta.dirname, 'fixtures', 'sam');
const names = readdirSync(fixtures)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));

function read(file: string): Project {
  const { project, errors } = readFiles({ [file]: readFileSync(join(fixtures, file), 'utf8') });
  expect(errors.map((error) => error.message)).toEqual([]);
  if (!project) throw new Error(`${file} was not read`);
  return project;
}

/**
 * What may differ: versions and deployments carry a hash of code or routes in their logical ids; the recording was made for the partition
 * `aws`, which the files do not decide.
 */
const comparable = (text: string): string =>
  text.replace(/(Version|Deployment)[0-9a-f]{10}\b/g, '$1').replaceAll('arn:${AWS::Partition}:', 'arn:aws:');

const statement = (one: PolicyStatement): string =>
  [
    plain(one.effect),
    [...new Set(one.actions.map(plain))].join(' '),
    plain(one.resources),
    plain(one.principals),
    plain(one.conditions.map(({ operator, key, values }) => `${operator} ${key} ${plain(values)}`)),
  ].join(' | ');

function apiFacts(api: Api): readonly string[] {
  const { id, kind, endpoint, keySource, defaultEndpointDisabled, stages, routes, resourcePolicy } = api;
  return [
    `api ${kind} ${id} ${plain(endpoint)} keys from ${plain(keySource)} execute-api disabled ${plain(defaultEndpointDisabled)}`,
    ...stages.map((stage) => `stage ${id} ${stage.id} ${plain(stage.name)} ${plain(stage.throttles)}`),
    ...routes.map((route) =>
      [
        `route ${route.id}`,
        plain(route.authorization),
        `scopes ${plain(route.scopes)}`,
        `key ${plain(route.apiKeyRequired)}`,
        plain(route.integration),
        route.preflight ? 'preflight' : '',
      ].join(' | '),
    ),
    ...(resourcePolicy.kind === 'known'
      ? resourcePolicy.value.map((one) => `policy ${id} ${statement(one)}`)
      : [`policy ${id} ${plain(resourcePolicy)}`]),
  ];
}

/** Everything about a project that a rule asks, as lines in an order of their own. */
function facts(project: Project): readonly string[] {
  const lines = [
    ...project.apis.flatMap(apiFacts),
    ...project.authorizers.map(({ span: _, ...rest }) => `authorizer ${plain(rest)}`),
    ...project.apiKeys.map(({ id, enabled }) => `key ${id} ${plain(enabled)}`),
    ...project.usagePlans.map(({ span: _, ...rest }) => `plan ${plain(rest)}`),
    ...project.permissions.map(
      (one) =>
        `permission ${one.id} ${plain(one.function)} ${plain(one.principal)} ${plain(one.sourceArn)} ${plain(one.sourceAccount)} ${plain(one.functionUrlAuthType)}`,
    ),
    ...project.roles.flatMap((role) => [
      `role ${role.id} ${role.managedPolicies.map(plain).sort().join(' ')}`,
      ...role.statements.map((one) => `role ${role.id} ${statement(one)}`),
    ]),
    ...project.functions.map(
      (one) =>
        `function ${one.id} ${one.handler} role ${plain(one.role)} key ${plain(one.kmsKey)} ${one.environment
          .map(({ name, value }) => `${name}=${plain(value)}`)
          .sort()
          .join(' ')}`,
    ),
    ...[...project.resources.values()].flatMap(({ id, type, condition }) =>
      watched.test(type) ? [`resource ${type} ${id} when ${condition}`] : [],
    ),
  ];
  return [...new Set(lines.map(comparable))].sort();
}

/** Methods are compared as routes: the transform puts a second, wider condition around paths whose methods all have one. */
const watched = /^AWS::(?:ApiGateway(?!::Method)|Lambda|IAM|DynamoDB)/;

describe('the SAM fixtures', () => {
  test('are at least fifteen, each with its recording', () => {
    expect(names.length).toBeGreaterThanOrEqual(15);
    expect(readdirSync(fixtures).sort()).toEqual(names.flatMap((name) => [`${name}.json`, `${name}.yaml`]).sort());
  });

  test.each(names)('%s reads as the real transform makes it', (name) => {
    const own = read(`${name}.yaml`);
    expect(own.format).toBe('sam');
    expect(facts(own)).toEqual(facts(read(`${name}.json`)));
  });
});
