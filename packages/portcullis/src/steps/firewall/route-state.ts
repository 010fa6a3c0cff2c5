import type { GateState } from '../../contract/index.ts';
import {
  type Api,
  always,
  LastOnly,
  type LoadBalancer,
  type Project,
  sometimes,
  undecided,
} from '../../project/index.ts';
import { knownCallers, provenDistribution } from './callers.ts';
import { isClosedToStrangers } from './entrance.ts';
import { coverOf, coverState, distributionBefore, guardedStages, isPrivate, loadBalancersOf } from './facts.ts';
import { weakProofs } from './proofs.ts';

// How the firewall stands before the routes of one API. "Closed" means that nothing from the internet gets through
// unfiltered: a private API and an internal load balancer are closed because nothing from the internet gets there.

const worst: readonly GateState[] = ['open', 'unknown', 'half-open', 'closed'];

function worstOf(states: readonly GateState[]): GateState {
  return worst.find((state) => states.includes(state)) ?? 'unknown';
}

const answers = new LastOnly<Project, Map<Api, GateState>>();

/** The same for every route of the API: a web ACL stands before a whole stage. Computed once for each API. */
export function routeState(project: Project, api: Api): GateState {
  let known = answers.get(project);
  if (!known) {
    known = new Map();
    answers.set(project, known);
  }
  const before = known.get(api);
  if (before) return before;
  const state = judge(project, api);
  known.set(api, state);
  return state;
}

function judge(project: Project, api: Api): GateState {
  switch (api.kind) {
    case 'rest': {
      if (isPrivate(api)) return 'closed';
      const state = worstOf(guardedStages(api).map((stage) => coverState(project, coverOf(project, stage))));
      if (state !== 'open') return state;
      if (!sometimes(api.endpoint, (endpoint) => endpoint !== 'PRIVATE')) return 'unknown';
      return distributionBefore(project, api.id) ? 'half-open' : 'open';
    }
    case 'alb': {
      const balancers = loadBalancersOf(project, api);
      return balancers.length === 0
        ? 'unknown'
        : worstOf(balancers.map((balancer) => balancerState(project, balancer)));
    }
    case 'url': {
      const signed =
        api.routes.length > 0 && api.routes.every((route) => always(route.authorization, ({ kind }) => kind === 'iam'));
      const distribution = distributionBefore(project, api.id) !== undefined;
      if (signed) return distribution ? 'closed' : 'half-open';
      return distribution ? 'half-open' : 'open';
    }
    default:
      if (provenDistribution(project, api)) return 'closed';
      return knownCallers(project, api) !== undefined ||
        distributionBefore(project, api.id) ||
        always(api.defaultEndpointDisabled, (disabled) => disabled)
        ? 'half-open'
        : 'open';
  }
}

function balancerState(project: Project, balancer: LoadBalancer): GateState {
  if (always(balancer.scheme, (scheme) => scheme === 'internal')) return 'closed';
  if (isClosedToStrangers(project, balancer)) return weakProofs(project, balancer).length > 0 ? 'half-open' : 'closed';
  const cover = coverOf(project, { kind: 'load-balancer', id: balancer.id });
  if (cover.kind !== 'none') return coverState(project, cover);
  if (undecided(balancer.scheme).length > 0) return 'unknown';
  return distributionBefore(project, balancer.id) ? 'half-open' : 'open';
}
