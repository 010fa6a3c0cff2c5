import type { Span } from '../../project/index.ts';
import type { Frame, Machine } from './machine.ts';
import { credentialOf, isIdentity, isPath, piecePath, splitPath, unverifiedClaims } from './paths.ts';
import type { ExpressionOf } from './tree.ts';
import {
  allInputs,
  derived,
  firstFields,
  hole,
  isArn,
  join,
  joinAll,
  nothing,
  patternMark,
  type Value,
  value,
} from './values.ts';

/** A call with everything that is known of it before it is made. */
interface Call {
  readonly expression: ExpressionOf<'call'>;
  readonly frame: Frame;
  readonly args: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  readonly receiver: Value;
  /** Name of the method; undefined when a function is called. */
  readonly method: string | undefined;
  readonly span: Span;
}

/** What a call gives. @param receiver the object whose method is called, evaluated */
export function callValue(machine: Machine, expression: ExpressionOf<'call'>, receiver: Value, frame: Frame): Value {
  const { callee } = expression;
  const method = callee.kind === 'member' && typeof callee.key === 'string' ? callee.key : undefined;
  const args: Value[] = [];
  const named = new Map<string, Value>();
  for (const argument of expression.args) {
    const given = machine.evaluate(argument.value, frame);
    if (argument.name === undefined) args.push(given);
    else named.set(argument.name, given);
  }
  const span = machine.span(expression, frame.module);
  const call: Call = { expression, frame, args, named, receiver, method, span };
  const target = callee.kind === 'member' ? memberOf(machine, call) : machine.evaluate(callee, frame);
  const made = constructed(machine, call, target);
  if (made) return made;
  const own = target.closures.flatMap((closure) => {
    const result = machine.call(closure, args, named, method === undefined ? undefined : receiver);
    return result ? [result] : [derived(...args)];
  });
  if (own.length > 0) return joinAll(own);
  return (method !== undefined && methodValue(machine, call, method)) || externalValue(machine, call, target);
}

function memberOf(machine: Machine, { expression, frame, receiver }: Call): Value {
  const { callee } = expression;
  if (callee.kind !== 'member') return nothing;
  if (typeof callee.key !== 'string') return machine.member(receiver, undefined);
  // A method of a part of the event is no part of the event.
  const found = machine.member({ ...receiver, paths: [] }, callee.key, callee, frame.module);
  return found;
}

function constructed(machine: Machine, { expression, args, named }: Call, target: Value): Value | undefined {
  const kinds = target.structures.flatMap((one) => (one.kind && one.span ? [one.kind] : []));
  if (kinds.length === 0) return undefined;
  if (!expression.construct && kinds.some(({ module }) => module.source.tree.language !== 'python')) return undefined;
  return joinAll(kinds.map((kind) => machine.construct(kind, args, named)));
}

const whole = new Set(
  'toString trim trimStart trimEnd toLowerCase toUpperCase lower upper strip lstrip rstrip valueOf normalize decode encode replaceAll removeprefix removesuffix title casefold flat reverse sort values entries items keys fromEntries copy toJSON then'.split(
    ' ',
  ),
);
const pieces = new Set(
  'slice substring substr replace match exec matchAll pop shift at partition rpartition concat join filter find findLast'.split(
    ' ',
  ),
);
const callbacks = new Set(
  'map filter some every find findIndex forEach flatMap reduce then catch finally findLast'.split(' '),
);
const lookups = new Set(['get', 'getHeader', 'get_header_value', 'pop', 'getHeaderValue']);

