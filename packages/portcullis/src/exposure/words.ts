import type { ExposedRoute } from '../contract/index.ts';

export function nameOf({ kind, method, path, through }: ExposedRoute): string {
  if (kind === 'url') return `the function URL of ${through[1] ?? 'the function'}`;
  return path.startsWith('/') ? `${method} ${path}` : path;
}

export function describeEntry({ gates }: ExposedRoute): string {
  const { state, kind, name } = gates.authorization;
  const by = name ?? kind;
  if (state === 'closed') return `closed by ${by}`;
  if (state === 'half-open')
    return gates.key.required && kind === 'none' ? 'guarded by an API key alone' : `half open (${by})`;
  return state === 'open' ? 'open' : 'undecided';
}

const plumbing = /^AWS::(?:Logs|XRay|CloudWatch|ApiGateway)/;

function reachedBy({ reaches }: ExposedRoute) {
  return reaches.filter(({ type }) => !plumbing.test(type));
}

export function consequence(route: ExposedRoute): string {
  const all = reachedBy(route);
  const [worst] = all;
  if (!worst) return '';
  const others = new Set(all.map(({ resource }) => resource)).size - 1;
  return `; it ${worst.access === 'write' ? 'writes' : 'reads'} ${labelOf(worst)}${others > 0 ? ` and reaches ${others} more` : ''}`;
}

/** What an open route reaches that it did not reach before. */
export function gained(route: ExposedRoute, earlier: ExposedRoute): string | undefined {
  const had = new Set(reachedBy(earlier).map(({ resource, access }) => `${access} ${resource}`));
  const fresh = reachedBy(route).filter(
    ({ resource, access }) => !had.has(`${access} ${resource}`) && !had.has(`${access} *`),
  );
  const [worst] = fresh;
  if (!worst) return undefined;
  const others = new Set(fresh.map(({ resource }) => resource)).size - 1;
  return `${worst.access === 'write' ? 'writes' : 'reads'} ${labelOf(worst)}${others > 0 ? ` and reaches ${others} more` : ''}`;
}

function labelOf({ resource, type }: ExposedRoute['reaches'][number]): string {
  return resource === '*' ? `every ${type.split('::').slice(1).join(' ')}` : resource;
}

export function pathOf(route: ExposedRoute): readonly string[] {
  const [worst] = reachedBy(route);
  return [...route.through, ...(worst ? [`${labelOf(worst)} (${worst.access})`] : [])];
}
