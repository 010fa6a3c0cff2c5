/**
 * True when the ranges together (CIDR: `0.0.0.0/1`, `2000::/3`) hold at least half of all IPv4 or of all public IPv6 addresses: nobody means
 * that as a limit, however the list is cut up. What is no range counts nothing.
 */
export function isMostOfTheInternet(ranges: readonly string[]): boolean {
  const parsed = ranges.flatMap((range) => parse(range.trim()) ?? []);
  const v4 = parsed.flatMap((range) => (range.family === 4 ? [range] : []));
  const v6 = parsed.flatMap((range) => (range.family === 6 ? [range] : []));
  // Public IPv6 addresses are those of 2000::/3 (IANA), an eighth of the space.
  return share(v4) >= 1 / 2 || share(v6) >= 1 / 16;
}

/** From where to where in the address space, both as fractions of it. */
interface Range {
  readonly family: 4 | 6;
  readonly start: number;
  readonly end: number;
}

function share(ranges: readonly Range[]): number {
  let total = 0;
  let reached = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    total += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return total;
}

function parse(text: string): Range | undefined {
  const match = /^([0-9a-f.:]{2,45})\/(\d{1,3})$/i.exec(text);
  const [, address = '', prefix = ''] = match ?? [];
  if (!match) return undefined;
  const family = address.includes(':') ? 6 : 4;
  const position = family === 4 ? position4(address) : position6(address);
  const width = 2 ** -Number(prefix);
  if (position === undefined || Number(prefix) > (family === 4 ? 32 : 128)) return undefined;
  const start = Math.floor(position / width) * width;
  return { family, start, end: start + width };
}

function position4(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => Number.isNaN(part) || part > 255)) return undefined;
  return parts.reduce((sum, part, index) => sum + part / 256 ** (index + 1), 0);
}

/** The first two groups are enough: ranges that matter here are far larger than what comes after them. */
function position6(address: string): number | undefined {
  const [first = '', second = ''] = address.split(':');
  return Number.parseInt(first || '0', 16) / 2 ** 16 + Number.parseInt(second || '0', 16) / 2 ** 32;
}
