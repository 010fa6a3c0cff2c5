import type { InputError, Node, SourceFile } from '../../project/index.ts';
import { readBodies } from '../openapi/bodies.ts';
import { lowerSam } from '../sam/index.ts';
import { expandIncludes, mentionsInclude } from './includes.ts';
import type { LocalDocuments } from './local-documents.ts';
import { parseTemplate } from './parse.ts';
import type { Template } from './template.ts';

/**
 * A parsed document as the template that CloudFormation works on: with the files that it includes, and with shorter notations lowered.
 * Throws InputError as parseTemplate does.
 * @param path of the file; absolute
 */
export function prepareTemplate(
  root: Node,
  file: SourceFile,
  path: string,
  documents: LocalDocuments,
  errors: InputError[],
): Template {
  const included = mentionsInclude(file.text) ? expandIncludes(root, path, documents) : root;
  const template = parseTemplate(included, file, { errors, budget: documents.budget });
  return readBodies(lowerSam(template), path, documents);
}
