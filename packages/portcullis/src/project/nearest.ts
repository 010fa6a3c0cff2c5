/** The names closest to what somebody typed, best first; empty when nothing is close. */
export function nearest(typed: string, names: readonly string[], limit = 3): string[] {
  const word = typed.toLowerCase().slice(0, 64);
  return names
    .map((name) => ({ name, distance: distanceTo(word, name) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ name }) => name);
}

/** A name that contains the word, or whose last part is close to it, is as good as two typing mistakes. */
function distanceTo(word: string, name: string): number {
  if (word.length >= 3 && (name.includes(word) || word.includes(name))) return 1;
  const last = name.slice(name.lastIndexOf('/') + 1);
  return Math.min(edits(word, name), last === name ? Number.POSITIVE_INFINITY : edits(word, last) + 1);
}

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
