import { InputError, type Span, type ValueSource } from '../../../project/index.ts';
import type { Call, Missing } from './scope.ts';
import type { VariableSyntaxError } from './syntax.ts';

export function circular(chain: readonly string[], span: Span): InputError {
  const isFile = chain.some((label) => label.startsWith('file('));
  const shown = chain.length > 12 ? [...chain.slice(0, 10), '…', chain.at(-1)] : chain;
  return new InputError({
    code: isFile ? 'CIRCULAR_FILE' : 'CIRCULAR_VARIABLE',
    found: `${isFile ? 'files include each other' : 'a variable is defined by itself'}: ${shown.join(' -> ')}`,
    expected: 'a value that does not lead back to itself',
    span,
    next: 'Give one of them a value of its own.',
  });
}

export function unreadable(error: VariableSyntaxError, span: Span): InputError {
  return new InputError({
    code: 'VARIABLE_SYNTAX',
    found: error.message,
    expected: '${source:address, fallback}',
    span,
    next: 'Correct the variable, or write \\${ for a text that is none.',
  });
}

export function refused(call: Call, found: string): InputError {
  return new InputError({
    code: 'VARIABLE_SYNTAX',
    found,
    span: call.span,
    next: 'Correct the variable; what depends on it was not checked.',
  });
}

export function noValue(call: Call, what: string): InputError {
  return new InputError({
    code: 'VARIABLE_UNRESOLVED',
    found: `the variable \${${call.raw}} has no value: ${what}`,
    span: call.span,
    next: 'Correct the address, or add a fallback after a comma.',
  });
}

export function notText(what: string, span: Span): InputError {
  return new InputError({
    code: 'WRONG_TYPE',
    found: `a variable inside a text stands for ${what}`,
    expected: 'a text, a number or a boolean',
    span,
    next: 'Point the variable at a text, or make it the whole value.',
  });
}

export function leadsToNull(call: Call, source: ValueSource): Missing {
  return { source, reason: `comes from ${call.raw}, which is empty`, error: noValue(call, 'it leads to null') };
}
