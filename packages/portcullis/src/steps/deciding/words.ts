import type { Finding, Rule, Suppressed } from '../../contract/index.ts';
import { type Decision, locate, outcomes, type Route } from '../../project/index.ts';

export function suppression({ kind, reason, until, span }: Decision): Suppressed {
  return { reason, by: kind, ...(until === undefined ? {} : { until }), location: locate(span) };
}

export function labelOf({ method, path }: Route): string {
  return path.startsWith('/') ? `${method} ${path}` : path;
}

export function isNamed(route: Route, name: string): boolean {
  return route.id === name || labelOf(route) === name;
}

export function nameOf({ kind, place, route, rules }: Decision): string {
  return kind === 'allow'
    ? `The decision to allow ${rules.join(', ')}`
    : `The decision that ${route ?? place} is public`;
}

/** The entry of the approver file that would let the decision count. */
export function entryFor(
  decision: Decision,
  { rule, finding }: { readonly rule: Rule; readonly finding: Finding },
  route: Route | undefined,
  home: string,
): string {
  const what =
    decision.kind === 'public'
      ? [`public: ${JSON.stringify(route ? nameFor(route) : '')}`]
      : [`rule: ${rule.id}`, `fingerprint: ${finding.fingerprint}`];
  const [first, ...rest] = [...what, `file: ${JSON.stringify(home)}`, 'by: NAME'];
  return [`# .portcullis/approvers.yml`, `- ${first}`, ...rest.map((line) => `  ${line}`)].join('\n');
}

/** Function URLs have the same label in every function. */
function nameFor(route: Route): string {
  return route.method === 'ANY' && route.path === '/' ? route.id : labelOf(route);
}

/** The functions that answer the route; one text for whatever is no function. */
export function ownerOf(route: Route | undefined): string {
  if (route?.integration.kind !== 'function') return '';
  return outcomes(route.integration.function)
    .map((one) => (one.kind === 'unknown' ? '' : one.value.kind === 'local' ? one.value.id : one.value.name))
    .join(' ');
}
