import { type MapNode, type Node, type Span, textOf } from '../../../../project/index.ts';
import { addResource, apiSetting, isMap, type Lowering } from '../lowering.ts';
import { naming } from '../naming.ts';
import { dig, isUnset, listOf, make, type Plain, ref, set } from '../nodes.ts';

/**
 * Custom domains of serverless-domain-manager (`custom.customDomain`, or a list `custom.customDomains` of which an entry may be wrapped
 * in `rest`, `http` or `websocket`). The plugin calls API Gateway by itself; here they stand as the resources that say the same.
 */
export function lowerDomains(lowering: Lowering, has: { readonly rest: boolean; readonly http: boolean }): void {
  if (!lowering.plugins.entries.some(({ name }) => name.includes('domain-manager'))) return;
  for (const [index, { node, kind, span }] of domainsOf(lowering).entries()) {
    if (textOf(dig(node, 'enabled'))?.toLowerCase() === 'false') continue;
    const id = `PluginDomain${index}`;
    const truststore = set(dig(node, 'tlsTruststoreUri'));
    addResource(lowering, id, 'AWS::ApiGateway::DomainName', span, {
      DomainName: set(dig(node, 'domainName')),
      SecurityPolicy: policyOf(dig(node, 'securityPolicy')),
      MutualTlsAuthentication: truststore ? { TruststoreUri: truststore } : undefined,
    });
    if (kind === 'rest' && has.rest) {
      const api = apiSetting(lowering, 'apiGateway', 'restApiId') ?? ref(naming.restApi);
      addResource(lowering, `${id}Mapping`, 'AWS::ApiGateway::BasePathMapping', span, {
        DomainName: ref(id),
        RestApiId: api,
      });
    } else if (kind === 'http' && has.http) {
      const api = apiSetting(lowering, 'httpApi', 'id') ?? ref(naming.httpApi);
      addResource(lowering, `${id}Mapping`, 'AWS::ApiGatewayV2::ApiMapping', span, {
        DomainName: ref(id),
        ApiId: api,
      });
    }
  }
}

interface WrittenDomain {
  readonly node: MapNode;
  readonly kind: string;
  readonly span: Span;
}

const kinds = ['rest', 'http', 'websocket'] as const;

function domainsOf(lowering: Lowering): readonly WrittenDomain[] {
  if (!isMap(lowering.custom)) return [];
  return lowering.custom.entries.flatMap(({ key, keySpan, value }): readonly WrittenDomain[] => {
    if (key === 'customDomain') return isMap(value) ? unwrapped(value, keySpan) : [];
    if (key !== 'customDomains') return [];
    return listOf(value).flatMap((item) => (isMap(item) ? unwrapped(item, item.entries[0]?.keySpan ?? item.span) : []));
  });
}

function unwrapped(node: MapNode, span: Span): readonly WrittenDomain[] {
  const wrapped = kinds.flatMap((kind) => {
    const inner = dig(node, kind);
    return isMap(inner) ? [{ node: inner, kind, span }] : [];
  });
  if (wrapped.length > 0) return wrapped;
  const kind = dig(node, 'apiType');
  return isUnset(dig(node, 'domainName')) ? [] : [{ node, kind: textOf(kind)?.toLowerCase() ?? 'rest', span }];
}

/** `tls_1_0` as people write it for the plugin. */
function policyOf(node: Node | undefined): Plain {
  const text = textOf(node);
  if (!node || isUnset(node)) return undefined;
  return text === undefined ? node : make(node.span, text.toUpperCase());
}
