import { dirname } from 'node:path';
import {
  type Fact,
  type FunctionCode,
  known,
  type LambdaFunction,
  type Project,
  type Span,
  unknown,
} from '../../project/index.ts';
import type { ReadContext } from '../options.ts';
import { CodeFolder } from './folder.ts';
import { gather } from './gather.ts';
import { readFunctionCode } from './late.ts';

/**
 * Gives every function whose source may be at hand a `code` that is read when it is first asked for: most runs never look at code, and a
 * template without the question costs nothing.
 */
export function withCode(project: Project, context: ReadContext): Project {
  if (!project.functions.some(({ source }) => source)) return project;
  let folder: CodeFolder | undefined;
  const functions = project.functions.map((fn): LambdaFunction => {
    if (!fn.source) return fn;
    let code: Fact<FunctionCode> | undefined;
    return Object.defineProperty({ ...fn }, 'code', {
      enumerable: false,
      get: () => {
        folder ??= new CodeFolder(context);
        code ??= codeOf(fn, project, folder);
        return code;
      },
    });
  });
  return { ...project, functions };
}

function codeOf(fn: LambdaFunction, project: Project, folder: CodeFolder): Fact<FunctionCode> {
  const { source, handler, span } = fn;
  if (!source) return unknown('has no source in the files', span);
  // The framework starts at the folder of the service, wherever the function is written.
  const file = project.format === 'serverless' ? project.file : span.file;
  const gathered = gather({ handler, source, base: dirname(folder.absolute(file.path)) }, folder);
  if (typeof gathered === 'string') return unknown(gathered, span);
  const facts = readFunctionCode(gathered);
  if (typeof facts === 'string') return unknown(facts, span);
  return known(source.inline ? at(facts, source.inline.span) : facts, span);
}

/** The facts of code that stands in the template: a place inside it would count lines that the template does not have. */
function at(facts: FunctionCode, span: Span): FunctionCode {
  const here = <T extends { readonly span: Span }>(list: readonly T[]): readonly T[] =>
    list.slice(0, 1).map((one) => ({ ...one, span }));
  const each = <T extends { readonly span: Span }>(list: readonly T[]): readonly T[] =>
    list.map((one) => ({ ...one, span }));
  return {
    ...facts,
    decisionInputs: each(facts.decisionInputs),
    statements: each(facts.statements),
    simpleAnswers: facts.simpleAnswers.map(() => span),
    logged: here(facts.logged),
    looseMatches: here(facts.looseMatches),
    identityReads: here(facts.identityReads),
    decodes: here(facts.decodes),
  };
}
