import { type MapNode, type Node, type Span, textOf, type UnknownNode } from '../../../../project/index.ts';
import { executeApiArn, invocationUri } from '../arns.ts';
import { addResource, findFunction, isMap, type Lowering } from '../lowering.ts';
import { authorizerNameFromArn, naming } from '../naming.ts';
import { attribute, dig, isUnset, make, type Plain, ref, roughText, set } from '../nodes.ts';
import { type RestRoute, upperText } from './routes.ts';

type Authorization = { readonly [key: string]: Plain };

/** What an http event's `authorizer` becomes: the method's authorization, and the authorizer as a resource where the framework makes one. */
export function authorize(lowering: Lowering, route: RestRoute, api: Node): Authorization {
  const entry = route.settings.entries.findLast((candidate) => candidate.key === 'authorizer');
  if (!entry || isUnset(entry.value)) {
    return { AuthorizationType: byPlugin(lowering, route) ?? make(entry?.keySpan ?? route.span, 'NONE') };
  }
  const { value, keySpan } = entry;
  if (value.kind === 'unknown') return { AuthorizationType: value };
  if (isMap(value)) return authorizeByMap(lowering, value, keySpan, api);
  const text = roughText(value);
  if (text === undefined) return { AuthorizationType: undecided(value, 'is neither a name nor an ARN') };
  if (text.toUpperCase() === 'AWS_IAM') return { AuthorizationType: make(value.span, 'AWS_IAM') };
  if (text.includes(':')) {
    return makeAuthorizer(lowering, {
      name: authorizerNameFromArn(text),
      arn: value,
      settings: undefined,
      span: keySpan,
      api,
    });
  }
  if (value.kind === 'text')
    return { AuthorizationType: undecided(value, 'names an authorizer that is known when it is deployed') };
  return byFunction(lowering, text, undefined, keySpan, api);
}

/** Plugins from before the framework knew these kinds: serverless-plugin-api-gateway-auth and serverless-plugin-cfauthorizer. */
function byPlugin(lowering: Lowering, route: RestRoute): Node | undefined {
  const listed = (piece: string) => lowering.plugins.entries.some((plugin) => plugin.name.includes(piece));
  const iam = set(dig(route.settings, 'useIAMAuth'));
  if (iam && listed('api-gateway-auth')) return make(iam.span, 'AWS_IAM');
  const named = set(dig(route.settings, 'cfAuthorizer'));
  if (named && listed('cfauthorizer')) return undecided(named, 'has an authorizer that a plugin attaches');
  return undefined;
}

function undecided(node: Node, reason: string): UnknownNode {
  return { kind: 'unknown', span: node.span, source: 'other', reason };
}

/** The order of the questions is the framework's (api-gateway/lib/validate.js, getAuthorizer). */
function authorizeByMap(lowering: Lowering, settings: MapNode, span: Span, api: Node): Authorization {
  const type = dig(settings, 'type');
  const typeText = upperText(set(type));
  const authorizerId = set(dig(settings, 'authorizerId'));
  if (set(type) && authorizerId) return existing(settings, type, typeText, authorizerId);
  if (typeText === 'AWS_IAM') return { AuthorizationType: make(type?.span ?? span, 'AWS_IAM') };
  const arn = set(dig(settings, 'arn'));
  const name = textOf(dig(settings, 'name'));
  if (arn) {
    const derived = name ?? authorizerNameFromArn(roughText(arn) ?? referencedId(arn) ?? 'authorizer');
    return makeAuthorizer(lowering, { name: derived, arn, settings, span, api });
  }
  if (name !== undefined && name !== '') return byFunction(lowering, name, settings, span, api);
  if (type?.kind === 'unknown') return { AuthorizationType: type };
  return {
    AuthorizationType: undecided(
      settings,
      'has an authorizer with neither a name nor an ARN, which the framework refuses',
    ),
  };
}

/** `type` and `authorizerId`: an authorizer that is a resource of its own or belongs to an external API. */
function existing(settings: MapNode, type: Node | undefined, text: string | undefined, id: Node): Authorization {
  const span = type?.span ?? id.span;
  const kind = text === 'TOKEN' || text === 'REQUEST' ? 'CUSTOM' : text;
  return {
    AuthorizationType: kind === undefined ? type : make(span, kind),
    AuthorizerId: id,
    AuthorizationScopes: text === 'COGNITO_USER_POOLS' ? set(dig(settings, 'scopes')) : undefined,
  };
}

