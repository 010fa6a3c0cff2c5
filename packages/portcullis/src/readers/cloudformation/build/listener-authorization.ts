import {
  type Fact,
  isMostOfTheInternet,
  known,
  type ListenerCondition,
  mapFact,
  type Node,
  type RouteAuthorization,
  type Span,
  textOf,
  unknown,
  valueOf,
} from '../../../project/index.ts';
import type { ReadAction } from './listener-actions.ts';

/** What leads to a target: a rule of a listener, or its default action. */
export interface Way {
  readonly id: string;
  readonly span: Span;
  readonly conditions: readonly ListenerCondition[];
  readonly actions: readonly ReadAction[];
  readonly mutualTls: Fact<string> | undefined;
}

const loginTypes: Partial<Record<ReadAction['type'], 'oidc' | 'cognito' | 'jwt'>> = {
  'authenticate-oidc': 'oidc',
  'authenticate-cognito': 'cognito',
  'jwt-validation': 'jwt',
};

/**
 * Authentication by the listener before it forwards. A rule that applies only to callers with a certain header or address may
 * be as good as a secret or an allow list, or nothing at all: that is not decided here.
 */
export function authorizationOf(way: Way): Fact<RouteAuthorization> {
  for (const action of way.actions) {
    const type = loginTypes[action.type];
    if (type === undefined) continue;
    const login = known<RouteAuthorization>({ kind: 'listener', type }, action.span);
    if (!action.optional) return login;
    if (action.onlyWhen !== undefined) {
      const none = known<RouteAuthorization>({ kind: 'none' }, way.span);
      return { kind: 'either', condition: action.onlyWhen, options: [login, none] };
    }
  }
  const strange = way.actions.find((action) => action.type === 'unknown');
  if (strange) return unknown('has a listener action that is not decided by the files', strange.span);
  if (way.mutualTls) {
    const mode = mapFact(way.mutualTls, (value) => value === 'verify');
    if (mode.kind === 'unknown') return mode;
    if (valueOf(mode) === true) return known({ kind: 'listener', type: 'mutual-tls' }, way.span);
  }
  for (const condition of way.conditions) {
    if (
      condition.field === 'source-ip' &&
      !isMostOfTheInternet(condition.values.flatMap((value) => textOf(value) ?? []))
    ) {
      return unknown('is forwarded only for certain source addresses', condition.span);
    }
    if (condition.field === 'http-header' && isSecretHeader(condition.header) && !condition.values.some(matchesAll)) {
      return unknown(`is forwarded only with a certain ${condition.header} header`, condition.span);
    }
  }
  return known({ kind: 'none' }, way.span);
}

/** `*` matches every value of the header; a listener takes `*` and `?` as wildcards. */
function matchesAll(value: Node): boolean {
  return /^[*?]*$/.test(textOf(value) ?? '-');
}

/** Headers that every client sends say nothing of who calls. */
const ordinaryHeaders = /^(?:accept.*|content-.*|host|user-agent|origin|referer|upgrade|connection|x-forwarded-.*)$/i;

function isSecretHeader(name: string | undefined): boolean {
  return name !== undefined && !ordinaryHeaders.test(name);
}
