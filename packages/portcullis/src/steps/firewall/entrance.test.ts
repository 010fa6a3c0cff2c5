import { describe, expect, it } from 'vitest';
import { projectWith } from '../../../test/support/project.ts';
import {
  type Fact,
  known,
  type Listener,
  type ListenerAction,
  type ListenerCondition,
  type LoadBalancer,
  type SecurityGroupIngress,
  SourceFile,
  unknown,
} from '../../project/index.ts';
import { isClosedToStrangers, reachability, unprovenEntrances } from './entrance.ts';

const span = { file: new SourceFile('template.yml', ''), start: 0, end: 0 };
const forward: ListenerAction = { type: 'forward', targetGroups: [], redirectProtocol: undefined, span };
const login: ListenerAction = { ...forward, type: 'authenticate-oidc' };
const refuse: ListenerAction = { ...forward, type: 'fixed-response' };

const balancer = (groups: LoadBalancer['securityGroups']): LoadBalancer => ({
  id: 'Balancer',
  name: undefined,
  span,
  scheme: known('internet-facing'),
  type: known('application'),
  securityGroups: groups,
});

function listener(parts: Partial<Listener>): Listener {
  return {
    id: 'Listener',
    span,
    loadBalancer: known({ kind: 'local', id: 'Balancer' }),
    port: known(443),
    protocol: known('HTTPS'),
    defaultActions: [forward],
    rules: [],
    mutualTls: undefined,
    ...parts,
  };
}

function ingress(parts: Partial<SecurityGroupIngress>): SecurityGroupIngress {
  return {
    span,
    cidr: undefined,
    sourceGroup: undefined,
    prefixList: undefined,
    fromPort: known(443),
    toPort: known(443),
    protocol: known('tcp'),
    ...parts,
  };
}

describe('who reaches a listener', () => {
  const world = known('0.0.0.0/0');
  const local: Fact<{ kind: 'local'; id: string }> = known({ kind: 'local', id: 'Group' });
  it.each([
    ['everyone on its port', [ingress({ cidr: world })], 'everywhere'],
    ['everyone by IPv6', [ingress({ cidr: known('::/0') })], 'everywhere'],
    ['everyone on another port', [ingress({ cidr: world, fromPort: known(22), toPort: known(22) })], 'restricted'],
    ['everyone on all ports', [ingress({ cidr: world, fromPort: known(0), toPort: known(65535) })], 'everywhere'],
    ['everyone with protocol -1', [ingress({ cidr: world, protocol: known('-1'), fromPort: known(1) })], 'everywhere'],
    ['everyone by UDP', [ingress({ cidr: world, protocol: known('udp') })], 'restricted'],
    ['everyone on undecided ports', [ingress({ cidr: world, fromPort: unknown('is a parameter') })], 'everywhere'],
    ['an office', [ingress({ cidr: known('192.0.2.0/24') })], 'restricted'],
    ['another group', [ingress({ sourceGroup: local })], 'restricted'],
    ['a prefix list', [ingress({ prefixList: known('pl-1') })], 'restricted'],
    ['an undecided range', [ingress({ cidr: unknown('is a parameter') })], 'undecided'],
    ['nobody', [], 'restricted'],
  ] as const)('%s', (_name, rules, kind) => {
    const project = projectWith({ securityGroups: [{ id: 'Group', span, ingress: rules }] });
    expect(reachability(project, balancer([local]), listener({})).kind).toBe(kind);
  });

  it.each([
    ['everyone', ingress({ cidr: world }), 'everywhere'],
    ['an office, and whom its other rules admit', ingress({ cidr: known('192.0.2.0/24') }), 'undecided'],
  ])('a rule on a group elsewhere admits %s', (_name, rule, kind) => {
    const group = { id: 'sg-1', span, elsewhere: true, ingress: [rule] };
    const outside = known({ kind: 'external', name: 'sg-1' } as const);
    expect(reachability(projectWith({ securityGroups: [group] }), balancer([outside]), listener({})).kind).toBe(kind);
  });

  it('is not decided without the group in the files', () => {
    expect(reachability(projectWith(), balancer([local]), listener({})).kind).toBe('undecided');
    expect(reachability(projectWith(), balancer([]), listener({})).kind).toBe('undecided');
    expect(reachability(projectWith(), balancer([unknown('is a parameter')]), listener({})).kind).toBe('undecided');
  });

  it('is everyone for a Network Load Balancer without groups', () => {
    const network = { ...balancer([]), type: known('network' as const) };
    expect(reachability(projectWith(), network, listener({})).kind).toBe('everywhere');
  });
});

describe('what proves the sender to a listener', () => {
  const condition = (field: ListenerCondition['field'], header: string | undefined, value: string) => ({
    field,
    header,
    values: [{ kind: 'scalar' as const, value, span }],
    span,
  });
  const only = (...conditions: readonly ListenerCondition[]) => ({
    defaultActions: [refuse],
    rules: [{ id: 'Rule', span, conditions, actions: [forward] }],
  });
  it.each([
    ['nothing', {}, 1],
    ['a refusal alone', { defaultActions: [refuse] }, 0],
    ['a login', { defaultActions: [login, forward] }, 0],
    ['a login that lets everyone through', { defaultActions: [{ ...login, optional: true }, forward] }, 1],
    ['mutual TLS', { mutualTls: known('verify') }, 0],
    ['a certificate that is only passed on', { mutualTls: known('passthrough') }, 1],
    ['a path', only(condition('path-pattern', undefined, '/orders')), 1],
    ['a secret header', only(condition('http-header', 'X-Origin-Verify', 's')), 0],
    ['any value in a header', only(condition('http-header', 'X-Origin-Verify', '*')), 1],
    ['the id of the API in a header', only(condition('http-header', 'x-amzn-apigateway-api-id', 'abc')), 1],
    ['a user agent', only(condition('http-header', 'User-Agent', 'Mozilla*')), 1],
    ['an address', only(condition('source-ip', undefined, '192.0.2.0/24')), 0],
    ['every address', only(condition('source-ip', undefined, '0.0.0.0/0')), 1],
    [
      'a secret header on one path, and a forward by default',
      { ...only(condition('http-header', 'X-S', 's')), defaultActions: [forward] },
      1,
    ],
  ] as const)('%s', (_name, parts, count) => {
    const project = projectWith({ listeners: [listener(parts)] });
    expect(unprovenEntrances(project, balancer([]), 'is a proof')).toHaveLength(count);
  });

  it('a login does not replace a web ACL, a secret header and a restricted group do', () => {
    const closed = (parts: Partial<Listener>) =>
      isClosedToStrangers(projectWith({ listeners: [listener(parts)] }), balancer([]));
    expect(closed({ defaultActions: [login, forward] })).toBe(false);
    expect(closed(only(condition('http-header', 'X-Origin-Verify', 's')))).toBe(true);
    expect(isClosedToStrangers(projectWith(), balancer([]))).toBe(false);
  });
});
