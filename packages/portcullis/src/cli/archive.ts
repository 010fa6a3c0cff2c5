import type { Finding, ProjectReport, Projects } from '../contract/index.ts';

/**
 * The inventories of a run as JSON texts. Objects of thousands of projects would be ten times as large, and their strings, being
 * slices, would keep the text of every file alive.
 */
export class ProjectArchive implements Projects {
  readonly #packed: string[] = [];

  /** @param packed a ProjectReport as JSON */
  add(packed: string): void {
    this.#packed.push(packed);
  }

  get length(): number {
    return this.#packed.length;
  }

  *[Symbol.iterator](): Iterator<ProjectReport> {
    for (const text of this.#packed) yield JSON.parse(text) as ProjectReport;
  }
}

/** A copy that refers to no text of a file. The snippet is shared by all findings of a rule and stays as it is. */
export function detached({ fix, ...rest }: Finding): Finding {
  const copy = JSON.parse(JSON.stringify(rest)) as Omit<Finding, 'fix'>;
  return fix === undefined ? copy : { ...copy, fix };
}
