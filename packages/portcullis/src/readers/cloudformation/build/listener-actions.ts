import {
  get,
  items,
  type ListenerAction,
  type ListenerCondition,
  type Node,
  possibilities,
  textOf,
} from '../../../project/index.ts';
import { linkFact } from './facts.ts';
import { flatten, present, someText } from './values.ts';

export interface ReadAction extends ListenerAction {
  /** Authentication that lets callers through who are not signed in (OnUnauthenticatedRequest: allow), or that is there only `onlyWhen`. */
  readonly optional: boolean;
  /** The deployment condition under which the authentication is there; undefined when it always is. */
  readonly onlyWhen: string | undefined;
}

const actionTypes = [
  'forward',
  'redirect',
  'fixed-response',
  'authenticate-oidc',
  'authenticate-cognito',
  'jwt-validation',
] as const;

const conditionFields = [
  'path-pattern',
  'host-header',
  'http-header',
  'http-request-method',
  'query-string',
  'source-ip',
] as const;

/** `Actions` or `DefaultActions` of a listener or rule (Elastic Load Balancing API, Action). */
export function readActions(node: Node | undefined): readonly ReadAction[] {
  const onlyWhen = conditionOfLogin(node);
  return flatten(node).map((action) => {
    const written = someText(get(action, 'Type'));
    const type = actionTypes.find((known) => known === written) ?? 'unknown';
    const isLogin = logins.has(type);
    const details = get(action, type === 'authenticate-oidc' ? 'AuthenticateOidcConfig' : 'AuthenticateCognitoConfig');
    return {
      type,
      targetGroups: type === 'forward' ? targetGroups(action) : [],
      redirectProtocol: type === 'redirect' ? someText(get(get(action, 'RedirectConfig'), 'Protocol')) : undefined,
      optional: isLogin && (onlyWhen !== undefined || mayBe(get(details, 'OnUnauthenticatedRequest'), 'allow')),
      onlyWhen: isLogin ? onlyWhen : undefined,
      span: action.span,
    };
  });
}

const logins: ReadonlySet<string> = new Set(['authenticate-oidc', 'authenticate-cognito', 'jwt-validation']);

function mayBe(node: Node | undefined, text: string): boolean {
  return node !== undefined && possibilities(node).some((value) => textOf(value) === text);
}

/** The condition that decides whether there is an authentication among the actions; undefined when none decides. */
function conditionOfLogin(node: Node | undefined): string | undefined {
  return node && !alwaysHasLogin(node) ? firstCondition(node) : undefined;
}

function alwaysHasLogin(node: Node): boolean {
  if (node.kind === 'either') return node.branches.every(alwaysHasLogin);
  if (node.kind === 'list') return node.items.some(alwaysHasLogin);
  const type = get(node, 'Type');
  return type !== undefined && possibilities(type).every((value) => logins.has(textOf(value) ?? ''));
}

function firstCondition(node: Node): string | undefined {
  if (node.kind === 'either') return node.condition;
  for (const item of node.kind === 'list' ? node.items : [get(node, 'Type')]) {
    const condition = item && firstCondition(item);
    if (condition !== undefined) return condition;
  }
  return undefined;
}

function targetGroups(action: Node): ListenerAction['targetGroups'] {
  const weighted = flatten(get(get(action, 'ForwardConfig'), 'TargetGroups')).flatMap((tuple) => {
    const arn = present(get(tuple, 'TargetGroupArn'));
    return arn ? [linkFact(arn)] : [];
  });
  const single = present(get(action, 'TargetGroupArn'));
  return weighted.length > 0 ? weighted : single ? [linkFact(single)] : [];
}

/** `Conditions` of a listener rule; the values stand in `Values` or in the field's own configuration. */
export function readConditions(node: Node | undefined): readonly ListenerCondition[] {
  const certain = new Set(items(node));
  return flatten(node).map((condition) => {
    const written = someText(get(condition, 'Field')) ?? fieldOfConfiguration(condition);
    const field = conditionFields.find((known) => known === written) ?? 'unknown';
    const details = get(condition, configurationOf[field]);
    const values = [...flatten(get(details, 'Values')), ...flatten(get(details, 'RegexValues'))];
    return {
      // What keeps callers out under a deployment condition only keeps nobody out for certain.
      field: fences.has(field) && !certain.has(condition) ? 'unknown' : field,
      header: field === 'http-header' ? someText(get(details, 'HttpHeaderName')) : undefined,
      values: values.length > 0 ? values : flatten(get(condition, 'Values')),
      span: condition.span,
    };
  });
}

const fences: ReadonlySet<string> = new Set(['source-ip', 'http-header']);

const configurationOf: Readonly<Record<ListenerCondition['field'], string>> = {
  'path-pattern': 'PathPatternConfig',
  'host-header': 'HostHeaderConfig',
  'http-header': 'HttpHeaderConfig',
  'http-request-method': 'HttpRequestMethodConfig',
  'query-string': 'QueryStringConfig',
  'source-ip': 'SourceIpConfig',
  unknown: '',
};

/** The field follows from the configuration that is given. */
function fieldOfConfiguration(condition: Node): string | undefined {
  return conditionFields.find((field) => get(condition, configurationOf[field]) !== undefined);
}
