import { InputError, type Span } from '../../project/index.ts';

/** Nesting of maps and lists; CloudFormation and the framework stay below 60 even for OpenAPI bodies and WAF statements. */
export const MAX_DEPTH = 200;
/** Values of one document, aliases counted as often as they are used. A 1 MB template has about 100,000. */
export const MAX_NODES = 1_000_000;

export function tooDeep(span: Span): InputError {
  return new InputError({
    code: 'TOO_DEEP',
    found: `the document nests more than ${MAX_DEPTH} levels`,
    expected: `at most ${MAX_DEPTH}`,
    span,
    next: 'Check whether the file is what you meant; flatten it, or leave it out of the paths to check.',
  });
}

export function tooManyNodes(span: Span): InputError {
  return new InputError({
    code: 'TOO_MANY_NODES',
    found: `the document has more than ${MAX_NODES.toLocaleString('en')} values`,
    span,
    next: 'Split the file, or leave it out of the paths to check.',
  });
}

export function repeatedKey(key: string, span: Span): InputError {
  return new InputError({
    code: 'SYNTAX',
    found: `the key "${key}" stands twice in one map; all but the last are lost`,
    expected: 'each key once',
    span,
    next: 'Merge the two entries into one.',
  });
}
