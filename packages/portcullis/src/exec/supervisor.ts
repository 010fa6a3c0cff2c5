import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { ProgramEnd, ProgramFailure } from '../project/index.ts';
import type { Order, Outcome, Question, Verdict } from './protocol.ts';
import { lastLines } from './redact.ts';
import { ignoreDebugSignal } from './signals.ts';
import { createTranspiler } from './transpile.ts';
import { isProgramEnd } from './verdict.ts';

/**
 * Runs beside the program and outside of its fence: translates TypeScript for it, ends it with all its processes when its time is over,
 * and when Portcullis itself is gone.
 */

/** A configuration is some hundred kilobytes. */
const MOST_RESULT = 32 * 1024 * 1024;
const MOST_OUTPUT = 16 * 1024 * 1024;

const order = JSON.parse(readFileSync(0, 'utf8')) as Order;
const transpiler = createTranspiler(order.task.directory);

ignoreDebugSignal();
const child = spawn(process.execPath, [...order.flags, order.program], {
  cwd: order.task.directory,
  env: order.environment,
  // A group of its own, so that what it started ends with it.
  detached: process.platform !== 'win32',
  stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  windowsHide: true,
});

const printed = { bytes: 0, tail: '' };
for (const stream of [child.stdout, child.stderr]) {
  const decoder = new StringDecoder('utf8');
  stream?.on('data', (bytes: Buffer) => {
    printed.bytes += bytes.length;
    printed.tail = (printed.tail + decoder.write(bytes)).slice(-8192);
    if (printed.bytes > MOST_OUTPUT) finish(failure('output', `prints more than ${MOST_OUTPUT / 1024 / 1024} MB`));
  });
}

const timer = setTimeout(
  () => finish(failure('timeout', `does not end within ${order.milliseconds / 1000} seconds`)),
  order.milliseconds,
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    killAll();
    process.exit(1);
  });
// Portcullis waits for this process; when it is gone there is nobody to answer.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  killAll();
  process.exit(1);
}, 250);

let pending = '';
let received = 0;
const decoder = new StringDecoder('utf8');
const [, , , questions, answers] = child.stdio;
if (questions && 'on' in questions)
  questions.on('data', (bytes: Buffer) => {
    received += bytes.length;
    if (received > MOST_RESULT) {
      finish(failure('output', `makes a configuration of more than ${MOST_RESULT / 1024 / 1024} MB`));
      return;
    }
    const text = decoder.write(bytes);
    if (!text.includes('\n')) {
      pending += text;
      return;
    }
    const lines = (pending + text).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
for (const stream of child.stdio) stream?.on('error', () => undefined);
// The program need not read the order before it ends.
say({ ...order.task });

child.on('error', (error) => finish(failure('not-started', `cannot be started: ${error.message}`)));
child.on('exit', (code, signal) => {
  // What was written before the end may still be on its way.
  setImmediate(() =>
    setImmediate(() =>
      finish(
        signal === null
          ? code === 13
            ? failure('pending', 'waits for something that never happens (a top-level await)')
            : failure('exited', `ends by itself (exit code ${code ?? 0}) before it has exported anything`)
          : failure('crashed', `was ended by ${signal}`),
      ),
    ),
  );
});

function hear(line: string): void {
  let message: Question | Verdict;
  try {
    message = JSON.parse(line) as Question | Verdict;
  } catch {
    finish(forged());
    return;
  }
  if (typeof message !== 'object' || message === null) return;
  if ('verdict' in message) finish(isProgramEnd(message.verdict) ? message.verdict : forged());
  else if (message.ask === 'transform') void transpiler.transform(message.path).then(say);
  else if (message.ask === 'resolve') void transpiler.resolve(message).then(say);
}

function say(answer: object): void {
  if (answers && 'write' in answers) answers.write(`${JSON.stringify(answer)}\n`);
}

function failure(why: ProgramFailure['why'], message: string): ProgramFailure {
  return { end: 'failure', why, message, places: [], output: [], missing: [] };
}

const forged = () => failure('crashed', 'wrote into the channel of its result');

let finished = false;
function finish(end: ProgramEnd): void {
  if (finished) return;
  finished = true;
  clearTimeout(timer);
  clearInterval(watch);
  killAll();
  const outcome: Outcome = {
    end: end.end === 'failure' ? { ...end, output: lastLines(printed.tail) } : end,
  };
  process.stdout.write(JSON.stringify(outcome), () => process.exit(0));
}

function killAll(): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
