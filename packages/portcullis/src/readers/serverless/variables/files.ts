import { extname, relative, resolve, sep } from 'node:path';
import { InputError, type Node, type SourceFile, textOf } from '../../../project/index.ts';
import { parseDocument } from '../../document/index.ts';
import { isInside } from '../../inside.ts';
import type { ReadContext } from '../../options.ts';
import { type Answers, isProgram, type Programs } from '../../program/index.ts';
import { noValue } from './errors.ts';
import { type Call, type Outcome, undecided } from './scope.ts';

const documents = new Set(['.yml', '.yaml', '.json', '.tfstate']);
interface Settings {
  readonly directory: string;
  readonly context: ReadContext;
  readonly programs: Programs;
  /** For functions of programs. */
  readonly answers: Answers;
  readonly report: (error: InputError) => void;
}

/** The files of a service, each parsed once, in the order in which they were first needed. */
export class IncludedFiles {
  readonly files: SourceFile[];
  readonly #context: ReadContext;
  readonly #directory: string;
  readonly #parsed = new Map<string, Node>();
  readonly #programs: Programs;
  readonly #answers: Answers;
  readonly #report: (error: InputError) => void;

  constructor({ directory, context, programs, answers, report }: Settings) {
    this.#directory = directory;
    this.#context = context;
    this.#programs = programs;
    this.#answers = answers;
    this.#report = report;
    this.files = [];
  }

  add(absolutePath: string, file: SourceFile, content: Node): void {
    this.#parsed.set(absolutePath, content);
    this.files.push(file);
  }

  /**
   * `${file(path)}`: maps and lists of YAML and JSON, the text of anything else. A program is undecided unless it may be run; its value is that
   * at the address. `path` starts from the service's
   * folder wherever the variable stands. What is wrong with the file is reported, and the value is undecided.
   */
  read(path: string, call: Call): Outcome {
    const absolute = resolve(this.#directory, path);
    const known = this.#parsed.get(absolute);
    if (known) return { value: known, source: known.kind === 'unknown' ? known.source : 'file' };
    const fileName = fileOf(call);
    if (this.#isOutside(path, absolute)) {
      this.#report(
        new InputError({
          code: 'OUTSIDE_PROJECT',
          found: `${fileName} leads out of the project`,
          expected: 'a file inside the project',
          span: call.span,
          next: 'Move the file into the project, or run check on the folder that holds both.',
        }),
      );
      return {
        value: undecided('file', 'comes from a file outside the project, which check does not read', call.span),
        source: 'file',
      };
    }
    if (this.#holdsCredentials(absolute)) {
      this.#report(
        new InputError({
          code: 'OUTSIDE_PROJECT',
          found: `${fileName} holds credentials of a tool and is no part of the project`,
          expected: 'a file that belongs to the service',
          span: call.span,
          next: 'Keep what the service needs in a file of its own.',
        }),
      );
      return {
        value: undecided('file', 'comes from a file with credentials, which check does not read', call.span),
        source: 'file',
      };
    }
    if (this.#context.disk.kind(absolute) === undefined) return { missing: missingFile(call, fileName) };
    if (isProgram(absolute) && this.#programs.isAllowed) return this.#made(absolute, fileName, call);
    const content = this.#content(absolute, call);
    this.#parsed.set(absolute, content);
    return { value: content, source: content.kind === 'unknown' ? content.source : 'file' };
  }

  #made(absolute: string, fileName: string, call: Call): Outcome {
    const keys = call.address === '' ? [] : call.address.split('.');
    const nothing = (reason: string): Outcome => ({ value: undecided('code', reason, call.span), source: 'code' });
    try {
      const made = this.#programs.file(absolute, keys, call.span, this.#answers);
      if ('undecided' in made) return nothing(`is made by ${fileName} from a value that ${made.undecided}`);
      const { value } = made;
      if (value) return { value, source: 'file', atAddress: true };
      const error = noValue(call, 'the program gives none for it');
      return { missing: { source: 'code', reason: `comes from ${fileName}, which has no value for it`, error } };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#report(error);
      return nothing(`is made by ${fileName}, which could not be run`);
    }
  }

  #content(absolute: string, call: Call): Node {
    const extension = extname(absolute);
    if (isProgram(absolute))
      return undecided('code', `is made by code (${fileOf(call)}), which check runs only with --exec`, call.span);
    try {
      const file = this.#context.open(absolute, call.span);
      this.files.push(file);
      if (!documents.has(extension))
        return { kind: 'scalar', value: file.text, span: { file, start: 0, end: file.text.length } };
      const problems: InputError[] = [];
      const content = parseDocument(file, problems);
      for (const problem of problems) this.#report(problem);
      return content;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#report(error);
      return undecided('file', `comes from ${fileOf(call)}, which could not be read`, call.span);
    }
  }

  /**
   * Files in which tools keep tokens, also inside the project on a build machine: a checkout leaves the token of the repository in
   * `.git/config`. Whoever writes the service file decides where their text would end in a report.
   */
  #holdsCredentials(absolute: string): boolean {
    const { boundary, disk } = this.#context;
    return [relative(boundary, absolute), relative(disk.real(boundary), disk.real(absolute))].some((path) => {
      const segments = path.split(sep);
      return segments.some((segment) => credentialFolders.has(segment)) || credentialFiles.test(segments.at(-1) ?? '');
    });
  }

  #isOutside(path: string, absolute: string): boolean {
    // v1 and v2 read `~` as the home folder.
    if (path.startsWith('~')) return true;
    const { boundary, disk } = this.#context;
    if (!isInside(boundary, absolute)) return true;
    return disk.kind(absolute) !== undefined && !isInside(disk.real(boundary), disk.real(absolute));
  }
}

const credentialFolders = new Set(['.git', '.ssh', '.aws', '.azure', '.docker', '.kube', '.gnupg', '.terraform.d']);
const credentialFiles =
  /^(?:\.npmrc|\.yarnrc|\.yarnrc\.yml|\.netrc|_netrc|\.pypirc|\.git-credentials|\.dockercfg|gha-creds-[^/]*\.json)$/;

/** The path; as written in the variable when something from the environment is part of it. */
function fileOf(call: Call): string {
  const [given] = call.params;
  const path = typeof given === 'object' && given !== null ? textOf(given) : given;
  if (!call.isPrivate && typeof path === 'string') return path;
  return /\(([^)]*)/.exec(call.raw)?.[1]?.trim() ?? 'the file';
}

function missingFile(call: Call, fileName: string) {
  return {
    source: 'file' as const,
    reason: `comes from ${fileName}, which does not exist`,
    error: new InputError({
      code: 'FILE_MISSING',
      found: `the file ${fileName} does not exist`,
      expected: 'a file, by its path from the folder of the service',
      span: call.span,
      next: 'Create the file, correct the path, or add a fallback after a comma.',
    }),
  };
}
