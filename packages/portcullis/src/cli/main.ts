import { dirname } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { createRunner } from '../exec/index.ts';
import { surveyInThreads, work } from './crew.ts';
import { disk, writeFileAtomically } from './disk.ts';
import { git } from './git.ts';
import type { Io, Output } from './io.ts';
import { run } from './run.ts';

// Set by build.mjs from package.json; absent when the source runs unbuilt.
declare const __PORTCULLIS_VERSION__: string | undefined;
// The bundle itself, as CommonJS knows it; absent when the source runs as an ES module, which then has no threads.
declare const __filename: string | undefined;

/** Whoever closes the pipe (`| head`) has read enough: that is no error, and nothing more is written. */
function outputOf(stream: NodeJS.WriteStream): Output {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    closed = true;
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
    process.exitCode = 3;
    if (stream !== process.stderr) process.stderr.write(`Portcullis cannot write its output: ${error.message}\n`);
  });
  return {
    write: (text) => {
      if (!closed) stream.write(text);
    },
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY === true ? stream.columns : undefined;
    },
  };
}

/** What needs the files of the built package. */
function fromBundle(bundle: string): Pick<Io, 'crew' | 'programs'> {
  return {
    crew: surveyInThreads.bind(undefined, bundle),
    programs: (settings) => createRunner({ ...settings, folder: dirname(bundle) }),
  };
}

const io: Io = {
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  environment: { variables: process.env, directory: process.cwd() },
  platform: process.platform,
  disk,
  writeFile: (path, pieces) => writeFileAtomically(path, pieces, String(process.pid)),
  git,
  now: () => performance.now(),
  clock: () => Date.now(),
  ...(typeof __filename === 'string' ? fromBundle(__filename) : {}),
};

const version = typeof __PORTCULLIS_VERSION__ === 'string' ? __PORTCULLIS_VERSION__ : '0.0.0-source';

/**
 * Ends the process when everything written has left it: a pipe takes its time, and what it does not get is lost. Left to itself
 * Node.js would first take its heap apart, which is a tenth of a short run.
 */
function end(code: number): void {
  process.exitCode ??= code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}

// Not a top-level await: the bundle is CommonJS, which starts faster.
if (isMainThread) void run(process.argv.slice(2), io, version).then(end);
else work(io);
