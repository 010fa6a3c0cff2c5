import type { Decision, SourceFile, Span } from '../../project/index.ts';

interface Placed {
  readonly decision: Decision;
  /** The decision around it. */
  readonly around: Placed | undefined;
}

/** Decisions by what they cover. Covers lie inside each other or apart, as the nodes of a file do. */
export class Covers {
  readonly #byFile = new Map<string, Placed[]>();

  constructor(decisions: readonly Decision[]) {
    const sorted = decisions.toSorted((a, b) => a.covers.start - b.covers.start || b.covers.end - a.covers.end);
    for (const decision of sorted) {
      const { file, start } = decision.covers;
      const list = this.#byFile.get(file.path) ?? [];
      if (list.length === 0) this.#byFile.set(file.path, list);
      let around = list.at(-1);
      while (around && around.decision.covers.end <= start) around = around.around;
      list.push({ decision, around });
    }
  }

  /** The decisions that cover a place: inner before outer. */
  at({ file, start }: Span): readonly Decision[] {
    const list = this.#byFile.get(file.path) ?? [];
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle]?.decision.covers.start ?? 0) <= start) low = middle + 1;
      else high = middle;
    }
    const found: Decision[] = [];
    for (let placed = list[low - 1]; placed; placed = placed.around)
      if (start < placed.decision.covers.end && isSame(file, placed.decision.covers.file)) found.push(placed.decision);
    return found;
  }
}

/** Code that is written inside a template has the template's path and places of its own. */
function isSame(a: SourceFile, b: SourceFile): boolean {
  return a === b || (a.path === b.path && a.text === b.text);
}

export function contains(cover: Span, place: Span): boolean {
  return isSame(place.file, cover.file) && place.start >= cover.start && place.start < cover.end;
}
