import { entry, get, items, type Node, stringOf, textOf } from '../../project/index.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { type Plain, ref } from '../serverless/lower/nodes.ts';
import { add, given, leave, pick, resolved, resolvedEntries, type Sam, spanOf } from './context.ts';
import { hashOf } from './logical-id.ts';

/** `Domain` of an API: the domain name and its mappings to the stage. Record sets of Route 53 are left out: nothing that is checked depends on them. */
export function addDomain(sam: Sam, owner: TemplateResource, stageId: string, kind: 'rest' | 'http'): void {
  const { id, properties } = owner;
  const domain = given(resolvedEntries(sam, get(properties, 'Domain')));
  if (!domain) return;
  const span = spanOf(properties, 'Domain', owner.span);
  const name = given(get(domain, 'DomainName'));
  if (domain.kind !== 'map' || !name) {
    leave(sam, `Domain of ${id}`, 'it has no DomainName', span, ['authorization', 'firewall']);
    return;
  }
  const types = textOf(resolved(sam, get(domain, 'EndpointConfiguration'))) ?? 'REGIONAL';
  const isPrivate = kind === 'rest' && types === 'PRIVATE';
  const suffix = hashOf(resolved(sam, name));
  const domainId = `${kind === 'http' || isPrivate ? 'ApiGatewayDomainNameV2' : 'ApiGatewayDomainName'}${suffix}`;
  const shared = [...sam.made.values()].some((group) => group.some((one) => one.id === domainId));
  sam.referables.set(`${id}.DomainName`, domainId);
  if (!shared) {
    const certificate = given(get(domain, 'CertificateArn'));
    if (kind === 'http') {
      add(sam, owner, domainId, 'AWS::ApiGatewayV2::DomainName', span, {
        DomainName: name,
        DomainNameConfigurations: [
          { CertificateArn: certificate, EndpointType: types, SecurityPolicy: given(get(domain, 'SecurityPolicy')) },
        ],
        MutualTlsAuthentication: mutualTls(domain),
      });
    } else {
      add(sam, owner, domainId, `AWS::ApiGateway::DomainName${isPrivate ? 'V2' : ''}`, span, {
        DomainName: name,
        [types === 'REGIONAL' ? 'RegionalCertificateArn' : 'CertificateArn']: certificate,
        EndpointConfiguration: { Types: [types] },
        ...pick(domain, 'SecurityPolicy', 'Policy'),
        MutualTlsAuthentication: mutualTls(domain),
      });
    }
  }
  const paths = given(get(domain, 'BasePath'));
  const texts: readonly (Node | undefined)[] = paths ? items(paths) : [undefined];
  for (const path of texts) addMapping(sam, owner, { kind, domainId, stageId, path, isPrivate });
}

function mutualTls(domain: Node): Plain {
  const written = given(get(domain, 'MutualTlsAuthentication'));
  return written?.kind === 'map' ? pick(written, 'TruststoreUri', 'TruststoreVersion') : written;
}

interface Mapping {
  readonly kind: 'rest' | 'http';
  readonly domainId: string;
  readonly stageId: string;
  readonly path: Node | undefined;
  readonly isPrivate: boolean;
}

function addMapping(sam: Sam, owner: TemplateResource, { kind, domainId, stageId, path, isPrivate }: Mapping): void {
  const { id } = owner;
  const text = stringOf(path) ?? '';
  const plain = text.replace(/[^\p{L}\p{N}]/gu, '');
  const place = path?.span ?? entry(owner.properties, 'Domain')?.keySpan ?? owner.span;
  if (kind === 'http') {
    add(sam, owner, `${id}${plain}ApiMapping`, 'AWS::ApiGatewayV2::ApiMapping', place, {
      DomainName: ref(domainId),
      ApiId: ref(id),
      Stage: ref(stageId),
      ApiMappingKey: text === '' ? undefined : text.replace(/^\/+|\/+$/g, ''),
    });
    return;
  }
  const normalized = get(get(owner.properties, 'Domain'), 'NormalizeBasePath');
  const asWritten = normalized?.kind === 'scalar' && normalized.value === false;
  const domain = isPrivate ? { DomainNameArn: ref(domainId) } : { DomainName: ref(domainId) };
  const type = `AWS::ApiGateway::BasePathMapping${isPrivate ? 'V2' : ''}`;
  add(sam, owner, `${id}${plain}BasePathMapping`, type, place, {
    ...domain,
    RestApiId: ref(id),
    Stage: ref(stageId),
    BasePath: text === '' ? undefined : asWritten ? text : plain,
  });
}
