import type { AnsweredStatement, DecisionInput, FunctionCode, Span } from '../../project/index.ts';
import { Interpreter } from './interpret.ts';
import { type Notes, placeKey } from './notes.ts';
import { credentialOf, inputOf, isIdentity, unverifiedClaims } from './paths.ts';
import {
  allInputs,
  arnHole,
  type Closure,
  firstFields,
  forms,
  hole,
  isArn,
  nothing,
  type SourceModule,
  type Value,
  value,
} from './values.ts';

export interface Program {
  readonly modules: ReadonlyMap<string, SourceModule>;
  /** Path of the module with the handler. */
  readonly entry: string;
  /** What the module exports as handler. */
  readonly name: string;
}

/** Undefined when the module has no such function. */
export function factsOf({ modules, entry, name }: Program): FunctionCode | undefined {
  const interpreter = new Interpreter(modules);
  const module = interpreter.load(entry);
  if (!module) return undefined;
  const handler = handlerOf(interpreter, interpreter.exported(module, name));
  if (handler.closures.length === 0) return undefined;
  interpreter.recording = true;
  const event = value({ paths: ['$'] });
  const answers = handler.closures.map((closure) => {
    noteDecorators(interpreter, closure);
    return interpreter.call(closure, [event, nothing, nothing], new Map(), undefined) ?? nothing;
  });
  return toFacts(interpreter.notes, answers, modules, module.source.tree.language);
}

/** An object with a method `handler` counts as one. */
function handlerOf(interpreter: Interpreter, found: Value): Value {
  return found.closures.length > 0 ? found : interpreter.member(found, 'handler');
}

/** Powertools for Python: `@logger.inject_lambda_context(log_event=True)`. */
function noteDecorators(interpreter: Interpreter, { tree, module }: Closure): void {
  for (const decorator of tree.decorators) {
    if (decorator.kind !== 'call') continue;
    const logs = decorator.args.some(
      ({ name, value: given }) => name === 'log_event' && given.kind === 'constant' && given.value === true,
    );
    if (logs)
      interpreter.notes.logs.push({ value: value({ paths: ['$'] }), span: interpreter.span(decorator, module) });
  }
}

function toFacts(
  notes: Notes,
  answers: readonly Value[],
  modules: ReadonlyMap<string, SourceModule>,
  language: 'javascript' | 'python',
): FunctionCode {
  const words = [...modules.values()].flatMap(({ tree }) => [...tree.words]);
  const answered = [...notes.structures].filter((one) => one.fields.has('isAuthorized'));
  const loose = [
    ...notes.loose,
    ...answered.flatMap((one) => one.fields.get('isAuthorized')?.loose ?? []).filter(({ negated }) => !negated),
  ];
  return {
    language: language === 'python' ? 'Python' : 'JavaScript',
    decisionInputs: decisionInputs(notes),
    statements: statementsOf(notes),
    simpleAnswers: answered.flatMap(({ span }) => (span ? [span] : [])),
    logged: logged(notes),
    looseMatches: unique(loose.map(({ how, span }) => ({ how, span }))),
    identityReads: identityReads(notes),
    asksForIdentity: notes.asksForIdentity || notes.exhausted,
    dispatches: notes.escapes.has('$') || notes.exhausted || tellsApart(notes, answers),
    decodes: !usesClaims(notes, answers)
      ? []
      : unique(notes.decodes.map(({ path, span }) => ({ header: credentialOf(path) ?? '', span }))),
    mayVerify:
      notes.verifies ||
      notes.exhausted ||
      tokenEscapes(notes) ||
      words.some((word) => verifying.test(word) && !/verified$/i.test(word)),
  };
}

const verifying =
  /verif|jwks|introspect|hmac|timingsafe|compare_?digest|get_?user|user_?info|^(?:jose\.jws|authlib|cognitojwt|express-jwt|passport)/i;

