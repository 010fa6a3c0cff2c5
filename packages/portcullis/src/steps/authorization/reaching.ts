import { type Project, type Reached, type Route, reachOf } from '../../project/index.ts';
import { functionOf, isPlumbing, routeName } from './routes.ts';

/** What a stranger gets to through an open route, for messages and for the order of findings. */
export interface Reaching {
  /** `POST /orders`, `createOrder`, `OrdersRole`, `OrdersTable (write)`. */
  readonly path: readonly string[];
  /** Higher is worse. */
  readonly rank: number;
  /** `writes to OrdersTable and reaches 2 more resources`; undefined when nothing is known to be reached. */
  readonly consequence: string | undefined;
}

export function reaching(project: Project, route: Route, first: string = routeName(route)): Reaching {
  const reach = reachOf(project, route);
  const fn = reach.function ?? functionOf(project, route);
  const resources = reach.resources.filter((reached) => !isPlumbing(reached));
  const sorted = resources.toSorted((a, b) => weight(project, b) - weight(project, a));
  const [worst] = sorted;
  const path = [first];
  if (fn) path.push(fn.name);
  else if (route.integration.kind === 'http' && route.integration.loadBalancer)
    path.push(route.integration.loadBalancer);
  if (reach.role !== undefined) path.push(reach.role);
  if (worst) path.push(`${nameOf(worst)} (${worst.access})`);
  return {
    path,
    rank: rankOf(project, route, resources, reach.incomplete !== undefined),
    consequence: worst && consequenceOf(worst, sorted),
  };
}

function consequenceOf(worst: Reached, all: readonly Reached[]): string {
  const verb = worst.access === 'write' ? 'writes to' : 'reads';
  const others = new Set(all.map(nameOf).filter((name) => name !== nameOf(worst))).size;
  const more = others === 0 ? '' : ` and reaches ${others} more ${others === 1 ? 'resource' : 'resources'}`;
  return `${verb} ${nameOf(worst)}${more}`;
}

/** `*` alone says too little: every DynamoDB Table. */
function nameOf({ resource, type }: Reached): string {
  return resource === '*' ? `every ${type.split('::').slice(1).join(' ')}` : resource;
}

/** Writing before reading, and what people know by its name in these files before the rest. */
function weight(project: Project, { access, resource }: Reached): number {
  const own = project.resources.has(resource) ? 2 : 0;
  return (access === 'write' ? 20 : 5) + own + (resource === '*' ? 1 : 0);
}

/** The sum of what is reached; then routes that change something before routes that only ask. */
function rankOf(project: Project, route: Route, resources: readonly Reached[], incomplete: boolean): number {
  const total = resources.reduce((sum, reached) => sum + weight(project, reached), 0);
  const unseen = incomplete ? 2 : 0;
  const changes = route.method === 'GET' || route.method === 'HEAD' ? 0 : 1;
  return Math.min(total, 1000) + unseen + changes;
}