/** Methods of texts, lists and maps. Undefined: none that is known here. */
function methodValue(machine: Machine, call: Call, method: string): Value | undefined {
  const { receiver, args, expression } = call;
  const [first = nothing, second = nothing] = args;
  if (['bind', 'call', 'apply'].includes(method) && receiver.closures.length > 0)
    return functionMethod(machine, call, method);
  const isPart = receiver.paths.length > 0;
  const isLocal =
    isPart ||
    receiver.isList ||
    receiver.items !== undefined ||
    receiver.texts.length > 0 ||
    receiver.structures.length > 0 ||
    receiver.inputs.length > 0;
  if (method === 'push' || method === 'append' || method === 'add') return pushed(machine, call);
  if (!isLocal || receiver.externals.length > 0) return undefined;
  const loose = looseMatch(call, method);
  if (loose) return loose;
  if (callbacks.has(method) && first.closures.length > 0) return withCallback(machine, call, method);
  if (lookups.has(method) && first.texts.length > 0) {
    const owner = method.toLowerCase().includes('header') ? machine.member(receiver, 'headers') : receiver;
    const found = joinAll(first.texts.map((key) => machine.member(owner, key, expression, call.frame.module)));
    return join(found, second);
  }
  if (method === 'split' || method === 'rsplit') {
    const limit = numberAt(call, 1);
    // Python counts the cuts, JavaScript the pieces.
    const isPython = call.frame.module.source.tree.language === 'python';
    const paths = receiver.paths.map((path) => splitPath(path, first.texts[0], isPython ? undefined : limit));
    return value({
      paths,
      inputs: receiver.inputs,
      isList: true,
      items: isPart ? undefined : value({ inputs: allInputs(receiver) }),
    });
  }
  if (method === 'format') return join(receiver, joinAll(args));
  if (pieces.has(method) || whole.has(method)) return piece(call, method);
  return undefined;
}

function piece({ receiver, args, expression }: Call, method: string): Value {
  if (whole.has(method)) return { ...receiver, loose: [] };
  const [from, to] = expression.args;
  const start = from?.value.kind === 'constant' ? from.value.value : undefined;
  const isFromEnd = from?.value.kind === 'operation';
  // The first characters of a token, or the last ones, are no token.
  if (/^sub|^slice$/.test(method) && !receiver.isList && (isFromEnd || (start === 0 && to))) return derived(receiver);
  const end = method === 'slice' && start === 0 && to?.value.kind === 'constant' ? Number(to.value.value) : undefined;
  const paths = receiver.paths.map((path) => (method === 'join' || method === 'concat' ? path : piecePath(path, end)));
  const isList = receiver.isList && /^(?:slice|filter|concat)$/.test(method);
  // Python has the text before the dot and the list as argument.
  const joined = method === 'join' || method === 'concat' ? joinAll(args) : nothing;
  const texts = receiver.paths.length === 0 ? [hole] : [];
  return join(
    value({ paths, inputs: receiver.inputs, items: receiver.items, isList, texts: method === 'join' ? texts : [] }),
    { ...joined, texts: [] },
  );
}

function functionMethod(machine: Machine, { receiver, args, named }: Call, method: string): Value {
  const [self, ...rest] = args;
  if (method === 'bind')
    return value({ closures: receiver.closures.map((closure) => ({ ...closure, self: self ?? closure.self })) });
  const given = method === 'apply' ? rest.map((list) => machine.element(list)) : rest;
  return joinAll(receiver.closures.map((closure) => machine.call(closure, given, named, self) ?? derived(...args)));
}

function pushed(machine: Machine, { expression, receiver, args, frame }: Call): Value | undefined {
  const { callee } = expression;
  if (callee.kind !== 'member' || receiver.paths.length > 0 || receiver.externals.length > 0) return undefined;
  // A list is a value and no structure here: what it holds is known where it is kept.
  const given = value({ items: joinAll(args), isList: true });
  const { object } = callee;
  if (object.kind === 'name') frame.scope.assign(object.name, given);
  else if (object.kind === 'member' && typeof object.key === 'string')
    for (const one of machine.evaluate(object.object, frame).structures)
      one.fields.set(object.key, join(one.fields.get(object.key) ?? nothing, given));
  return nothing;
}

