import type { Rule } from '../../../contract/index.ts';
import type { Api, Project } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { standingOf } from '../facts.ts';
import { reaching } from '../reaching.ts';

export const websocketConnectIsOpen: Rule = {
  id: 'authorization/websocket-connect-is-open',
  step: 'authorization',
  severity: 'error',
  title: 'WebSocket can be opened by anyone',
  attack:
    'API Gateway asks for credentials only when a WebSocket is opened: `$connect` is the one route that can have an authorizer. When it has none, anyone opens a connection and sends messages to every other route, and receives whatever the service sends to its connections.',
  fix: {
    serverless: `functions:
  authorize:
    handler: src/authorize.handler
  connect:
    events:
      - websocket:
          route: $connect
          authorizer:
            name: authorize
            identitySource: [route.request.querystring.token]`,
    cloudformation: `ConnectRoute:
  Type: AWS::ApiGatewayV2::Route
  Properties:
    ApiId: !Ref WebSocketApi
    RouteKey: $connect
    AuthorizationType: CUSTOM               # or AWS_IAM
    AuthorizerId: !Ref ConnectAuthorizer`,
  },
  docs: [docs.socketAccess, docs.frameworkSocket],
  mappings: { fsbp: ['APIGateway.8'], owasp: ['API2:2023'], cwe: ['CWE-306', 'CWE-1385'] },
  *check(project) {
    for (const api of project.apis) if (api.kind === 'websocket') yield* observe(project, api);
  },
};

function* observe(project: Project, api: Api) {
  const connect = api.routes.find(({ path }) => path === '$connect');
  const [first] = api.routes;
  const route = connect ?? first;
  if (!route) return;
  const others = api.routes.filter(({ path }) => path !== '$connect' && path !== '$disconnect');
  const reachable = others.length === 1 ? 'the route for messages' : `all ${others.length} routes for messages`;
  const worst = api.routes.map((one) => reaching(project, one)).sort((a, b) => b.rank - a.rank)[0];
  const reach = worst ? { path: worst.path, rank: worst.rank } : {};
  if (connect && standingOf(project, api, connect).verdict === 'connect') {
    yield {
      message: `$connect has no authorizer: anyone can open a WebSocket${others.length > 0 ? ` and send messages to ${reachable}` : ''}.`,
      span: connect.span,
      subject: connect.id,
      route: connect.id,
      ...reach,
    };
  } else if (!connect && standingOf(project, api, route).state === 'open') {
    yield {
      message: `The WebSocket API ${api.name ?? api.id} has no $connect route, so no authorizer can stand before it: anyone can open a WebSocket.`,
      span: route.span,
      subject: api.id,
      ...reach,
    };
  }
}
