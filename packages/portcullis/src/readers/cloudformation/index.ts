import type { InputError, Project, SourceFile } from '../../project/index.ts';
import { parseDocument } from '../document/index.ts';
import type { ReadContext, ReadResult } from '../options.ts';
import { buildProject } from './build/index.ts';
import { loadNested } from './nested.ts';
import { parseTemplate } from './parse.ts';

export { buildProject, type ProjectExtras } from './build/index.ts';
export { parseTemplate } from './parse.ts';
export type { Template, TemplateResource } from './template.ts';

/**
 * Reads a template and the local templates nested in it. Throws InputError when the file is no template or cannot be parsed; what
 * is wrong with a part of it is in `errors`.
 */
export function readCloudFormation(file: SourceFile, absolutePath: string, context: ReadContext): ReadResult {
  const errors: InputError[] = [];
  const root = parseDocument(file, errors);
  const outer = parseTemplate(root, file, { errors });
  const { template, files } = loadNested(outer, absolutePath, context, errors);
  const project: Project = buildProject(template, {
    file,
    format: 'cloudformation',
    name: undefined,
    stage: undefined,
    files: [file, ...files],
    deploymentBucket: undefined,
    plugins: [],
    ignored: [],
    unread: [],
    configuration: [],
  });
  return { project, errors };
}