function decisionInputs(notes: Notes): readonly DecisionInput[] {
  const found = new Map<string, DecisionInput>();
  const add = (paths: readonly string[], span: Span) => {
    for (const path of paths) {
      const input = inputOf(path);
      if (!input) continue;
      const key = `${input.kind} ${input.name ?? ''}`;
      if (!found.has(key)) found.set(key, { ...input, span });
    }
  };
  for (const { value: test, span } of notes.tests) add(test.inputs, span);
  // Pieces of the method ARN may only be on their way into the policy.
  for (const { value: given, span } of notes.judged) {
    const parts = allInputs(given).filter((path) => !/Arn(?:#|$)/.test(path));
    add(parts, span);
  }
  for (const { fields, span } of notes.structures) {
    if (!span) continue;
    for (const key of ['Effect', 'isAuthorized']) add(fields.get(key)?.inputs ?? [], span);
  }
  return [...found.values()];
}

function statementsOf(notes: Notes): readonly AnsweredStatement[] {
  const found: AnsweredStatement[] = notes.allowAll.map((span) => ({ covers: 'everything', span }));
  for (const { fields, span } of notes.structures) {
    const [effect, resource] = [fields.get('Effect'), fields.get('Resource')];
    if (!effect || !resource || !span) continue;
    const texts = effect.texts;
    const mayAllow = texts.length === 0 || texts.some((text) => /^allow$/i.test(text) || text.includes(hole));
    if (mayAllow) found.push({ covers: coverage(resource), span });
  }
  return found;
}

function coverage(resource: Value): AnsweredStatement['covers'] {
  const all = [
    ...(resource.texts.length + resource.paths.length > 0 ? forms(resource) : []),
    ...(resource.items ? forms(resource.items) : []),
  ];
  if (all.some(isEverything)) return 'everything';
  return all.length > 0 && all.every((form) => form === arnHole) ? 'one-method' : 'unknown';
}

/** `*`, or `arn:...:API/STAGE/*` and what is as wide: nothing but `*` after the stage. */
function isEverything(form: string): boolean {
  if (form === '*') return true;
  const segments = form.slice(form.lastIndexOf(':') + 1).split('/');
  if (segments.at(-1) !== '*') return false;
  const first = segments.indexOf('*');
  if (segments.slice(first).some((segment) => segment !== '*')) return false;
  const before = segments.slice(0, first);
  if (before.length > 2) return false;
  const isPlain = (segment: string) => segment !== '' && ![hole, arnHole].some((mark) => segment.includes(mark));
  // A piece of which nothing is known may itself name the method.
  return (
    before.every(isPlain) ||
    form.includes('execute-api:') ||
    (segments.length - first >= 2 && before.length <= 1 && !form.includes(arnHole))
  );
}

type Logged = FunctionCode['logged'][number];

function logged(notes: Notes): readonly Logged[] {
  const found: Logged[] = [];
  for (const { value: given, span } of notes.logs) for (const one of loggedIn(given, span, 0)) found.push(one);
  return unique(found);
}

function* loggedIn(given: Value, span: Span, depth: number): Iterable<Logged> {
  for (const path of given.paths) {
    const what = whatOf(path);
    if (what) yield { ...what, span };
  }
  if (depth > 3) return;
  if (given.items) yield* loggedIn(given.items, span, depth + 1);
  for (const structure of given.structures) {
    const { fields, bases } = structure;
    const hidden = ['headers', 'authorizationToken', 'Authorization', 'authorization'].some((key) => fields.has(key));
    if (!hidden)
      for (const base of bases) {
        const what = whatOf(base);
        if (what) yield { ...what, span };
      }
    for (const field of firstFields(structure)) yield* loggedIn(field, span, depth + 1);
  }
}

function whatOf(path: string): Omit<Logged, 'span'> | undefined {
  const [base = '', piece] = path.split('#');
  // What is left after some fields were taken out, and the claims inside a token, are not the credential.
  if (piece !== undefined && piece !== 'dots') return undefined;
  if (base === '$') return { what: 'event' };
  if (base === '$.headers' || base === '$.multiValueHeaders') return { what: 'headers' };
  if (base.startsWith('$.authorizationToken') || base.startsWith('$.identitySource')) return { what: 'token' };
  if (base.startsWith('$.cookies')) return { what: 'header', header: 'cookie' };
  const input = inputOf(base);
  return input?.kind === 'header' && input.name !== undefined ? { what: 'header', header: input.name } : undefined;
}

function identityReads(notes: Notes): FunctionCode['identityReads'] {
  const reads = [...notes.identity].flatMap(([key, { path, span }]) => {
    // What only a log line shows decides nothing.
    if (notes.logs.some((log) => lies(span, log.span))) return [];
    return [{ name: path.slice('$.requestContext.authorizer.'.length), hasDefault: notes.defaults.has(key), span }];
  });
  // `authorizer.claims` on the way to `authorizer.claims.sub` is the same read.
  return reads.filter(({ name }) => !reads.some((other) => other.name.startsWith(`${name}.`)));
}

function lies(inner: Span, outer: Span): boolean {
  return inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;
}

/** Claims that only a log line shows decide nothing. */
function usesClaims(notes: Notes, answers: readonly Value[]): boolean {
  const used = [
    ...notes.tests.flatMap(({ value: test }) => test.inputs),
    ...answers.flatMap((answer) => allInputs(answer)),
  ];
  return (
    notes.usesClaims ||
    used.includes(unverifiedClaims) ||
    [...notes.structures].some(({ fields }) =>
      [fields.get('Effect'), fields.get('isAuthorized'), fields.get('principalId')].some((field) =>
        field?.inputs.includes(unverifiedClaims),
      ),
    )
  );
}

/** Asked for path or method anywhere. */
function tellsApart(notes: Notes, answers: readonly Value[]): boolean {
  const asked = [
    ...notes.tests.flatMap(({ value: test }) => [...test.inputs, ...test.presence]),
    ...answers.flatMap((answer) => answer.inputs),
  ];
  return asked.some((path) => {
    const kind = inputOf(path)?.kind;
    return (kind === 'method' || kind === 'path') && !isArn(path);
  });
}

/** Whether code that is not read got a credential, the headers or the event: it may check what is in it. */
function tokenEscapes(notes: Notes): boolean {
  return [...notes.escapes].some((path) => {
    if (isIdentity(path)) return false;
    const [base] = path.split('#');
    return base === '$' || base === '$.headers' || credentialOf(path) !== undefined;
  });
}

function unique<T extends { readonly span: Span }>(list: readonly T[]): readonly T[] {
  const seen = new Map<string, T>();
  for (const one of list) {
    const key = placeKey(one.span);
    if (!seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()];
}