function withCallback(machine: Machine, call: Call, method: string): Value {
  const { receiver, args } = call;
  const [first = nothing] = args;
  const element = method === 'then' ? receiver : machine.element(receiver);
  const results = first.closures.map((closure) => {
    const given = method === 'reduce' ? [args[1] ?? nothing, element] : [element, nothing, receiver];
    return machine.call(closure, machine.recording ? given : [], new Map(), undefined) ?? nothing;
  });
  const returned = joinAll(results);
  const inputs = [...new Set([...receiver.inputs, ...returned.inputs])];
  if (method === 'some' || method === 'every')
    return value({ inputs: [...new Set([...inputs, ...returned.paths])], loose: returned.loose });
  if (method === 'then') return returned;
  if (method === 'map' || method === 'flatMap' || method === 'reduce')
    return join(
      { ...returned, isList: true },
      value({ paths: receiver.paths.filter((path) => path.endsWith('eaders')), inputs, items: returned }),
    );
  return join({ ...element, loose: returned.loose }, value({ inputs: [...new Set([...inputs, ...returned.paths])] }));
}

const wholeSegment = /\/$/;

/** `path.startsWith('/public')`, `/^\/public/.test(path)`, Python's `re.match('/public', path)`. */
function looseMatch({ receiver, args, span }: Call, method: string): Value | undefined {
  const [first = nothing] = args;
  const found = (how: 'begins' | 'contains' | 'pattern', ...of: readonly Value[]) => ({
    ...derived(...of),
    loose: [{ how, negated: false, span }],
  });
  const patterns = [...(method === 'test' ? receiver.texts : []), ...(method === 'match' ? first.texts : [])].filter(
    (text) => text.startsWith(patternMark),
  );
  const subject = method === 'test' ? first : receiver;
  if (patterns.length > 0) {
    const isLoose = subject.paths.some(isPath) && patterns.some((text) => isLoosePattern(text.slice(1), false));
    const paths = method === 'match' ? subject.paths.map((path) => piecePath(path, undefined)) : [];
    return { ...(isLoose ? found('pattern', subject) : derived(subject)), paths };
  }
  const compares = [
    'startsWith',
    'startswith',
    'includes',
    'indexOf',
    'find',
    'endsWith',
    'endswith',
    '__contains__',
  ].includes(method);
  if (!compares || args.some((one) => one.closures.length > 0)) return undefined;
  // A question to the method ARN is one to what differs between requests.
  const both = derived(
    { ...receiver, paths: receiver.paths.map((path) => (isArn(path) ? piecePath(path, undefined) : path)) },
    first,
  );
  if (receiver.isList || !receiver.paths.some(isPath) || first.texts.length === 0 || /^ends/i.test(method)) return both;
  const texts = first.texts.filter((text) => text !== '' && !text.startsWith('arn:') && !text.includes(hole));
  if (/^starts/i.test(method)) {
    // The method ARN begins with `arn:`, whatever is asked for; `/` alone is every path.
    const begins = texts.filter((text) => text !== '/' && !wholeSegment.test(text) && text.startsWith('/'));
    return begins.length > 0 && receiver.paths.some((path) => !isArn(path)) ? found('begins', receiver, first) : both;
  }
  return texts.some((text) => /[a-z]/i.test(text)) ? found('contains', receiver, first) : both;
}

/** A pattern that is not held at both ends matches more paths than it names. @param atStart Python's `re.match` begins at the start */
function isLoosePattern(pattern: string, atStart: boolean): boolean {
  if (!/[a-z]{2}/i.test(pattern.replaceAll(/\\./g, ''))) return false;
  const begins = atStart || pattern.startsWith('^');
  const ends = /(?:\$|\/|\\b|\/\.[*+])\)?$/.test(pattern);
  return !(begins && ends);
}

function numberAt({ expression }: Call, index: number): number | undefined {
  const argument = expression.args[index]?.value;
  return argument?.kind === 'constant' && typeof argument.value === 'number' ? argument.value : undefined;
}

const keeps =
  /^(?:JSON\.(?:stringify|parse)|json\.(?:dumps|loads)|String|str|dict|list|Object\.(?:assign|entries|values|fromEntries|freeze)|structuredClone|Array\.from|Promise\.(?:resolve|all)|(?:node:)?util\.inspect|inspect|Headers|Map|URLSearchParams|decodeURIComponent|unquote|urllib\.parse\.unquote|copy\.deepcopy|Buffer\.from|bytes|next|any|all|iter|tuple|sorted|repr|pprint\.pformat)$/;
