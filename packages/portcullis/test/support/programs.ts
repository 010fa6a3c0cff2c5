import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { disk } from '../../src/cli/disk.ts';
import { createRunner, type RunnerSettings } from '../../src/exec/index.ts';
import type { InputError, Project } from '../../src/project/index.ts';
import { discover, readProjects } from '../../src/readers/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Builds what runs beside and in the program, as build.mjs does, into a folder from which esbuild can be found. */
export function buildPrograms(): string {
  const parent = join(root, '../../node_modules/.cache');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'portcullis-programs-'));
  buildSync({
    absWorkingDir: root,
    entryPoints: { supervisor: 'src/exec/supervisor.ts', program: 'src/exec/program.ts' },
    outdir: folder,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.12',
    outExtension: { '.js': '.cjs' },
    external: ['esbuild'],
    logLevel: 'warning',
  });
  return folder;
}

/** Writes files into a temporary folder that is a repository of its own. Names are relative. */
export function projectOnDisk(files: Readonly<Record<string, string>>): { path: string; remove: () => void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'portcullis-program-')));
  mkdirSync(join(path, '.git'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface ExecOptions extends Partial<Omit<RunnerSettings, 'folder'>> {
  readonly stage?: string;
}

/** Reads the first of the files as `check FILE --exec` would, with real processes. */
export function readWithExec(
  folder: string,
  files: Readonly<Record<string, string>>,
  options: ExecOptions = {},
): { project: Project | undefined; errors: readonly InputError[]; ran: readonly string[] } {
  const { path, remove } = projectOnDisk(files);
  try {
    const ran: string[] = [];
    const variables = options.variables ?? process.env;
    const programs = createRunner({
      folder,
      variables,
      pass: options.pass ?? [],
      seconds: options.seconds ?? 20,
      unfenced: options.unfenced ?? false,
      onRun: (program) => ran.push(program.slice(path.length + 1)),
    });
    const environment = { directory: path, variables, programs };
    const [first = ''] = Object.keys(files);
    const { candidates, errors } = discover([join(path, first)], { disk, environment });
    const [reading] = [...readProjects(candidates, { stage: options.stage, params: {} }, disk, environment)];
    if (reading?.broke !== undefined) throw reading.broke;
    return { project: reading?.project, errors: [...errors, ...(reading?.errors ?? [])], ran };
  } finally {
    remove();
  }
}
