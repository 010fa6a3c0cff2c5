import { readSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Question, ResolveAnswer, TransformAnswer, Verdict } from './protocol.ts';

const TO_SUPERVISOR = 3;
const FROM_SUPERVISOR = 4;

// Taken before the program runs, which may replace them.
const { parse, stringify } = JSON;
const decoder = new StringDecoder('utf8');
const buffer = Buffer.alloc(65_536);
let pending = '';

/** Waits for the next line of the supervisor. */
export function hear(): unknown {
  let text = '';
  for (;;) {
    const end = pending.indexOf('\n');
    if (end !== -1) {
      text += pending.slice(0, end);
      pending = pending.slice(end + 1);
      return parse(text) as unknown;
    }
    text += pending;
    const length = read();
    // The supervisor has gone: nobody waits for this process any more.
    if (length === 0) process.kill(process.pid, 'SIGKILL');
    pending = decoder.write(buffer.subarray(0, length));
  }
}

function read(): number {
  for (;;) {
    try {
      return readSync(FROM_SUPERVISOR, buffer);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

export function ask(question: Extract<Question, { ask: 'transform' }>): TransformAnswer;
export function ask(question: Extract<Question, { ask: 'resolve' }>): ResolveAnswer;
export function ask(question: Question): TransformAnswer | ResolveAnswer {
  send(question);
  return hear() as TransformAnswer | ResolveAnswer;
}

/** The last word; what the program does afterwards has no effect, and the supervisor ends it. */
export function conclude(verdict: Verdict['verdict']): void {
  if (concluded) return;
  concluded = true;
  send({ verdict });
}
let concluded = false;

function send(message: Question | Verdict): void {
  const bytes = Buffer.from(`${stringify(message)}\n`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(TO_SUPERVISOR, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
