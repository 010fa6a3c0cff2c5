import { type MapNode, type Node, type Span, textOf } from '../../../project/index.ts';
import {
  addResource,
  isMap,
  kindName,
  type Lowering,
  notRead,
  providerSetting,
  type ServiceEvent,
  type ServiceFunction,
  wrongType,
} from './lowering.ts';
import { naming } from './naming.ts';
import { attribute, dig, isUnset, listOf, makeList, type Plain, ref, roughText, set } from './nodes.ts';

/** Listener rules, target groups and permissions of `alb` events (compile/events/alb). The load balancer itself is never made. */
export function lowerAlb(lowering: Lowering): void {
  for (const fn of lowering.functions) {
    for (const event of fn.events) if (event.kind === 'alb' && !isUnset(event.value)) lowerEvent(lowering, fn, event);
  }
}

function lowerEvent(lowering: Lowering, fn: ServiceFunction, event: ServiceEvent): void {
  const { value, span } = event;
  if (value.kind === 'unknown') {
    notRead(lowering, event.path, value.reason, span, ['authorization', 'firewall']);
    return;
  }
  if (!isMap(value)) {
    wrongType(lowering, {
      found: `\`${event.path}.alb\` is ${kindName(value)}`,
      expected: 'a map with `listenerArn`, `priority` and `conditions`',
      span,
      next: 'Write the settings below `alb`',
    });
    return;
  }
  const listener = set(dig(value, 'listenerArn'));
  const priority = roughText(dig(value, 'priority')) ?? '?';
  const groupId = naming.targetGroup(fn.name, albId(listener), !isUnset(dig(value, 'multiValueHeaders')));
  const functionArn = attribute(naming.lambda(fn.name), 'Arn');
  addResource(lowering, groupId, 'AWS::ElasticLoadBalancingV2::TargetGroup', span, {
    TargetType: 'lambda',
    Targets: [{ Id: functionArn }],
    Name: set(dig(value, 'targetGroupName')),
  });
  const login = authenticateActions(lowering, value, span);
  addResource(lowering, naming.listenerRule(fn.name, priority), 'AWS::ElasticLoadBalancingV2::ListenerRule', span, {
    ListenerArn: listener,
    Priority: dig(value, 'priority'),
    Conditions: conditionsOf(dig(value, 'conditions')),
    Actions: [
      ...login,
      { Type: 'forward', Order: login.length > 0 ? login.length + 1 : undefined, TargetGroupArn: ref(groupId) },
    ],
  });
  const permission = {
    FunctionName: functionArn,
    Action: 'lambda:InvokeFunction',
    Principal: 'elasticloadbalancing.amazonaws.com',
  };
  addResource(lowering, naming.albPermission(fn.name), 'AWS::Lambda::Permission', span, {
    ...permission,
    SourceArn: ref(groupId),
  });
  addResource(lowering, naming.registerTargetPermission(fn.name), 'AWS::Lambda::Permission', span, permission);
}

/** The load balancer's id in `arn:...:listener/app/NAME/ALB/LISTENER`, or the logical id of a listener of this stack. */
function albId(listener: Node | undefined): string {
  const reference = textOf(dig(listener, 'Ref'));
  if (reference !== undefined) return reference;
  const parts = roughText(listener)?.split('/') ?? [];
  return (parts.at(-2) ?? '').replace(/[^A-Za-z0-9]/g, '');
}

function conditionsOf(conditions: Node | undefined): readonly Plain[] {
  const result: Plain[] = [];
  const add = (key: string, condition: (values: Node) => Plain) => {
    const written = set(dig(conditions, key));
    if (written) result.push(condition(written.kind === 'list' ? written : makeList(written.span, [written])));
  };
  add('path', (Values) => ({ Field: 'path-pattern', Values }));
  add('host', (Values) => ({ Field: 'host-header', HostHeaderConfig: { Values } }));
  add('method', (Values) => ({ Field: 'http-request-method', HttpRequestMethodConfig: { Values } }));
  for (const header of listOf(set(dig(conditions, 'header')))) {
    result.push({
      Field: 'http-header',
      HttpHeaderConfig: { HttpHeaderName: dig(header, 'name'), Values: dig(header, 'values') },
    });
  }
  const query = dig(conditions, 'query');
  if (isMap(query)) {
    const Values = query.entries.map((entry) => ({ Key: entry.key, Value: entry.value }));
    result.push({ Field: 'query-string', QueryStringConfig: { Values } });
  }
  add('ip', (Values) => ({ Field: 'source-ip', SourceIpConfig: { Values } }));
  return result;
}

/** `authorizer: [name]` of `provider.alb.authorizers`; the listener asks for a login before it forwards. */
function authenticateActions(lowering: Lowering, event: MapNode, span: Span): readonly Plain[] {
  const actions: Plain[] = [];
  for (const item of listOf(set(dig(event, 'authorizer')))) {
    const name = textOf(item);
    const config = name === undefined ? item : providerSetting(lowering, 'alb', 'authorizers', name);
    if (!config || config.kind === 'unknown') {
      if (config) notRead(lowering, 'an authorizer of a load balancer', config.reason, span, ['authorization']);
      continue;
    }
    const shared = { OnUnauthenticatedRequest: set(dig(config, 'onUnauthenticatedRequest')) ?? 'deny' };
    if (textOf(dig(config, 'type')) === 'cognito') {
      actions.push({
        Type: 'authenticate-cognito',
        Order: actions.length + 1,
        AuthenticateCognitoConfig: {
          ...shared,
          UserPoolArn: dig(config, 'userPoolArn'),
          UserPoolClientId: dig(config, 'userPoolClientId'),
          UserPoolDomain: dig(config, 'userPoolDomain'),
        },
      });
    } else {
      actions.push({
        Type: 'authenticate-oidc',
        Order: actions.length + 1,
        AuthenticateOidcConfig: {
          ...shared,
          Issuer: dig(config, 'issuer'),
          ClientId: dig(config, 'clientId'),
          ClientSecret: set(dig(config, 'clientSecret')),
          AuthorizationEndpoint: dig(config, 'authorizationEndpoint'),
          TokenEndpoint: dig(config, 'tokenEndpoint'),
          UserInfoEndpoint: dig(config, 'userInfoEndpoint'),
        },
      });
    }
  }
  return actions;
}
