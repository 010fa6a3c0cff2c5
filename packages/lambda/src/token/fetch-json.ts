/** What `globalThis.fetch` is, as far as it is used here. */
export type Fetch = (
  url: string,
  options: { signal: AbortSignal; redirect: 'error'; headers: Record<string, string> },
) => Promise<Response>;

export interface FetchLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/**
 * The JSON document at the address, or undefined: no 200, too large, too slow, not JSON. The time limit covers the body too; a redirect is
 * not followed, since where it leads was configured by nobody.
 */
export async function fetchJson(fetch: Fetch, url: string, { timeoutMs, maxBytes }: FetchLimits): Promise<unknown> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  const expired = new Promise<undefined>((resolve) =>
    limit.signal.addEventListener('abort', () => resolve(undefined), { once: true }),
  );
  try {
    return await Promise.race([read(fetch, url, limit.signal, maxBytes), expired]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    limit.abort();
  }
}

async function read(fetch: Fetch, url: string, signal: AbortSignal, maxBytes: number): Promise<unknown> {
  const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
  if (response.status !== 200 || !response.body) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  return value;
}

/**
 * The address if keys may be fetched from it: https, no credentials, no fragment. Plain http only to this machine and only where the
 * configuration says so, for tests.
 */
export function safeUrl(text: string, allowLoopback: boolean): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username || url.password || url.hash) return undefined;
  if (url.protocol === 'https:') return url;
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  return url.protocol === 'http:' && loopback && allowLoopback ? url : undefined;
}
