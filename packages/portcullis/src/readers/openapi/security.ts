import { type Entry, entry, type Fact, known, type Node, type Span, textOf, unknown } from '../../project/index.ts';
import { together, undecidedReason } from '../cloudformation/build/facts.ts';
import { isNothing, mapOf, pluck, scalar } from './nodes.ts';
import { type ApiKind, guardOf, partsOf, partsPerScheme, type SchemeParts, type Schemes } from './schemes.ts';

type Type = 'NONE' | 'AWS_IAM' | 'CUSTOM' | 'COGNITO_USER_POOLS' | 'JWT';

/** What API Gateway makes of the `security` of one operation. */
interface Protection {
  readonly type: Type;
  /** Name of the security scheme whose authorizer guards the operation. */
  readonly scheme?: string;
  readonly scopes?: Node;
  readonly key: boolean;
  /** Schemes that the document asks for and nobody enforces. */
  readonly unenforced: readonly Entry[];
  readonly span: Span;
}

export interface Secured {
  readonly kind: ApiKind;
  readonly schemes: Schemes;
  /** The logical id of the authorizer that is made of a security scheme. */
  readonly authorizerOf: (scheme: string) => string;
  /** `security` -> what became of it. */
  readonly made: Map<Node, Fact<Protection>>;
}

/**
 * The properties of a method or route that say who may call it: AuthorizationType, AuthorizerId, AuthorizationScopes, ApiKeyRequired; and
 * `UnenforcedSchemes`, names of schemes without effect. An operation without `security` has that of the document; an empty list is none.
 * SAM writes an authorizer and an API key as two alternatives, and API Gateway requires both. @param operation decided, a map
 */
export function protect(operation: Node, span: Span, secured: Secured): Readonly<Record<string, Node | undefined>> {
  const own = entry(operation, 'security');
  const written = own !== undefined && !isNothing(own.value);
  const security = written ? own.value : pluck(secured.schemes.document, 'security');
  const auth = pluck(pluck(operation, 'x-amazon-apigateway-auth'), 'type');
  const fact = together([security, auth], ([wanted, forced]) =>
    protection(wanted, forced, { ...secured, own: written, span }),
  );
  const one = (change: (protection: Protection) => Node | undefined) => toNode(fact, span, change);
  return {
    AuthorizationType: one(({ type, span: place }) => scalar(type, place)),
    AuthorizerId: one(({ scheme, span: place }) =>
      scheme === undefined ? undefined : { kind: 'reference', id: secured.authorizerOf(scheme), span: place },
    ),
    AuthorizationScopes: one(({ scopes }) => scopes),
    ApiKeyRequired: one(({ key, span: place }) => scalar(key, place)),
    UnenforcedSchemes: unenforced(fact, span),
  };
}

interface Question extends Secured {
  readonly own: boolean;
  readonly span: Span;
}

function protection(security: Node | undefined, auth: Node | undefined, question: Question): Fact<Protection> {
  const wanted = requirements(security, question);
  if (!auth || isNothing(auth)) return wanted;
  const forced = textOf(auth)?.toUpperCase();
  const { span } = auth;
  if (question.kind === 'http')
    return unknown('is set by x-amazon-apigateway-auth, of which AWS does not say what it does in an HTTP API', span);
  if (forced !== 'NONE' && forced !== 'AWS_IAM')
    return unknown(
      forced ? `has the x-amazon-apigateway-auth type ${forced}, which is not read` : undecidedReason(auth),
      span,
    );
  const type: Type = forced;
  return flat(wanted, (found) => {
    // An API key goes with either type; for the rest, what is written at the operation itself wins over what holds for the whole document.
    if (found.type === 'NONE' || (!question.own && forced === 'NONE')) return known({ ...rest(found), type, span });
    if (found.type === type) return known(found);
    return unknown(`has ${forced} in x-amazon-apigateway-auth and another authorization in security`, span);
  });
}

const rest = ({ key, unenforced: names }: Protection) => ({ key, unenforced: names });

function flat(fact: Fact<Protection>, change: (value: Protection) => Fact<Protection>): Fact<Protection> {
  if (fact.kind === 'known') return change(fact.value);
  return fact.kind === 'unknown' ? fact : { ...fact, options: fact.options.map((option) => flat(option, change)) };
}

/** Most operations share the `security` of the document, which is worked out once. */
function requirements(security: Node | undefined, question: Question): Fact<Protection> {
  if (!security || isNothing(security)) return known(nothing(question.span));
  const made = question.made.get(security) ?? required(security, question);
  question.made.set(security, made);
  return made;
}

