import { LastOnly, type Project } from '../../project/index.ts';
import { classifyName, classifyPath, isConnectionName, isPointerName, type NameVerdict } from './detector/index.ts';
import { wordsOf } from './detector/words.ts';
import { isEnvironment, namedPath, resolvedByFramework, secretAttributes } from './facts.ts';
import { literalsOf, keyOf as spanKey } from './literals.ts';
import { type Origin, originsOf, type Place, placesOf } from './places.ts';

/** A value that is not written in the files and, by its name or its source, is a secret. */
export interface Through {
  readonly place: Place;
  readonly what: string;
  readonly origin: Origin;
}

/** Keys of a JSON secret that are no secrets themselves: `{{resolve:secretsmanager:db:SecretString:username}}`. */
const plainJsonKeys =
  /^(?:user(?:_?name)?|host(?:name)?|port|db_?(?:name|clusteridentifier|instanceidentifier)?|database|engine|schema|region|url|endpoint|(?:client|account|tenant|project)_?id|email|account)$/i;

/** Words at the end of a name that speaks of what a secret holds beside the secret itself: where to connect, and as whom. */
const plainTails: ReadonlySet<string> = new Set([
  'host',
  'hostname',
  'port',
  'user',
  'username',
  'database',
  'name',
  'region',
  'engine',
  'schema',
  'id',
  'url',
  'endpoint',
  'account',
  'email',
  'domain',
  'bucket',
  'stage',
  'env',
  'layers',
]);

const publicTails: ReadonlySet<string> = new Set(['key', 'keys', 'cert', 'certificate', 'pem', 'jwk', 'jwks']);

function partOfSecret(key: string): string | undefined {
  if (isConnectionName(key)) return 'connection string';
  const named = classifyName(key);
  if (named) return named.what;
  const words = wordsOf(key);
  // Kept beside secrets for the sake of one place, and no secret: `AUTH0_PUBLIC_KEY`.
  if (words.includes('public') && publicTails.has(words.at(-1) ?? '')) return undefined;
  return plainJsonKeys.test(key) || plainTails.has(words.at(-1) ?? '') ? undefined : 'secret';
}

/** Decides for one place; undefined when nothing says that the value is a secret. */
export function throughVariable(place: Place): Through | undefined {
  const path = namedPath(place);
  for (const origin of originsOf(place.node)) {
    const what = secretFrom(origin, path, place.node.kind === 'text');
    if (what !== undefined) return { place, what, origin };
  }
  const { node } = place;
  if (node.kind === 'reference' && node.attribute !== undefined && secretAttributes.has(node.attribute)) {
    return { place, what: 'secret', origin: { source: 'intrinsic', address: `${node.id}.${node.attribute}` } };
  }
  return undefined;
}

interface From {
  readonly source: string;
  /** True when the value is a part of a longer text. */
  readonly embedded: boolean;
}

function secretFrom({ source, address }: Origin, path: readonly string[], embedded: boolean): string | undefined {
  const key = keyOf(path);
  if (source === 'dynamic-reference') {
    const [service, ...rest] = address.split(':');
    if (service === 'ssm-secure') return undefined;
    if (service === 'secretsmanager') return fromSecretsManager(rest);
    return byNames(path, key, lastPart(rest[0] ?? ''), { source, embedded });
  }
  // The value is one of several in the secret, or all of them.
  if (source === 'ssm' && /^\/?aws\/reference\/secretsmanager\//.test(address)) return partOfSecret(key);
  return byNames(path, key, source === 'ssm' ? withoutParameterTail(address) : lastPart(address), { source, embedded });
}

/**
 * `ApiKeyParam` of the type AWS::SSM::Parameter::Value is named after where its value comes from, and `Ref` gives the value. The address
 * of a variable of the framework is the path itself.
 */
function withoutParameterTail(address: string): string {
  if (address.includes('/')) return lastPart(address);
  const bare = address.replace(/(?:(?:Ssm|SSM)?Param(?:eter)?|Ssm|SSM)(?:Name|Path)?$/, '');
  return lastPart(bare === '' ? address : bare);
}

/** Of `id:SecretString:json-key:stage:version`; an id may be an ARN with colons of its own. */
function fromSecretsManager(rest: readonly string[]): string | undefined {
  const at = rest.findLastIndex((part) => part === 'SecretString' || part === 'SecretBinary');
  const jsonKey = at === -1 ? '' : (rest[at + 1] ?? '');
  return plainJsonKeys.test(jsonKey) ? undefined : (classifyName(jsonKey)?.what ?? 'secret');
}

function byNames(
  path: readonly string[],
  key: string,
  address: string,
  { source, embedded }: From,
): string | undefined {
  if (isConnectionName(key) || isConnectionName(address)) return 'connection string';
  // What is put into a text keeps its meaning under whatever name the text has.
  if (isPointerName(key) && !embedded) return undefined;
  // The export of another stack that is called a secret is its ARN as a rule.
  const ambiguous = (name: NameVerdict) =>
    name.what === 'secret' && name.strength !== 'strong' && (source === 'cf' || source === 'import');
  const bySource = classifyName(address);
  if (bySource && !(embedded && bySource.strength === 'weak')) return ambiguous(bySource) ? undefined : bySource.what;
  if (embedded || (address !== '' && isPointerName(address))) return undefined;
  const byKey = classifyPath(path);
  return !byKey || ambiguous(byKey) ? undefined : byKey.what;
}

function keyOf(path: readonly string[]): string {
  return path.findLast((part) => !/^[0-9]+$/.test(part)) ?? '';
}

/** The part of an address that names the value: of `/orders/dev/db-password~true` db-password, of `stack.Output` Output. */
function lastPart(address: string): string {
  const bare = address.replace(/~(?:true|false|split)$/, '').replace(/\s*,.*$/s, '');
  const parts = bare.split(/[/:.]/).filter((part) => part !== '' && !/^\d+$/.test(part));
  return parts.at(-1) ?? '';
}

const exposed = new LastOnly<Project, readonly Through[]>();

/** Places where the value ends as plain text in what is deployed, with what says so. */
export function exposedThroughVariables(project: Project): readonly Through[] {
  const known = exposed.get(project);
  if (known) return known;
  const found = new Map<string, Through>();
  // A secret that is written out, as the default of a variable say, is reported as that.
  const written = new Set(literalsOf(project).map(({ place }) => spanKey(place.node.span)));
  for (const place of placesOf(project)) {
    if (!endsAsPlainText(place)) continue;
    const through = throughVariable(place);
    if (
      !through ||
      !(isEnvironment(place) || resolvedByFramework.has(through.origin.source) || isPlainParameter(through))
    )
      continue;
    if (place.node.kind === 'scalar' && written.has(spanKey(place.node.span))) continue;
    const { file, start } = place.entry;
    const key = `${file.path}:${start}`;
    if (!found.has(key)) found.set(key, through);
  }
  const result = [...found.values()];
  exposed.set(project, result);
  return result;
}

/** Environments always; properties of other resources and defaults of parameters where the framework writes the value into the template. */
function endsAsPlainText(place: Place): boolean {
  return isEnvironment(place) || ['resource', 'provider', 'parameter-default'].includes(place.context);
}

/** `{{resolve:ssm:...}}` reads parameters that are stored in plain text only. */
function isPlainParameter({ origin }: Through): boolean {
  return origin.source === 'dynamic-reference' && origin.address.startsWith('ssm:');
}
