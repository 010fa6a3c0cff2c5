import type { InputError, Project, SourceFile } from '../../project/index.ts';
import { parseDocument } from '../document/index.ts';
import type { ReadContext, ReadResult } from '../options.ts';
import { packedByTemplate } from '../packing/template.ts';
import { buildProject } from './build/index.ts';
import { LocalDocuments } from './local-documents.ts';
import { loadNested } from './nested.ts';
import { prepareTemplate } from './prepare.ts';

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
  const documents = new LocalDocuments(context, errors);
  const outer = prepareTemplate(root, file, absolutePath, documents, errors);
  const { template, files } = loadNested(outer, absolutePath, context, documents, errors);
  const project: Project = buildProject(template, {
    file,
    format: template.format,
    name: undefined,
    stage: undefined,
    files: [file, ...files, ...documents.files],
    deploymentBucket: undefined,
    plugins: [],
    ignored: [],
    unread: [],
    configuration: [],
  });
  return { project: { ...project, packedFiles: packedByTemplate(outer, absolutePath, context) }, errors };
}
