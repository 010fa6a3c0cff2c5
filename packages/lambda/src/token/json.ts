import { isUtf8 } from 'node:buffer';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member of the object itself: `constructor` is no claim of anybody. */
export const own = (object: JsonObject, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/**
 * The object that the bytes spell in UTF-8, or undefined. A member that stands twice is refused (RFC 7515 section 4, RFC 7519
 * section 4): two readers could take different ones.
 */
export function parseObject(bytes: Buffer): JsonObject | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && !hasDuplicates(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Of text that `JSON.parse` has accepted: whether an object in it has a member twice. One pass. */
function hasDuplicates(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let name: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x22) {
      const start = at;
      let escaped = false;
      for (at++; text.charCodeAt(at) !== 0x22; at++)
        if (text.charCodeAt(at) === 0x5c) {
          escaped = true;
          at++;
        }
      name = escaped ? String(JSON.parse(text.slice(start, at + 1))) : text.slice(start + 1, at);
    } else if (character === 0x3a) {
      const names = open.at(-1);
      if (name !== undefined && names?.has(name)) return true;
      if (name !== undefined) names?.add(name);
    } else if (character === 0x7b) open.push(new Set());
    else if (character === 0x5b) open.push(undefined);
    else if (character === 0x7d || character === 0x5d) open.pop();
  }
  return false;
}
