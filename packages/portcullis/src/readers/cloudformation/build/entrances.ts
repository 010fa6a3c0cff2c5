import {
  type CustomDomain,
  type Distribution,
  type DistributionOrigin,
  entries,
  type Fact,
  get,
  items,
  known,
  type Link,
  type Node,
  possibilities,
  type Resource,
  references,
  textOf,
  unknown,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { describe, eitherOr, isNull, linkFact, optional, textFact, undecidedReason } from './facts.ts';
import { nameOf } from './names.ts';

export function buildCustomDomains(context: BuildContext): readonly CustomDomain[] {
  const domains = context.ofType('AWS::ApiGateway::DomainName', 'AWS::ApiGatewayV2::DomainName');
  if (domains.length === 0) return [];
  const mappings = new Map<string, { readonly one: Resource; readonly api: string }[]>();
  for (const [type, api] of mappingTypes) {
    for (const one of context.ofType(type)) {
      for (const name of namesIn(get(one.properties, 'DomainName'))) {
        const same = mappings.get(name);
        if (same) same.push({ one, api });
        else mappings.set(name, [{ one, api }]);
      }
    }
  }
  return domains.map((domain) => {
    const { id, span, properties } = domain;
    const configuration = get(properties, 'DomainNameConfigurations');
    const policy =
      get(properties, 'SecurityPolicy') ?? items(configuration).flatMap((item) => get(item, 'SecurityPolicy') ?? [])[0];
    return {
      id,
      name: nameOf(get(properties, 'DomainName')),
      span,
      mutualTls: mutualTls(get(properties, 'MutualTlsAuthentication')),
      securityPolicy: optional(policy, textFact),
      securityPolicySpan: policy?.span ?? span,
      apis: mappedTo(mappings, domain).flatMap(({ one, api }) => {
        const target = get(one.properties, api);
        return target ? [linkFact(target)] : [];
      }),
    };
  });
}

function mutualTls(node: Node | undefined): Fact<boolean> {
  if (!node) return known(false);
  return eitherOr<boolean>(node, (value) => {
    if (isNull(value)) return known(false, value.span);
    if (value.kind !== 'map') return unknown(undecidedReason(value), value.span);
    const store = get(value, 'TruststoreUri');
    return known(store !== undefined && !isNull(store) && textOf(store) !== '', value.span);
  });
}

const mappingTypes = [
  ['AWS::ApiGateway::BasePathMapping', 'RestApiId'],
  ['AWS::ApiGatewayV2::ApiMapping', 'ApiId'],
] as const;

/** A mapping names its domain by reference or by the same text. */
function namesIn(domain: Node | undefined): readonly string[] {
  if (!domain) return [];
  const text = describe(domain);
  return [...references(domain), ...(text === '?' ? [] : [`name ${text}`])];
}

function mappedTo<T>(mappings: ReadonlyMap<string, readonly T[]>, domain: Resource): readonly T[] {
  const own = get(domain.properties, 'DomainName');
  return [...new Set([...(mappings.get(domain.id) ?? []), ...((own && mappings.get(`name ${describe(own)}`)) ?? [])])];
}

export function buildDistributions(context: BuildContext): readonly Distribution[] {
  return context.ofType('AWS::CloudFront::Distribution').map(({ id, span, properties }) => {
    const config = get(properties, 'DistributionConfig');
    const acl = get(config, 'WebACLId');
    return {
      id,
      span,
      webAcl: acl
        ? eitherOr<Link | undefined>(acl, (value) =>
            isNull(value) || textOf(value) === '' ? known(undefined, value.span) : linkFact(value),
          )
        : known(undefined),
      origins: items(get(config, 'Origins'))
        .flatMap(possibilities)
        .flatMap((origin) => originOf(context, origin)),
    };
  });
}

/** Only origins that are an API's own address: `${Api}.execute-api.${AWS::Region}.amazonaws.com`. */
function originOf(context: BuildContext, origin: Node): readonly DistributionOrigin[] {
  const address = get(origin, 'DomainName');
  if (!address) return [];
  const id = [...references(address)].find((one) => apiTypes.has(context.resources.get(one)?.type ?? ''));
  if (id === undefined) return [];
  const headers = items(get(origin, 'OriginCustomHeaders')).flatMap((header) => {
    const name = textOf(get(header, 'HeaderName'));
    return name === undefined ? [] : [name.toLowerCase()];
  });
  return [{ span: entries(origin)[0]?.keySpan ?? origin.span, api: id, addedHeaders: headers }];
}

const apiTypes: ReadonlySet<string> = new Set(['AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api']);