function byFunction(
  lowering: Lowering,
  name: string,
  settings: MapNode | undefined,
  span: Span,
  api: Node,
): Authorization {
  if (!findFunction(lowering, name)) {
    if (lowering.functionsIncomplete) {
      return {
        AuthorizationType: {
          kind: 'unknown',
          span,
          source: 'other',
          reason: `names the function ${name}, which may be among the functions that were not read`,
        },
      };
    }
    return { AuthorizationType: make(span, 'CUSTOM'), AuthorizerId: make(span, ref(naming.restAuthorizer(name))) };
  }
  const arn = make(span, attribute(naming.lambda(name), 'Arn'));
  return makeAuthorizer(lowering, { name, arn, settings, span, api });
}

interface AuthorizerParts {
  readonly name: string;
  readonly arn: Node;
  readonly settings: MapNode | undefined;
  readonly span: Span;
  readonly api: Node;
}

function makeAuthorizer(lowering: Lowering, parts: AuthorizerParts): Authorization {
  const { name, arn, settings, span, api } = parts;
  const id = naming.restAuthorizer(name);
  const type = set(dig(settings, 'type'));
  const typeText = upperText(type);
  const cognito =
    typeText === 'COGNITO_USER_POOLS' ||
    isCognitoArn(arn) ||
    (!type && saysCognito(arn, textOf(dig(settings, 'name'))));
  const ttl = dig(settings, 'resultTtlInSeconds');
  const source = set(dig(settings, 'identitySource'));
  const noSource = typeText === 'REQUEST' && textOf(ttl) === '0';
  const first = lowering.resources.get(id);
  addResource(lowering, id, 'AWS::ApiGateway::Authorizer', first?.span ?? span, {
    // An ARN that is known only when it is deployed gives no name to show.
    Name: dig(settings, 'name') ?? (name.includes('?') ? undefined : make(span, name)),
    RestApiId: api,
    Type: cognito
      ? make(type?.span ?? span, 'COGNITO_USER_POOLS')
      : typeText === undefined
        ? (type ?? make(span, 'TOKEN'))
        : make(type?.span ?? span, typeText),
    // The short form writes no time at all; the long form always does.
    AuthorizerResultTtlInSeconds: settings ? (ttl ?? make(span, 300)) : undefined,
    IdentitySource: source ?? (noSource ? undefined : make(span, 'method.request.header.Authorization')),
    IdentityValidationExpression: dig(settings, 'identityValidationExpression'),
    ProviderARNs: cognito ? [arn] : undefined,
    AuthorizerUri: cognito ? undefined : invocationUri(arn),
  });
  if (!cognito && isUnset(dig(settings, 'managedExternally'))) lowerPermission(lowering, name, arn, span, api);
  return {
    AuthorizationType: make(span, cognito ? 'COGNITO_USER_POOLS' : 'CUSTOM'),
    AuthorizerId: make(span, ref(id)),
    AuthorizationScopes: cognito ? set(dig(settings, 'scopes')) : undefined,
  };
}

function lowerPermission(lowering: Lowering, name: string, arn: Node, span: Span, api: Node): void {
  const id = naming.restPermission(name);
  if (lowering.resources.has(id)) return;
  addResource(lowering, id, 'AWS::Lambda::Permission', span, {
    FunctionName: arn,
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: executeApiArn(api, '/*/*'),
  });
}

/** An ARN of Cognito, written out or with undecided pieces after its service. */
function isCognitoArn(arn: Node): boolean {
  const text = roughText(arn);
  return text !== undefined && /^arn:[a-zA-Z?-]*:cognito-idp/.test(text);
}

/**
 * The framework tells user pools from functions by the ARN. One that comes from Parameter Store or another stack is known to it, and here
 * only by its address and by the authorizer's name.
 */
function saysCognito(arn: Node, name: string | undefined): boolean {
  if (arn.kind !== 'unknown') return false;
  const addresses = (arn.from ?? []).map(({ address }) => address);
  return [arn.name ?? '', name ?? '', ...addresses].some((text) => /cognito|user[-_]?pool/i.test(text));
}

/** The logical id in `{Fn::GetAtt: [X, Arn]}` or `{Ref: X}`. */
function referencedId(node: Node): string | undefined {
  const target = dig(node, 'Fn::GetAtt');
  if (target?.kind === 'list') return textOf(target.items[0]);
  return textOf(target)?.split('.')[0] ?? textOf(dig(node, 'Ref'));
}
