import { type Fetch, fetchJson, safeUrl } from './fetch-json.ts';
import { isObject, own } from './json.ts';
import { fetchedKeys, type KeySource } from './key-source.ts';

/** The outside world, for tests and for networks with a proxy. */
export interface Ports {
  readonly fetch?: Fetch;
  /** Milliseconds since 1970, as `Date.now`. */
  readonly nowMs?: () => number;
}

/** How long fetched keys are kept, in seconds. */
export interface KeyCacheOptions {
  /** Renewed in the background from this age on; 900 if left out. */
  readonly refreshAfterSeconds?: number;
  /** Not used without renewal from this age on; 3600 if left out. */
  readonly lifetimeSeconds?: number;
  /** Used for so long beyond their lifetime while the issuer cannot be reached; 3600 if left out. */
  readonly staleSeconds?: number;
  /** Between two fetches caused by key names that nobody knows; 10 if left out. */
  readonly coolDownSeconds?: number;
  /** For one fetch with its body; 2 if left out. */
  readonly timeoutSeconds?: number;
  /** Of one document; 150000 if left out, API Gateway's own limit. */
  readonly maxBytes?: number;
}

const optionNames = [
  'refreshAfterSeconds',
  'lifetimeSeconds',
  'staleSeconds',
  'coolDownSeconds',
  'timeoutSeconds',
  'maxBytes',
];

export interface RemoteOptions {
  readonly keyCache?: KeyCacheOptions;
  /** Accepts `http://` addresses on this machine. For tests. */
  readonly allowHttpOnLoopback?: boolean;
  readonly ports?: Ports;
}

/** Keys from an address, or from the one that the provider's discovery document names (OpenID Connect Discovery section 4). */
export function remoteKeys(
  where: string | { readonly discovery: string; readonly issuer: string },
  { keyCache = {}, ports = {}, allowHttpOnLoopback = false }: RemoteOptions,
  nowMs: () => number,
): KeySource {
  const {
    refreshAfterSeconds = 900,
    lifetimeSeconds = 3600,
    staleSeconds = 3600,
    coolDownSeconds = 10,
    timeoutSeconds = 2,
    maxBytes = 150_000,
  } = keyCache;
  for (const [name, value] of Object.entries(keyCache))
    if (!optionNames.includes(name) || !(typeof value === 'number' && value >= 0 && Number.isFinite(value)))
      throw new TypeError(`keyCache: numbers of 0 and above for ${optionNames.join(', ')}`);
  const fetch = ports.fetch ?? globalThis.fetch;
  const get = (url: string) => fetchJson(fetch, url, { timeoutMs: timeoutSeconds * 1000, maxBytes });

  let address = typeof where === 'string' ? where : undefined;
  const load = async () => {
    if (address === undefined && typeof where !== 'string') {
      const document = await get(where.discovery);
      // Section 4.3: another issuer's document must not be used.
      if (!isObject(document) || own(document, 'issuer') !== where.issuer) return undefined;
      const uri = own(document, 'jwks_uri');
      if (typeof uri === 'string' && safeUrl(uri, allowHttpOnLoopback)) address = uri;
    }
    const set = address === undefined ? undefined : await get(address);
    // Keys that moved are found again by asking where they are.
    if (set === undefined && typeof where !== 'string') address = undefined;
    return set;
  };
  return fetchedKeys(
    load,
    {
      refreshAfterMs: Math.min(refreshAfterSeconds, lifetimeSeconds) * 1000,
      lifetimeMs: lifetimeSeconds * 1000,
      staleMs: staleSeconds * 1000,
      coolDownMs: coolDownSeconds * 1000,
    },
    nowMs,
  );
}
