import type { DecisionInput } from '../../project/index.ts';

// Names of the parts of an event: `$.headers.authorization`, after `#` which piece of it.

const arn = /^\$\.(?:methodArn|routeArn)(?:#(.*))?$/;

const camel = (key: string): string =>
  /^[a-z]+(?:_[a-z0-9]+)+$/.test(key)
    ? key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    : key;

const [maximumLength, maximumParts] = [300, 12];

/** The part that `key` leads to. `key` undefined: which one is not known. */
export function childPath(path: string, key: string | undefined): string {
  const [base = '', piece] = path.split('#');
  const isIndex = key !== undefined && /^-?\d+$/.test(key);
  const arnPiece = arn.exec(path);
  if (arnPiece) return arnChild(base, piece, isIndex ? Number(key) : undefined);
  if (piece === 'dots') return `${base}#${key === '1' ? 'claims' : 'part'}`;
  if (piece === 'rest') return childPath(base, key);
  if (piece !== undefined || isIndex) return path;
  if (key === undefined) return `${base}.*`;
  // Powertools for Python: the same event behind another name.
  if (key === 'raw_event' || key === 'rawEvent' || key === '_data') return base;
  const parent = base.split('.').at(-1);
  const free =
    parent === 'headers' ||
    parent === 'multiValueHeaders' ||
    parent?.endsWith('Parameters') ||
    parent?.endsWith('claims');
  const next = free ? key : camel(key);
  if (base.length > maximumLength || base.split('.').length > maximumParts) return base;
  return `${base}.${next.replaceAll(/[.#]/g, '·')}`;
}

/** `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path...`, cut at `:` and `/`. */
function arnChild(base: string, piece: string | undefined, index: number | undefined): string {
  if (piece === 'colons') {
    if (index === undefined) return `${base}#part`;
    return index >= 0 && index < 5 ? `${base}#fixed` : `${base}#tail`;
  }
  if (piece === 'slashes') {
    if (index === undefined || index < 0) return `${base}#part`;
    return `${base}#${index < 2 ? 'fixed' : index === 2 ? 'method' : 'path'}`;
  }
  return piece === 'fixed' ? `${base}#fixed` : `${base}#part`;
}

/** After `split(separator)`. @param limit at most so many pieces, from the front */
export function splitPath(path: string, separator: string | undefined, limit: number | undefined): string {
  const [base = '', piece] = path.split('#');
  if (arn.test(path)) {
    if (piece === 'fixed') return path;
    if (separator === ':' && piece === undefined) return `${base}#colons`;
    if (separator === '/' && (piece === undefined || piece === 'tail'))
      return limit !== undefined && limit <= 2 ? `${base}#fixed` : `${base}#slashes`;
    return `${base}#part`;
  }
  return separator === '.' && piece === undefined ? `${base}#dots` : path;
}

/** After a string method that may leave a part only. @param end of a slice from the start, where it is known */
export function piecePath(path: string, end: number | undefined): string {
  const [base, piece] = path.split('#');
  if (!arn.test(path)) return path;
  if (piece === 'fixed') return path;
  if (piece === 'slashes' && end !== undefined) return `${base}#${end <= 2 ? 'fixed' : 'part'}`;
  if (piece === 'colons' && end !== undefined && end <= 5) return `${base}#fixed`;
  return `${base}#part`;
}

/** What the part is to a decision; undefined for what is the same for all requests to a stage, and for what is not told apart. */
export function inputOf(path: string): Omit<DecisionInput, 'span'> | undefined {
  const [base = '', piece] = path.split('#');
  if (arn.test(path)) {
    if (piece === 'method') return { kind: 'method', name: undefined };
    // The whole ARN goes into the policy and into libraries that take it apart.
    return piece === 'path' || piece === 'part' || piece === 'slashes' ? { kind: 'path', name: undefined } : undefined;
  }
  const [, first = '', second, third] = base.split('.');
  if (first === 'headers' || first === 'multiValueHeaders') return named('header', second?.toLowerCase());
  if (first === 'cookies') return { kind: 'header', name: 'cookie' };
  if (first === 'queryStringParameters' || first === 'multiValueQueryStringParameters') return named('query', second);
  if (first === 'rawQueryString') return undefined;
  if (first === 'authorizationToken' || first === 'identitySource') return { kind: 'token', name: undefined };
  if (first === 'pathParameters') return named('path-parameter', second);
  if (first === 'path' || first === 'rawPath' || first === 'resource') return { kind: 'path', name: undefined };
  if (first === 'routeKey') return { kind: 'path', name: undefined };
  if (first === 'httpMethod') return { kind: 'method', name: undefined };
  if (first === 'parsedArn')
    return second === 'httpMethod'
      ? { kind: 'method', name: undefined }
      : second === 'resource'
        ? { kind: 'path', name: undefined }
        : undefined;
  if (first !== 'requestContext') return undefined;
  if (second === 'http')
    return third === 'method'
      ? { kind: 'method', name: undefined }
      : third === 'path'
        ? { kind: 'path', name: undefined }
        : third === 'sourceIp'
          ? { kind: 'address', name: undefined }
          : undefined;
  if (second === 'identity') return third === 'sourceIp' ? { kind: 'address', name: undefined } : undefined;
  if (second === 'httpMethod') return { kind: 'method', name: undefined };
  return second === 'path' || second === 'resourcePath' || second === 'routeKey'
    ? { kind: 'path', name: undefined }
    : undefined;
}

/** All headers at once, or one whose name is not known, say nothing about which one is meant. */
function named(kind: 'header' | 'query' | 'path-parameter', name: string | undefined) {
  return name === undefined || name === '*' ? undefined : { kind, name };
}

export const isIdentity = (path: string): boolean => path.startsWith('$.requestContext.authorizer');

/** Header that carries a credential, when the part is one: `authorization` also stands for the token of a TOKEN authorizer. */
export function credentialOf(path: string): string | undefined {
  const input = inputOf(path);
  if (input?.kind === 'token') return 'authorization';
  return input?.kind === 'header' ? input.name : undefined;
}

/** The path of a request, in one of its spellings; a method ARN ends with it. */
export function isPath(path: string): boolean {
  return /^\$\.(?:path|rawPath|resource|requestContext\.(?:path|resourcePath|http\.path)|parsedArn\.resource|(?:methodArn|routeArn)(?:#(?:path|part|tail))?)$/.test(
    path,
  );
}

/** Stands among the inputs of a value that was read out of a token without its signature. */
export const unverifiedClaims = '$!claims';
