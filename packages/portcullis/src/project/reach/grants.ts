import { outcomes, sometimes, undecided } from '../fact.ts';
import type { PolicyStatement } from '../model.ts';
import { type Access, classify, expand, representativesOf } from './actions.ts';
import { matches } from './glob.ts';
import { isIgnored, services } from './services.ts';

/** Actions of one service that a statement allows. */
interface Grant {
  readonly service: string;
  /** Names without the service, in lower case. */
  readonly actions: ReadonlySet<string>;
}

export interface Allowed {
  /** Services that the statement names. */
  readonly named: readonly Grant[];
  /** Actions of every service: `*`, or all but some. Undefined when the statement names its services. */
  readonly wide: ((service: string) => ReadonlySet<string>) | undefined;
  /** An action that the files do not decide. */
  readonly undecided: string | undefined;
}

export type Actions = Pick<PolicyStatement, 'actions' | 'notActions'>;

/** What an Allow statement allows, or undefined when it is no such statement. */
export function allowed(statement: PolicyStatement): Allowed | undefined {
  return sometimes(statement.effect, (effect) => effect === 'Allow') ? granted(statement) : undefined;
}

export function granted({ actions, notActions }: Actions): Allowed {
  if (notActions.length > 0) return allBut(notActions);
  const named = new Map<string, Set<string>>();
  const widePatterns: string[] = [];
  for (const action of decidedTexts(actions)) {
    const text = action.toLowerCase();
    const colon = text.indexOf(':');
    const service = colon === -1 ? text : text.slice(0, colon);
    const name = colon === -1 ? '*' : text.slice(colon + 1);
    if (service.includes('*')) widePatterns.push(text === '*' ? '*:*' : `${service}:${name}`);
    else if (colon !== -1 && !isIgnored(text)) addAll(named, service, expand(service, name));
  }
  return {
    named: [...named].map(([service, names]) => ({ service, actions: names })),
    wide: widePatterns.length > 0 ? (service) => wideActions(widePatterns, service) : undefined,
    undecided: reasonOf(actions),
  };
}

function addAll(named: Map<string, Set<string>>, service: string, actions: readonly string[]): void {
  for (const action of actions) {
    const known = named.get(service);
    if (known) known.add(action);
    else named.set(service, new Set([action]));
  }
}

function wideActions(patterns: readonly string[], service: string): ReadonlySet<string> {
  const actions = representativesOf(service).filter((name) =>
    patterns.some((pattern) => matches(pattern, `${service}:${name}`)),
  );
  return new Set(actions);
}

function allBut(notActions: Actions['notActions']): Allowed {
  const except = decidedTexts(notActions).map((text) => text.toLowerCase());
  return {
    named: [],
    wide: (service) =>
      new Set(
        representativesOf(service).filter((name) => !except.some((pattern) => matches(pattern, `${service}:${name}`))),
      ),
    undecided: reasonOf(notActions),
  };
}

/** Texts that the facts may be, decided ones only. */
export function decidedTexts(facts: PolicyStatement['actions']): readonly string[] {
  return facts.flatMap((fact) =>
    outcomes(fact).flatMap((outcome) => (outcome.kind === 'known' ? [outcome.value] : [])),
  );
}

function reasonOf(facts: PolicyStatement['actions']): string | undefined {
  for (const fact of facts) {
    const [first] = undecided(fact);
    if (first) return `an action of a policy ${first.reason}`;
  }
  return undefined;
}

export function accessesOf(service: string, actions: Iterable<string>): ReadonlySet<Access> {
  const accesses = new Set<Access>();
  for (const action of actions) {
    for (const access of classify(service, action)) accesses.add(access);
    if (accesses.size === 2) break;
  }
  return accesses;
}

/** Whether an action of one service is granted on resources of another: `rds-data` on clusters of `rds`. */
export function isOn(actionService: string, resourceService: string): boolean {
  return actionService === resourceService || services.get(actionService)?.arnsOf === resourceService;
}