const logName = /(?:^|[.)])(?:log|info|warn|warning|error|notice|fatal|critical|exception|print|pprint|dir|write)$/;
const logOwner =
  /console|logg?(?:er|ing)?\b|log\b|pino|winston|bunyan|powertools|^print$|pprint|stdout|stderr|signale|consola|lambda-log/i;
const judges =
  /(?:^|[._])(?:verif|validat|check|authenti|authori[sz]e|assert|introspect|compare|ensure|require(?!d?$)|is_?(?:allowed|valid|author|permit)|can[A-Z_]|has[A-Z_]|timingSafeEqual|enforce)\w*$/i;
const base64 =
  /^(?:Buffer\.from|atob|base64\.(?:urlsafe_)?b64decode|(?:urlsafe_)?b64decode|jose\.base64url\.decode|base64url\.(?:decode|toBuffer)|js-base64\.\w+|Base64\.decode|base64-url\.decode)$/i;
const decoder =
  /^(?:jsonwebtoken\.decode|jwt-decode(?:\.(?:default|jwtDecode|jwt_decode))?|jose\.decodeJwt|jws\.decode|jose\.jwt\.get_unverified_claims|jwt\.get_unverified_claims|jwt_decode)$/;

/** What is not of the program: libraries, the language's own functions, files that were not found. */
function externalValue(machine: Machine, call: Call, target: Value): Value {
  const { args, named, receiver, frame, span, expression } = call;
  const [first = nothing] = args;
  const name = target.externals[0] ?? call.method ?? '';
  if (name === 'require' || name === 'import')
    return joinAll(first.texts.map((source) => machine.required(source, frame.module)));
  const all = [...args, ...named.values()];
  if (/(?:^|\.)injectLambdaContext$/.test(name) && hasOption(expression, 'logEvent'))
    machine.notes.logs.push({ value: value({ paths: ['$'] }), span });
  if (machine.recording) note(machine, call, name, all);
  if (decodes(call, name) === 'unverified') return claimsOf(first);
  if (base64.test(name)) return decoded(machine, call, first);
  if (name === 'Boolean' || name === 'bool' || name === 'len')
    return value({ presence: first.paths, inputs: [...first.inputs, ...first.presence], loose: first.loose });
  if (name === 'isinstance' || name === 'Array.isArray') return value({ presence: first.paths });
  if (name === 'Object.keys') return derived(first);
  if (name === 're.match' || name === 're.search') {
    const subject = args[1] ?? nothing;
    const loose =
      first.texts.some((pattern) => isLoosePattern(pattern, name === 're.match')) && subject.paths.some(isPath);
    return { ...derived(subject), loose: loose ? [{ how: 'pattern', negated: false, span }] : [] };
  }
  if (name === 'RegExp' || name === 're.compile')
    return value({
      texts: first.texts
        .filter((text) => !text.includes(hole))
        .map((text) => patternMark + text.replace(patternMark, '')),
    });
  if (keeps.test(name)) return expression.construct || name === 'Object.assign' ? joinAll(args) : first;
  const closures = all.flatMap((one) => one.closures);
  const result = machine.recording ? runCallbacks(machine, call, closures) : nothing;
  const from = joinAll([receiver, ...all]);
  return join(
    value({
      inputs: allInputs(from),
      // A wrapper (middy, a tracer, a promise) gives what it was given.
      closures: [...closures, ...receiver.closures].slice(0, 8),
      externals: target.externals.map((one) => (one.length > 120 || one.endsWith('()') ? one : `${one}()`)),
    }),
    { ...result, texts: [] },
  );
}

