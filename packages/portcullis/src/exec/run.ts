import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProgramEnd, ProgramFailure, ProgramRunner, ProgramTask } from '../project/index.ts';
import type { Order, Outcome } from './protocol.ts';
import { masked } from './redact.ts';
import { ignoreDebugSignal } from './signals.ts';

export interface RunnerSettings {
  /** Folder with supervisor.cjs and program.cjs; absolute. */
  readonly folder: string;
  /** Variables of this process. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Names of variables that the program is given besides the few that every program needs. */
  readonly pass: readonly string[];
  readonly seconds: number;
  /** Without the fence of Node's permission model: it may write files and start programs. */
  readonly unfenced: boolean;
  /** Sees each program when it runs for the first time; absolute path. */
  readonly onRun: (path: string) => void;
}

/** More than the limit that the supervisor has for the result. */
const MOST_BYTES = 96 * 1024 * 1024;

/** Of a configuration, with the compilers and packages that it loads. */
const MOST_MEGABYTES = 1024;

/** Variables that programs need to run at all, or that decide nothing but language. Nothing that may be a credential. */
const harmless = ['PATH', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'NODE_ENV'];
const harmlessOnWindows = [
  'SYSTEMROOT',
  'SystemRoot',
  'WINDIR',
  'PATHEXT',
  'COMSPEC',
  'ComSpec',
  'NUMBER_OF_PROCESSORS',
];

/** Runs programs with Node.js itself, each in processes that are gone when it is done. */
export function createRunner(settings: RunnerSettings): ProgramRunner {
  return {
    run(task) {
      settings.onRun(task.path);
      ignoreDebugSignal();
      const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'portcullis-exec-')));
      try {
        return runIn(scratch, task, settings);
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    },
  };
}

function runIn(scratch: string, task: ProgramTask, settings: RunnerSettings): ProgramEnd {
  const passed: Record<string, string> = {};
  for (const name of settings.pass) {
    const value = settings.variables[name];
    if (value !== undefined) passed[name] = value;
  }
  const order: Order = {
    task,
    program: join(settings.folder, 'program.cjs'),
    flags: [
      '--enable-source-maps',
      '--no-warnings',
      `--max-old-space-size=${MOST_MEGABYTES}`,
      ...(settings.unfenced ? [] : fence(scratch)),
    ],
    environment: { ...environmentOf(scratch, settings.variables), ...passed },
    milliseconds: settings.seconds * 1000,
  };
  const { stdout, error } = spawnSync(process.execPath, [join(settings.folder, 'supervisor.cjs')], {
    input: JSON.stringify(order),
    encoding: 'utf8',
    env: environmentOf(scratch, settings.variables),
    cwd: scratch,
    maxBuffer: MOST_BYTES,
    // It keeps the limit by itself; this is for the case that it cannot.
    timeout: order.milliseconds + 10_000,
    killSignal: 'SIGKILL',
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  let outcome: Outcome | undefined;
  try {
    outcome = JSON.parse(stdout) as Outcome;
  } catch {
    return failure(
      'not-started',
      error ? `cannot be run: ${error.message}` : 'cannot be run: its process ended at once',
    );
  }
  const { end } = outcome;
  if (end.end === 'result') return { ...end, environment: { ...passed, ...end.environment } };
  if (end.end === 'question') return end;
  const secrets = Object.values(passed);
  // `--exec-env` and what the program read by itself may be in its words.
  return {
    ...end,
    message: masked(end.message, secrets),
    output: end.output.map((line) => masked(line, secrets)),
  };
}

/** Reading everything, writing only in the temporary folder, no other programs, threads or native code. */
function fence(scratch: string): readonly string[] {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  return [flag, '--allow-fs-read=*', `--allow-fs-write=${join(scratch, '*')}`];
}

function environmentOf(scratch: string, variables: RunnerSettings['variables']): Record<string, string> {
  const home = join(scratch, 'home');
  const temporary = join(scratch, 'tmp');
  for (const folder of [home, temporary]) mkdirSync(folder, { recursive: true });
  const kept: Record<string, string> = {};
  for (const name of [...harmless, ...(process.platform === 'win32' ? harmlessOnWindows : [])]) {
    const value = variables[name];
    if (value !== undefined) kept[name] = value;
  }
  return {
    ...kept,
    HOME: home,
    USERPROFILE: home,
    TMPDIR: temporary,
    TMP: temporary,
    TEMP: temporary,
    // Otherwise the AWS SDK would take the credentials of the machine that this runs on from its metadata service.
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function failure(why: ProgramFailure['why'], message: string): ProgramFailure {
  return { end: 'failure', why, message, places: [], output: [], missing: [] };
}
