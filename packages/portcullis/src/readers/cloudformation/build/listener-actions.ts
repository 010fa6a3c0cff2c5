import { get, type ListenerAction, type ListenerCondition, type Node } from '../../../project/index.ts';
import { linkFact } from './facts.ts';
import { flatten, present, someText } from './values.ts';

export interface ReadAction extends ListenerAction {
  /** Authentication that lets callers through who are not signed in (OnUnauthenticatedRequest: allow). */
  readonly optional: boolean;
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
  return flatten(node).map((action) => {
    const written = someText(get(action, 'Type'));
    const type = actionTypes.find((known) => known === written) ?? 'unknown';
    const details = get(action, type === 'authenticate-oidc' ? 'AuthenticateOidcConfig' : 'AuthenticateCognitoConfig');
    return {
      type,
      targetGroups: type === 'forward' ? targetGroups(action) : [],
      redirectProtocol: type === 'redirect' ? someText(get(get(action, 'RedirectConfig'), 'Protocol')) : undefined,
      optional: type.startsWith('authenticate') && someText(get(details, 'OnUnauthenticatedRequest')) === 'allow',
      span: action.span,
    };
  });
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
  return flatten(node).map((condition) => {
    const written = someText(get(condition, 'Field')) ?? fieldOfConfiguration(condition);
    const field = conditionFields.find((known) => known === written) ?? 'unknown';
    const details = get(condition, configurationOf[field]);
    const values = [...flatten(get(details, 'Values')), ...flatten(get(details, 'RegexValues'))];
    return {
      field,
      header: field === 'http-header' ? someText(get(details, 'HttpHeaderName')) : undefined,
      values: values.length > 0 ? values : flatten(get(condition, 'Values')),
      span: condition.span,
    };
  });
}

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
