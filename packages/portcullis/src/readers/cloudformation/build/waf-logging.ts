import {
  type Fact,
  get,
  known,
  type Node,
  textOf,
  unknown,
  valueOf,
  type WebAcl,
  type WebAclLogging,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { eitherOr, orDefault, undecidedReason } from './facts.ts';
import { flatten, links, present } from './values.ts';

/** What of a request ends in logs, and how much of a body is looked at: the parts of a web ACL beside its rules. */
export type Watching = Pick<WebAcl, 'bodyLimit' | 'protectedHeaders' | 'logging'>;

/** Web ACL (logical id or ARN) -> its logging. */
export function loggingByAcl(context: BuildContext): ReadonlyMap<string, WebAclLogging> {
  const found = new Map<string, WebAclLogging>();
  for (const { id, span, properties } of context.ofType('AWS::WAFv2::LoggingConfiguration')) {
    const redactedHeaders = redacted(get(properties, 'RedactedFields'));
    for (const link of links(get(properties, 'ResourceArn')))
      found.set(link.kind === 'local' ? link.id : link.name, { id, span, redactedHeaders });
  }
  return found;
}

export function watchingOf(properties: Node, logging: WebAclLogging | undefined): Watching {
  const limit = get(get(get(properties, 'AssociationConfig'), 'RequestBody'), 'API_GATEWAY');
  const headers = flatten(get(get(properties, 'DataProtectionConfig'), 'DataProtections')).flatMap(protectedBy);
  return {
    bodyLimit: orDefault(get(limit, 'DefaultSizeInspectionLimit'), sizeFact, defaultLimit),
    ...(headers.length > 0 ? { protectedHeaders: headers } : {}),
    ...(logging ? { logging } : {}),
  };
}

const defaultLimit = 16_384;

/** `KB_16` to `KB_64` (API reference: RequestBodyAssociatedResourceTypeConfig). */
function sizeFact(node: Node): Fact<number> {
  return eitherOr(node, (value) => {
    const kilobytes = /^KB_(\d{2})$/.exec(textOf(value) ?? '')?.[1];
    return kilobytes === undefined
      ? unknown(undecidedReason(value), value.span)
      : known(Number(kilobytes) * 1024, value.span);
  });
}

/** The headers of one entry; of cookies, which have a field type of their own, the header that carries them. */
function protectedBy(entry: Node): readonly string[] {
  const field = get(entry, 'Field');
  const type = textOf(get(field, 'FieldType'));
  if (type === 'SINGLE_COOKIE') return ['cookie'];
  if (type !== 'SINGLE_HEADER') return [];
  return flatten(get(field, 'FieldKeys')).flatMap((key) => textOf(key)?.toLowerCase() ?? []);
}

/** `RedactedFields`: a list of `SingleHeader: { Name }` and other fields. Either branch of a condition may be without a field. */
function redacted(node: Node | undefined): Fact<readonly string[]> {
  if (!present(node) || !node) return known<readonly string[]>([]);
  return eitherOr<readonly string[]>(node, (value) => {
    if (value.kind === 'unknown') return unknown(value.reason, value.span);
    return known<readonly string[]>(flatten(value).flatMap(headerName), value.span);
  });
}

function headerName(field: Node): readonly string[] {
  const header = get(field, 'SingleHeader') ?? get(field, 'singleHeader');
  const name = textOf(get(header, 'Name') ?? get(header, 'name'));
  return name === undefined ? [] : [name.toLowerCase()];
}

/** The logging of one web ACL: named by reference, or by a literal ARN that ends in its name and an id. */
export function loggingOf(
  byAcl: ReadonlyMap<string, WebAclLogging>,
  id: string,
  name: Fact<string> | undefined,
): WebAclLogging | undefined {
  const own = byAcl.get(id);
  const written = name && valueOf(name);
  if (own || written === undefined) return own;
  for (const [arn, logging] of byAcl) if (arn.includes(`/webacl/${written}/`)) return logging;
  return undefined;
}
