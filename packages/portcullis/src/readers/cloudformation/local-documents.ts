import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { InputError, type Node, type SourceFile, type Span } from '../../project/index.ts';
import { parseDocument } from '../document/index.ts';
import type { ReadContext } from '../options.ts';
import { freshBudget } from './scope.ts';

/** Included documents of one project, those counted again that are included again. */
const maximumDocuments = 200;
/** Values in all of them together; as many as one document may have. */
const maximumValues = 1_000_000;

/** A document that another file of the project names by its path. */
export interface LocalDocument {
  readonly root: Node;
  /** Absolute, links resolved. */
  readonly path: string;
}

/** Folders and files in which tools keep credentials; nobody includes them in good faith, and their text could come up in a report. */
const credentials =
  /(?:^|[/\\])(?:\.git|\.ssh|\.aws|\.azure|\.docker|\.kube|\.gnupg|\.terraform\.d|\.npmrc|\.yarnrc|\.yarnrc\.yml|\.netrc|_netrc|\.pypirc|\.git-credentials|\.dockercfg)(?:[/\\]|$)/;

/** Reads the YAML and JSON files that templates name by a local path, as `aws cloudformation package` does before it uploads them. */
export class LocalDocuments {
  readonly files = new Set<SourceFile>();
  /** What the loops of all templates of the project may make. */
  readonly budget = freshBudget();
  readonly #context: ReadContext;
  readonly #errors: InputError[];
  readonly #roots = new Map<string, { readonly root: Node; readonly values: number }>();
  #documents = maximumDocuments;
  #values = maximumValues;

  constructor(context: ReadContext, errors: InputError[]) {
    this.#context = context;
    this.#errors = errors;
  }

  /** The path with symbolic links resolved. */
  real(path: string): string {
    return this.#context.disk.real(path);
  }

  /**
   * The document at a path that is relative to the folder of `from`. A text is the reason why there is none; what a person has to correct is
   * also an error of the project.
   * @param around files that are being read at the moment, absolute with links resolved
   */
  read(path: string, from: string, span: Span, around: readonly string[]): LocalDocument | string {
    const { disk, boundary } = this.#context;
    const target = resolve(dirname(from), path);
    const inside = (file: string, folder: string): boolean => {
      const way = relative(folder, file);
      return way !== '..' && !/^\.\.[/\\]/.test(way) && !isAbsolute(way);
    };
    // Where a path leads is looked at before the disk is asked, so that nothing outside can be told from nothing at all.
    if (!inside(target, boundary)) return this.#refuse(path, 'lies outside the project', span);
    if (disk.kind(target) !== 'file') return `there is no file ${path}`;
    const real = disk.real(target);
    if (!inside(real, disk.real(boundary))) return this.#refuse(path, 'lies outside the project', span);
    if (credentials.test(relative(boundary, target)) || credentials.test(relative(disk.real(boundary), real)))
      return this.#refuse(path, 'holds credentials of a tool', span);
    if (around.includes(real)) {
      this.#errors.push(
        new InputError({
          code: 'CIRCULAR_FILE',
          found: `the included file ${path} contains itself`,
          span,
          next: 'Take the inclusion out of the file that is included.',
        }),
      );
      return `the file ${path} contains itself`;
    }
    return this.#open(target, real, path, span);
  }

  #open(target: string, real: string, path: string, span: Span): LocalDocument | string {
    try {
      let document = this.#roots.get(real);
      if (!document) {
        const file = this.#context.open(target, span);
        const root = parseDocument(file, this.#errors);
        document = { root, values: countValues(root) };
        this.#roots.set(real, document);
        this.files.add(file);
      }
      this.#documents -= 1;
      this.#values -= document.values;
      if (this.#documents < 0 || this.#values < 0) return 'more is included than is read';
      return { root: document.root, path: real };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#errors.push(error);
      return `the file ${path} could not be read`;
    }
  }

  #refuse(path: string, why: string, span: Span): string {
    this.#errors.push(
      new InputError({
        code: 'OUTSIDE_PROJECT',
        found: `the included file ${path} ${why}`,
        expected: 'a file that belongs to the project',
        span,
        next: 'Move the file into the project, or run the check from a folder that holds both.',
      }),
    );
    return `the file ${path} ${why}`;
  }
}

/** A path on this disk, as people write it before packaging: no address, and nothing that is known when it is deployed. */
export function isLocalPath(text: string): boolean {
  return text !== '' && !text.includes('://') && !text.includes('${') && !text.includes('\0') && text.length < 1_024;
}

function countValues(node: Node): number {
  let count = 1;
  if (node.kind === 'map') for (const { value } of node.entries) count += countValues(value);
  if (node.kind === 'list') for (const item of node.items) count += countValues(item);
  return count;
}
