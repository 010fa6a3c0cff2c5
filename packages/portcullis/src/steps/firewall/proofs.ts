import {
  type Listener,
  type ListenerCondition,
  type LoadBalancer,
  type Node,
  type Project,
  possibilities,
  type Route,
  type Span,
  textOf,
  type ValueSource,
} from '../../project/index.ts';
import { isProof, listenersOf, reachability, unprovenEntrances } from './entrance.ts';
import { lookup } from './lookup.ts';

// A header that only the gateway (or the distribution) knows proves to a load balancer who sends the request. It is worth as much as
// the effort of guessing or reading its value.

export interface Proof {
  readonly listener: Listener;
  /** As written in the condition. */
  readonly header: string;
  readonly condition: ListenerCondition;
}

/** The header conditions without which a listener of the load balancer forwards nothing. */
export function proofsOf(project: Project, balancer: LoadBalancer): readonly Proof[] {
  const unproven = new Set(unprovenEntrances(project, balancer, 'is a proof').map(({ listener }) => listener));
  return listenersOf(project, balancer)
    .filter((listener) => !unproven.has(listener) && !listener.mutualTls)
    .flatMap((listener) =>
      listener.rules
        .filter((rule) => rule.actions.some(({ type }) => type === 'forward'))
        .flatMap((rule) => {
          // An address beside the header keeps out who only knows the header.
          const proofs = rule.conditions.filter(isProof);
          if (proofs.some(({ field }) => field === 'source-ip')) return [];
          return proofs.flatMap((condition) =>
            condition.header === undefined ? [] : [{ listener, header: condition.header, condition }],
          );
        }),
    );
}

/** How a value gives itself away: it stands in the file, or it is short or a word. */
export type Weakness = 'literal' | 'guessable';

export interface WeakValue {
  readonly weakness: Weakness;
  readonly span: Span;
}

/** The literal values among those that are accepted; each is as good as the others for who knows it. */
export function weakValues(nodes: readonly Node[]): readonly WeakValue[] {
  return nodes.flatMap(possibilities).flatMap((node): WeakValue[] => {
    if (!isLiteral(node)) return [];
    const text = (textOf(node) ?? '').replace(/^'(.*)'$/, '$1');
    return [{ weakness: isGuessable(text) ? 'guessable' : 'literal', span: node.span }];
  });
}

const written: ReadonlySet<ValueSource> = new Set(['self', 'file', 'sls', 'param', 'mapping', 'intrinsic']);

function isLiteral(node: Node): boolean {
  const text = textOf(node);
  if (text === undefined || text.trim() === '' || text.includes('{{resolve:')) return false;
  return (node.from ?? []).every(({ source }) => written.has(source));
}

/** Fewer than 16 characters, wildcards apart, or made of few different ones, or of words: found by trying or by thinking. */
function isGuessable(value: string): boolean {
  const text = value.replaceAll(/[*?]/g, '');
  if (text.length < 16 || new Set(text).size < 8) return true;
  return /^[a-z]+(?:[-_. ][a-z]+)*$/i.test(text) && !/[a-z][A-Z]|[A-Z]{3}/.test(text);
}

/** A header that the API fills from the request of its caller, who then proves the sender by himself. */
function echoed(
  project: Project,
  balancer: LoadBalancer,
  header: string,
): { readonly route: Route; readonly span: Span } | undefined {
  for (const route of lookup(project).routesByBalancer.get(balancer.id) ?? []) {
    if (route.integration.kind !== 'http') continue;
    for (const { name, value, span } of route.integration.headers) {
      if (name.toLowerCase() !== header.toLowerCase()) continue;
      if (possibilities(value).some((node) => isOfCaller(textOf(node) ?? ''))) return { route, span };
    }
  }
  return undefined;
}

export interface WeakProof extends Proof {
  readonly weak: WeakValue | undefined;
  readonly copied: ReturnType<typeof echoed>;
}

/** The first weak proof for each header of a load balancer that strangers reach; a group that keeps them out needs no proof. */
export function weakProofs(project: Project, balancer: LoadBalancer): readonly WeakProof[] {
  const found = new Map<string, WeakProof>();
  for (const proof of proofsOf(project, balancer)) {
    const header = proof.header.toLowerCase();
    if (found.has(header) || reachability(project, balancer, proof.listener).kind === 'restricted') continue;
    const copied = echoed(project, balancer, header);
    const [weak] = [...weakValues(proof.condition.values), ...sentValues(project, balancer, header)];
    if (copied || weak) found.set(header, { ...proof, weak, copied });
  }
  return [...found.values()];
}

/** Literal values that the API itself writes into the header on the way to the load balancer. */
export function sentValues(project: Project, balancer: LoadBalancer, header: string): readonly WeakValue[] {
  const values: Node[] = [];
  for (const { integration } of lookup(project).routesByBalancer.get(balancer.id) ?? []) {
    if (integration.kind !== 'http') continue;
    for (const { name, value } of integration.headers)
      if (name.toLowerCase() === header.toLowerCase()) values.push(...possibilities(value).filter(isStatic));
  }
  return weakValues(values);
}

/** A REST API takes static values in single quotes; an HTTP API takes everything that does not begin with `$`. */
function isStatic(node: Node): boolean {
  const text = textOf(node)?.trim() ?? '';
  return /^'.*'$/.test(text) || !/^(?:\$|(?:method|integration|context|stageVariables)\.)/.test(text);
}

/** `method.request.header.x` of a REST API, `$request.header.x` of an HTTP API. */
function isOfCaller(mapping: string): boolean {
  return /^(?:method\.request\.|\$\{?request\.)/.test(mapping.trim());
}
