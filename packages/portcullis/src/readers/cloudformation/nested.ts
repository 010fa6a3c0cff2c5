import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { get, InputError, type Node, type SourceFile, stringOf } from '../../project/index.ts';
import { parseDocument } from '../document/index.ts';
import type { ReadContext } from '../options.ts';
import { createScope } from './evaluator.ts';
import type { LocalDocuments } from './local-documents.ts';
import { allButBucket } from './parse.ts';
import { prepareTemplate } from './prepare.ts';
import { freshBudget } from './scope.ts';
import type { NestedTemplate, Template, TemplateResource } from './template.ts';

const stackType = 'AWS::CloudFormation::Stack';

/** A template used by two stacks is read for each of them; beyond this many the rest is recorded as unread. */
const maximumStacks = 200;

/**
 * Reads the templates of AWS::CloudFormation::Stack resources whose TemplateURL (or CDK asset path) is a file on this disk,
 * and the stacks in those. What cannot be read is in `unread` of its template; a circle and a path out of the project are errors.
 */
export function loadNested(
  template: Template,
  path: string,
  context: ReadContext,
  documents: LocalDocuments,
  errors: InputError[],
): Loaded {
  const loader = new Loader(context, documents, errors);
  return { template: loader.load(template, path, [context.disk.real(path)]), files: [...loader.files] };
}

export interface Loaded {
  readonly template: Template;
  /** Files of the nested templates, each once. */
  readonly files: readonly SourceFile[];
}

class Loader {
  readonly files = new Set<SourceFile>();
  readonly #context: ReadContext;
  readonly #documents: LocalDocuments;
  readonly #errors: InputError[];
  readonly #roots = new Map<string, Node>();
  #count = 0;

  constructor(context: ReadContext, documents: LocalDocuments, errors: InputError[]) {
    this.#context = context;
    this.#documents = documents;
    this.#errors = errors;
  }

  load(template: Template, path: string, around: readonly string[]): Template {
    const nested: NestedTemplate[] = [];
    for (const stack of template.resources.values()) {
      if (stack.type !== stackType) continue;
      const inner = this.#stack(stack, template, path, around);
      if (inner) nested.push({ stackId: stack.id, template: inner });
    }
    return nested.length > 0 ? { ...template, nested } : template;
  }

  #stack(stack: TemplateResource, template: Template, path: string, around: readonly string[]): Template | undefined {
    const leave = (reason: string) => {
      const what = `nested stack ${stack.id}`;
      template.unread.push({ what, reason, span: stack.span, steps: allButBucket, hides: 'resources' });
      return undefined;
    };
    const url = localPath(stack, template);
    if (url === undefined) return leave('its TemplateURL is not a path on this disk');
    const target = resolve(dirname(path), url);
    const { disk, boundary } = this.#context;
    if (disk.kind(target) !== 'file') return leave(`there is no file ${url}`);
    const real = disk.real(target);
    const span = get(stack.properties, 'TemplateURL')?.span ?? stack.span;
    if (outside(real, disk.real(boundary))) {
      this.#errors.push(
        new InputError({
          code: 'OUTSIDE_PROJECT',
          found: `the nested template ${url} lies outside the project`,
          span,
          next: 'Run the check from a folder that holds both templates, or name both on the command line.',
        }),
      );
      return leave('its template lies outside the project');
    }
    if (around.includes(real)) {
      this.#errors.push(
        new InputError({
          code: 'CIRCULAR_FILE',
          found: `the nested template ${url} contains itself`,
          span,
          next: 'Take the stack out of the template that it nests.',
        }),
      );
      return leave('its template contains itself');
    }
    this.#count += 1;
    if (this.#count > maximumStacks) return leave(`only ${maximumStacks} nested stacks are read`);
    try {
      const file = this.#context.open(target, span);
      const root = this.#roots.get(real) ?? parseDocument(file, this.#errors);
      this.#roots.set(real, root);
      this.files.add(file);
      const inner = prepareTemplate(root, file, target, this.#documents, this.#errors);
      return this.load(inner, target, [...around, real]);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#errors.push(error);
      return leave('its template could not be read');
    }
  }
}

/** CDK writes an S3 address into TemplateURL and the file beside the template into the metadata. */
function localPath(stack: TemplateResource, template: Template): string | undefined {
  const asset = stringOf(get(stack.metadata, 'aws:asset:path'));
  if (asset !== undefined) return asset;
  const written = get(stack.properties, 'TemplateURL');
  if (!written) return undefined;
  const scope = createScope(template, {
    label: '',
    budget: freshBudget(),
    rename: (id) => id,
    given: () => undefined,
    output: () => undefined,
  });
  const url = stringOf(scope.evaluate(written));
  if (url === undefined || url === '' || url.includes('://') || url.includes('\0')) return undefined;
  return url;
}

function outside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '..' || way.startsWith('../') || way.startsWith('..\\') || isAbsolute(way);
}
