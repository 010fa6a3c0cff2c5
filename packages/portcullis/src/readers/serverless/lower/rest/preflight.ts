import { type Node, textOf } from '../../../../project/index.ts';
import { dig, isUnset, listOf, type Plain, roughText } from '../nodes.ts';
import type { RestRoute } from './routes.ts';

/** What the preflight of a path answers: the `cors` of all its events together (validate.js, cors.js). */
interface Preflight {
  readonly origin: Plain;
  /** Where several are named, a template answers with the caller's own when it matches one of them. */
  readonly origins: readonly string[];
  readonly credentials: Plain;
}

export function preflightOf(routes: readonly RestRoute[]): Preflight {
  let origin: Plain = '*';
  let credentials: Plain;
  let origins: readonly string[] = [];
  for (const { settings } of routes) {
    const cors = dig(settings, 'cors');
    if (isUnset(cors)) continue;
    const several = listOf(dig(cors, 'origins')).flatMap((node) => roughText(node) ?? []);
    // Those of a later event stand before those of the ones before.
    origins = [...new Set([...several, ...origins])];
    // `origins` takes the place of the default; of `origin` the last event's counts.
    origin = dig(cors, 'origin') ?? (several.length > 0 ? undefined : '*');
    const allow = dig(cors, 'allowCredentials');
    if (!isUnset(allow)) credentials ??= allow;
  }
  const text = typeof origin === 'object' ? textOf(origin as Node) : undefined;
  const named = text?.includes(',') ? text.split(',').map((one) => one.trim()) : origins;
  return { origin: named[0] ?? origin, origins: named, credentials };
}

/** `IntegrationResponses` of the preflight's mock. */
export function preflightResponses({ origin, origins, credentials }: Preflight): Plain {
  return [
    {
      StatusCode: '200',
      ResponseParameters: {
        'method.response.header.Access-Control-Allow-Origin': origin,
        'method.response.header.Access-Control-Allow-Credentials': decidedYes(credentials),
      },
      ResponseTemplates: { 'application/json': origins.length > 0 ? template(origins) : '' },
    },
  ];
}

/** Anything but an undecided value is `true` by now. */
function decidedYes(credentials: Plain): Plain {
  if (credentials === undefined || credentials === null || typeof credentials !== 'object') return credentials;
  return 'kind' in credentials && (credentials as Node).kind === 'scalar' ? "'true'" : credentials;
}

/** Shortened to what matters: which origins are answered with their own name. */
function template(origins: readonly string[]): string {
  const patterns = origins.map((origin) => origin.replaceAll('.', '[.]').replace('*', '.+'));
  const tests = patterns.map((pattern) => `$origin.matches("${pattern}")`).join(' || ');
  return `#if(${tests}) #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin) #end`;
}
