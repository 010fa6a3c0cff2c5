/** The configuration is no data. The message is a sentence part that follows the file's name. */
export class NotData extends Error {}

const { stringify } = JSON;

/**
 * The value as JSON, as the framework makes it: functions and symbols are dropped, dates become texts, `toJSON` is asked.
 * Throws NotData, with the way to the value, for what JSON cannot hold.
 */
export function toJson(value: unknown): string {
  try {
    // undefined, a function or a symbol: nothing.
    return stringify(value) ?? 'null';
  } catch (error) {
    const way = locate(value);
    if (way) throw new NotData(`${way.path === '' ? 'the export' : `\`${way.path}\``} ${way.what}`);
    if (error instanceof RangeError) throw new NotData('the configuration is nested too deeply');
    throw error;
  }
}

/** Where the value holds what JSON cannot: only asked for when it failed, because every getter runs a second time. */
function locate(root: unknown): { path: string; what: string } | undefined {
  const above = new Set<unknown>();
  let left = 200_000;
  const visit = (value: unknown, path: string): { path: string; what: string } | undefined => {
    left -= 1;
    if (typeof value === 'bigint') return { path, what: 'is a BigInt, which is no JSON' };
    if (typeof value !== 'object' || value === null || left < 0) return undefined;
    if (above.has(value)) return { path, what: 'contains itself' };
    if (above.size > 500) return { path: '', what: 'is nested too deeply' };
    above.add(value);
    let keys: string[];
    try {
      keys = Object.keys(value);
    } catch {
      return { path, what: 'throws when it is read' };
    }
    for (const key of keys) {
      const inner = path === '' ? key : `${path}.${key}`;
      let child: unknown;
      try {
        child = (value as Record<string, unknown>)[key];
      } catch {
        return { path: inner, what: 'throws when it is read' };
      }
      const found = visit(child, inner);
      if (found) return found;
    }
    above.delete(value);
    return undefined;
  };
  return visit(root, '');
}
