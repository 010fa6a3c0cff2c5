import { createHash } from 'node:crypto';
import type { Node } from '../../project/index.ts';

/**
 * The ten characters that the transform puts behind a logical id: of the SHA-1 of a text, or of a value as compact JSON with sorted keys.
 * Empty for no value.
 */
export function hashOf(node: Node | string | undefined): string {
  if (node === undefined) return '';
  const plain = typeof node === 'string' ? node : plainOf(node);
  if (plain === null || plain === '') return '';
  const text = typeof plain === 'string' ? plain : JSON.stringify(plain);
  return createHash('sha1').update(text).digest('hex').slice(0, 10);
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

function plainOf(node: Node): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainOf);
  if (node.kind !== 'map') return '';
  const sorted = node.entries.toSorted((left, right) => (left.key < right.key ? -1 : 1));
  return Object.fromEntries(sorted.map(({ key, value }) => [key, plainOf(value)]));
}

/** Letters and digits only, and at least one of them. */
export const isAlphanumeric = (text: string): boolean => /^[\p{L}\p{N}]+$/u.test(text);

/** A prefix and a text: as it is when it fits into a logical id, else its hash. */
export const suffixed = (prefix: string, text: string, suffix = ''): string =>
  isAlphanumeric(text) ? `${prefix}${text}${suffix}` : `${prefix}${suffix}${hashOf(text)}`;
