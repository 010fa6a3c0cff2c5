import {
  type Api,
  type Authorizer,
  always,
  type Distribution,
  outcomes,
  type Project,
  type Route,
} from '../../project/index.ts';
import { localIds } from './lookup.ts';

// What stands in for a web ACL before an API that can have none: the gateway refuses, before any code runs, everybody whom it does not know.

/**
 * How all callers are known: they sign their requests, hold a certificate, or (WebSocket) an authorizer let them connect. Undefined when
 * some are strangers. An authorizer of an HTTP API is not enough: each request reaches it unfiltered, where a connection does once.
 */
export function knownCallers(project: Project, api: Api): 'signed' | 'certificates' | 'authorized' | undefined {
  const routes = asking(api);
  if (routes.length === 0) return undefined;
  if (routes.every(({ authorization }) => always(authorization, ({ kind }) => kind === 'iam'))) return 'signed';
  if (behindCertificates(project, api)) return 'certificates';
  const authorized = api.kind === 'websocket' && routes.every((route) => hasAuthorizer(project, route));
  return authorized ? 'authorized' : undefined;
}

/** In every outcome a signature or an authorizer, which the project has unless it is elsewhere. */
function hasAuthorizer(project: Project, { authorization }: Route): boolean {
  return always(authorization, (found) => {
    if (found.kind !== 'authorizer') return found.kind === 'iam';
    return always(found.authorizer, (link) => {
      return link.kind !== 'local' || project.authorizers.some(({ id }) => id === link.id);
    });
  });
}

/** The API's own address is switched off, and each name that leads to it demands a client certificate. */
function behindCertificates(project: Project, api: Api): boolean {
  if (!always(api.defaultEndpointDisabled, (disabled) => disabled)) return false;
  const domains = project.customDomains.filter(({ apis }) => apis.some((link) => localIds(link).includes(api.id)));
  return domains.length > 0 && domains.every(({ mutualTls }) => always(mutualTls, (demanded) => demanded));
}

/**
 * The distribution that adds a header without which no request reaches the code of the API: an authorizer before every route cannot be asked
 * without it (a missing identity source is refused). Whether the authorizer compares it well is a matter of its code.
 */
export function provenDistribution(project: Project, api: Api): Distribution | undefined {
  const routes = asking(api);
  if (routes.length === 0 || project.distributions.length === 0) return undefined;
  const authorizers = new Map(project.authorizers.map((authorizer) => [authorizer.id, authorizer]));
  return project.distributions.find(
    (distribution) =>
      always(distribution.webAcl, (acl) => acl !== undefined) &&
      distribution.origins.some(
        ({ api: id, addedHeaders }) =>
          id === api.id && routes.every((route) => asksForHeader(route, authorizers, addedHeaders)),
      ),
  );
}

function asksForHeader(
  { authorization }: Route,
  authorizers: ReadonlyMap<string, Authorizer>,
  headers: readonly string[],
): boolean {
  return outcomes(authorization).every(
    (outcome) =>
      outcome.kind === 'known' &&
      outcome.value.kind === 'authorizer' &&
      outcome.value.type === 'lambda' &&
      outcomes(outcome.value.authorizer).every((link) => {
        const authorizer =
          link.kind === 'known' && link.value.kind === 'local' ? authorizers.get(link.value.id) : undefined;
        return authorizer !== undefined && always(authorizer.identitySources, (sources) => names(sources, headers));
      }),
  );
}

function names(sources: readonly string[], headers: readonly string[]): boolean {
  return sources.some((source) => headers.some((name) => source.toLowerCase().endsWith(`.header.${name}`)));
}

/** Browsers ask preflights without credentials; only the `$connect` of a WebSocket API is asked for them at all. */
function asking(api: Api): readonly Route[] {
  if (api.kind === 'websocket') return api.routes.filter(({ path }) => path === '$connect');
  return api.routes.filter(({ preflight }) => !preflight);
}
