import { resolve } from 'node:path';
import { InputError, nearest } from '../project/index.ts';
import { wrap } from '../report/index.ts';
import { type CommandName, checkOptions, commandNames, helpText, rulesOptions } from './commands/help.ts';
import type { Io } from './io.ts';
import { invalid, parseOptions } from './options.ts';
import { screenOf } from './screen.ts';
import { breakageText, errorText, toReportError } from './trouble.ts';

const optionsOf = { check: checkOptions, explain: {}, rules: rulesOptions, help: {} } as const;

/**
 * Runs one command.
 * @param argv arguments after the program's name
 * @returns exit code: 0 nothing at or above the level, 1 findings, 2 the request or the input is wrong, 3 Portcullis broke. Never throws.
 */
export async function run(argv: readonly string[], io: Io, version: string): Promise<number> {
  try {
    return await dispatch(argv, io, version);
  } catch (error) {
    if (error instanceof InputError) {
      io.stderr.write(errorText(toReportError(error), screenOf(io.stderr, io)));
      return 2;
    }
    io.stderr.write(breakageText(error, io));
    return 3;
  }
}

async function dispatch(argv: readonly string[], io: Io, version: string): Promise<number> {
  const [first, ...rest] = argv;
  const command = commandNames.find((name) => name === first);
  if (command === undefined && first !== undefined && !first.startsWith('-')) throw unknownCommand(first, io);
  const parsed = parseOptions(command === undefined ? argv : rest, optionsOf[command ?? 'help']);
  if (parsed.values.has('version')) {
    io.stdout.write(`${version}\n`);
    return 0;
  }
  const fold = (text: string) => wrap(text, Math.max(40, Math.min(100, screenOf(io.stdout, io).width)));
  if (parsed.values.has('help')) {
    io.stdout.write(helpText(command ?? 'help', fold));
    return 0;
  }
  if (command === undefined) {
    // In a pipeline, a command that lost its arguments must not look like a check that passed.
    io.stderr.write(helpText('help', fold));
    return 2;
  }
  if (command === 'check') return (await import('./commands/check.ts')).check(parsed, io, version);
  if (command === 'explain') return (await import('./commands/explain.ts')).explain(parsed, io);
  if (command === 'rules') return (await import('./commands/rules.ts')).rules(parsed, io);
  io.stdout.write(helpText(topicOf(parsed.positionals), fold));
  return 0;
}

function topicOf([topic]: readonly string[]): CommandName {
  if (topic === undefined) return 'help';
  const found = commandNames.find((name) => name === topic);
  if (found === undefined)
    throw invalid(`there is no command ${topic}`, commandNames.join(', '), 'Run portcullis help for all commands.');
  return found;
}

function unknownCommand(name: string, { disk, environment }: Io): InputError {
  const [close] = nearest(name, commandNames);
  const isPath = disk.kind(resolve(environment.directory, name)) !== undefined;
  const instead = isPath ? `portcullis check ${name}` : close === undefined ? undefined : `portcullis ${close}`;
  return invalid(
    `there is no command ${name}`,
    commandNames.join(', '),
    instead === undefined ? 'Run portcullis help for all commands.' : `Did you mean ${instead}?`,
  );
}