function required(security: Node, question: Question): Fact<Protection> {
  // A map in the place of the list is no OpenAPI: whether API Gateway then asks for anything, AWS does not say.
  if (security.kind === 'map')
    return unknown('has `security` that is a map, and OpenAPI has a list there', security.span);
  if (security.kind !== 'list') return unknown(undecidedReason(security), security.span);
  const alternatives = security.items;
  if (alternatives.length > maximumSchemes) return unknown('names more security schemes than are read', security.span);
  return together(alternatives, (decided) => {
    const given = decided.flatMap((item) => (item && !isNothing(item) ? [item] : []));
    const strange = given.find((item) => item.kind !== 'map');
    if (strange) return unknown(undecidedReason(strange), strange.span);
    const names = given.flatMap((item) => (item.kind === 'map' ? item.entries : []));
    if (names.length > maximumSchemes) return unknown('names more security schemes than are read', security.span);
    const anonymous = given.some((item) => item.kind === 'map' && item.entries.length === 0);
    const parts = names.flatMap(({ key }) => partsOf(question.schemes, key));
    return together(parts, (all) => combined(names, all, anonymous, security.span, question));
  });
}

/** An operation names one or two. */
const maximumSchemes = 50;

const nothing = (span: Span): Protection => ({ type: 'NONE', key: false, unenforced: [], span });

function combined(
  names: readonly Entry[],
  parts: readonly (Node | undefined)[],
  anonymous: boolean,
  span: Span,
  { kind, schemes }: Question,
): Fact<Protection> {
  let found: Protection = nothing(names[0]?.keySpan ?? span);
  for (const [index, name] of names.entries()) {
    const [scheme, type, keyName, authtype, authorizer, authorizerType] = parts.slice(
      index * partsPerScheme,
      (index + 1) * partsPerScheme,
    );
    const its: SchemeParts = [scheme, type, keyName, authtype, authorizer, authorizerType];
    const guard = guardOf(name.key, its, kind, schemes);
    if (name.key === 'Fn::Transform') return unknown('is completed by a macro', name.keySpan);
    if (guard.kind === 'undecided') return unknown(guard.reason, name.keySpan);
    if (guard.kind === 'key') found = { ...found, key: true };
    else if (guard.kind === 'nothing') {
      // A scheme that is defined nowhere has the place where it is named.
      const place = schemes.references.entry(schemes.definitions, name.key)?.keySpan ?? scheme?.span;
      const value =
        scheme && place && !isNothing(scheme) ? { ...scheme, span: place } : { ...name.value, span: name.keySpan };
      found = { ...found, unenforced: [...found.unenforced, { ...name, value }] };
    } else if (guard.kind !== 'mark') {
      const wanted: Type = guard.kind === 'iam' ? 'AWS_IAM' : guard.type;
      const same = found.type === wanted && (wanted === 'AWS_IAM' || found.scheme === name.key);
      if (found.type !== 'NONE' && !same)
        return unknown('names several authorizers, of which an operation can have one', name.keySpan);
      found = { ...found, type: wanted, span: name.keySpan };
      if (guard.kind === 'authorizer') found = { ...found, scheme: name.key };
      // What a Lambda authorizer makes of scopes is its own affair.
      if (wanted === 'JWT' || wanted === 'COGNITO_USER_POOLS') found = { ...found, scopes: name.value };
    }
  }
  const guarded = found.type !== 'NONE' || found.key;
  if (anonymous && guarded) return unknown('has an empty security requirement beside others', span);
  return known(found);
}

function toNode(
  fact: Fact<Protection>,
  span: Span,
  change: (protection: Protection) => Node | undefined,
): Node | undefined {
  switch (fact.kind) {
    case 'known':
      return change(fact.value);
    case 'unknown':
      return { kind: 'unknown', source: 'other', reason: fact.reason, span: fact.span ?? span };
    case 'either': {
      const branches = fact.options.map((option) => toNode(option, span, change));
      if (branches.every((branch) => branch === undefined)) return undefined;
      const nothing: Node = { kind: 'scalar', value: null, span };
      return { kind: 'either', condition: fact.condition, branches: branches.map((branch) => branch ?? nothing), span };
    }
  }
}

/** Every scheme that is named in vain under some condition, once. */
function unenforced(fact: Fact<Protection>, span: Span): Node | undefined {
  const found = new Map<string, Entry>();
  const collect = (one: Fact<Protection>): void => {
    if (one.kind === 'known') for (const name of one.value.unenforced) found.set(name.key, name);
    if (one.kind === 'either') for (const option of one.options) collect(option);
  };
  collect(fact);
  if (found.size === 0) return undefined;
  return mapOf(span, Object.fromEntries([...found].map(([key, { value }]) => [key, value])));
}