/** `jwt.verify(token, key, (error, claims) => ...)`, `new Promise((resolve) => ...)`. */
function runCallbacks(machine: Machine, { args, receiver }: Call, closures: Value['closures']): Value {
  const given = derived(receiver, ...args.filter((one) => one.closures.length === 0));
  return joinAll(closures.map((closure) => machine.call(closure, [given, given], new Map(), undefined) ?? nothing));
}

/** What an unverified token says: everything worked out from it can be told from the token's own text. */
const claimsOf = (token: Value): Value => value({ inputs: [...allInputs(token), unverifiedClaims] });

/** Powertools: `injectLambdaContext(logger, { logEvent: true })`. */
function hasOption({ args }: ExpressionOf<'call'>, name: string): boolean {
  return args.some(
    ({ value: given }) =>
      given.kind === 'object' &&
      given.entries.some(({ key, value: one }) => key === name && one.kind === 'constant' && one.value === true),
  );
}

function decoded(machine: Machine, { span }: Call, first: Value): Value {
  for (const path of first.paths) {
    const header = path.endsWith('#claims') ? credentialOf(path) : undefined;
    if (header !== undefined && machine.recording) machine.notes.decodes.push({ path, span });
  }
  const claims = first.paths.some((path) => path.endsWith('#claims'));
  return claims ? claimsOf(first) : value({ paths: first.paths, inputs: allInputs(first) });
}

function note(machine: Machine, call: Call, name: string, all: readonly Value[]): void {
  const { notes } = machine;
  const { args, span } = call;
  if (/(?:^|\.)(?:allow_?all_?(?:methods|routes)|allowAllMethods)$/i.test(name)) notes.allowAll.push(span);
  if (logName.test(name) && logOwner.test(name)) {
    for (const one of all) notes.logs.push({ value: one, span });
    return;
  }
  const unverified = decodes(call, name);
  if (unverified === 'unverified') {
    for (const path of args[0]?.paths ?? []) if (credentialOf(path) !== undefined) notes.decodes.push({ path, span });
    return;
  }
  if (unverified === 'verified') notes.verifies = true;
  if (keeps.test(name) || base64.test(name)) return;
  const judging = judges.test(name);
  for (const one of all) {
    const parts = allInputs(one);
    if (judging && parts.some(isIdentity)) notes.asksForIdentity = true;
    if (parts.includes(unverifiedClaims)) notes.usesClaims = true;
    if (judging) notes.judged.push({ value: one, span });
    for (const part of partsIn(one, 0)) notes.escapes.add(part);
  }
}

/** Parts of the event that are handed over as they are, at any place of an object. */
function partsIn({ paths, structures, items }: Value, depth: number): readonly string[] {
  if (depth > 3) return paths;
  const inside = structures.flatMap((one) => [
    ...one.bases,
    ...firstFields(one).flatMap((field) => partsIn(field, depth + 1)),
  ]);
  return [...paths, ...inside, ...(items ? partsIn(items, depth + 1) : [])];
}

/** Whether a call reads a JWT, and with or without its signature. Undefined: it reads none. */
function decodes(call: Call, name: string): 'verified' | 'unverified' | undefined {
  const { args, named, expression, frame } = call;
  if (frame.module.source.tree.language === 'javascript') {
    if (name === 'jwt-simple.decode') {
      const third = expression.args[2]?.value;
      return third?.kind === 'constant' && third.value === true ? 'unverified' : 'verified';
    }
    return decoder.test(name) ? 'unverified' : undefined;
  }
  if (decoder.test(name) && name !== 'jwt_decode') return 'unverified';
  if (!/(?:^|\.)jwt\.decode$|^jwt\.decode$/.test(name)) return undefined;
  const isOff = (argument: string, key: string) =>
    expression.args.some(({ name: keyword, value: given }) => {
      if (keyword === argument && given.kind === 'constant') return given.value === false;
      return (
        given.kind === 'object' &&
        given.entries.some(
          (entry) => entry.key === key && entry.value.kind === 'constant' && entry.value.value === false,
        )
      );
    });
  if (isOff('verify', 'verify_signature')) return 'unverified';
  return args.length + named.size > 1 ? 'verified' : undefined;
}
