import { entry, get, items, type MapNode, type Node, type Span, stringOf, textOf } from '../../project/index.ts';
import { makeMap, type Plain } from '../serverless/lower/nodes.ts';
import { changePaths, methodsOf, withEntry } from './body.ts';
import { anyMethod, given, normalizeMethod } from './context.ts';

const policyKey = 'x-amazon-apigateway-policy';

/** `Auth.ResourcePolicy` of the API: for the methods of all paths, and `CustomStatements`. */
export function applyResourcePolicy(body: MapNode, policy: Node, stage: Node | undefined): MapNode {
  const methods = methodsByPath(body);
  const statements = [...methods].flatMap(([path, verbs]) => statementsOf(policy, resourcesOf(path, verbs, stage)));
  return addCustomStatements(addStatements(body, statements, policy.span), policy);
}

/** `ResourcePolicy` of events: for the methods of their paths. */
export function applyEventPolicies(
  body: MapNode,
  policies: readonly { readonly policy: Node; readonly path: string }[],
  stage: Node | undefined,
): MapNode {
  const [first] = policies;
  if (!first) return body;
  const methods = methodsByPath(body);
  const statements = policies.flatMap(({ policy, path }) => {
    const custom = given(get(policy, 'CustomStatements'));
    const own = statementsOf(policy, resourcesOf(path, methods.get(path) ?? new Set(), stage));
    return custom ? [...own, ...items(custom)] : own;
  });
  return addStatements(body, statements, first.policy.span);
}

function statementsOf(policy: Node, resources: readonly Plain[]): readonly Plain[] {
  const statements: Plain[] = [];
  const { span } = policy;
  const say = (key: string): Node | undefined => given(get(policy, key));
  const place = (key: string): Span => entry(policy, key)?.keySpan ?? span;
  const both = (at: Span, condition: Plain) => {
    const statement = { Action: 'execute-api:Invoke', Resource: resources, Principal: '*' };
    statements.push(
      makeMap(at, { Effect: 'Allow', ...statement }),
      makeMap(at, { Effect: 'Deny', ...statement, Condition: condition }),
    );
  };
  for (const [key, effect] of [
    ['AwsAccountWhitelist', 'Allow'],
    ['AwsAccountBlacklist', 'Deny'],
  ] as const) {
    const accounts = say(key);
    if (!accounts) continue;
    const principals = items(accounts).map((one) => textOf(one) ?? one);
    const statement = { Effect: effect, Action: 'execute-api:Invoke', Resource: resources };
    statements.push(makeMap(place(key), { ...statement, Principal: { AWS: principals } }));
  }
  for (const [key, operator] of [
    ['IpRangeWhitelist', 'NotIpAddress'],
    ['IpRangeBlacklist', 'IpAddress'],
  ] as const) {
    const ranges = say(key);
    if (ranges) both(place(key), { [operator]: { 'aws:SourceIp': items(ranges) } });
  }
  for (const [list, operator] of [
    ['Blacklist', 'StringEquals'],
    ['Whitelist', 'StringNotEquals'],
  ] as const) {
    const plain = items(say(`SourceVpc${list}`));
    const begins = (prefix: string) => plain.filter((one) => stringOf(one)?.startsWith(prefix));
    const networks = [...begins('vpc-'), ...items(say(`IntrinsicVpc${list}`))];
    const endpoints = [...begins('vpce-'), ...items(say(`IntrinsicVpce${list}`))];
    if (networks.length + endpoints.length === 0) continue;
    const condition: Record<string, Plain> = {};
    if (networks.length > 0) condition['aws:SourceVpc'] = networks;
    if (endpoints.length > 0) condition['aws:SourceVpce'] = endpoints;
    both(span, { [operator]: condition });
  }
  return statements;
}

function addCustomStatements(body: MapNode, policy: Node): MapNode {
  const custom = given(get(policy, 'CustomStatements'));
  return custom ? addStatements(body, items(custom), custom.span) : body;
}

function addStatements(body: MapNode, statements: readonly Plain[], span: Span): MapNode {
  if (statements.length === 0) return body;
  const before = items(get(get(body, policyKey), 'Statement'));
  const policy = makeMap(span, { Version: '2012-10-17', Statement: [...before, ...statements] });
  return withEntry(body, policyKey, policy, span);
}

function methodsByPath(body: MapNode): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  changePaths(body, (path, item) => {
    const group = found.get(path) ?? new Set<string>();
    for (const method of methodsOf(item)) group.add(normalizeMethod(method));
    found.set(path, group);
    return item;
  });
  return found;
}

/** `execute-api:/stage/METHOD/path` for each method of the path; parameters are `*`. */
function resourcesOf(path: string, methods: ReadonlySet<string>, stage: Node | undefined): readonly Plain[] {
  const place = path.replace(/\{[\w.+-]+\}/g, '*');
  return [...methods].map((method) => ({
    'Fn::Sub': [
      `execute-api:/\${__Stage__}/${method === anyMethod ? '*' : method.toUpperCase()}${place}`,
      { __Stage__: stage ?? '*' },
    ],
  }));
}
