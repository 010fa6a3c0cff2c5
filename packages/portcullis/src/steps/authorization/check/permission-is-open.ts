import type { Observation, Rule } from '../../../contract/index.ts';
import { get, type Node, type Permission, type Project, possibilities, sometimes } from '../../../project/index.ts';
import { docs } from '../docs.ts';

export const permissionIsOpen: Rule = {
  id: 'authorization/permission-is-open',
  step: 'authorization',
  severity: 'error',
  title: 'Lambda permission lets strangers invoke the function',
  attack:
    'A permission is a door beside the API: whoever it names invokes the function directly and meets neither authorizer nor throttle nor firewall. With principal `*` that is every AWS account. With a service principal and no SourceArn, it is that service in the name of any account: an attacker points an API Gateway of their own at the function.',
  fix: {
    serverless: `resources:
  Resources:
    InvokePermission:
      Type: AWS::Lambda::Permission
      Properties:
        Action: lambda:InvokeFunction
        FunctionName: !GetAtt CreateOrderLambdaFunction.Arn
        Principal: apigateway.amazonaws.com
        SourceArn: !Sub arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${ApiGatewayRestApi}/*/*`,
    cloudformation: `InvokePermission:
  Type: AWS::Lambda::Permission
  Properties:
    Action: lambda:InvokeFunction
    FunctionName: !GetAtt CreateOrder.Arn
    Principal: apigateway.amazonaws.com
    SourceArn: !Sub arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${RestApi}/*/*`,
  },
  docs: [docs.functionPolicies, docs.confusedDeputy],
  mappings: { fsbp: ['Lambda.1'], owasp: ['API2:2023', 'API8:2023'], cwe: ['CWE-284', 'CWE-441'] },
  *check(project) {
    for (const permission of project.permissions) {
      // What the framework writes by itself is not in the user's hands, and function URLs have a rule of their own.
      if (project.resources.get(permission.id)?.generated) continue;
      const observation = observe(project, permission);
      if (observation) yield observation;
    }
  },
};

/** Services that act for whoever configured them: without a source, for any account. A deputy of few uses is a note. */
const deputies: ReadonlyMap<string, 'warning' | 'note'> = new Map([
  ['apigateway.amazonaws.com', 'warning'],
  ['s3.amazonaws.com', 'note'],
  ['sns.amazonaws.com', 'note'],
  ['events.amazonaws.com', 'note'],
  ['iot.amazonaws.com', 'note'],
  ['cognito-idp.amazonaws.com', 'note'],
  ['ses.amazonaws.com', 'note'],
]);

function observe(project: Project, permission: Permission): Observation | undefined {
  const { span, id } = permission;
  const properties = project.resources.get(id)?.properties;
  const names = (one: string) => sometimes(permission.principal, (name) => name === one);
  if (names('*')) {
    if (narrowed(permission, properties)) return undefined;
    if (throughUrl(permission, properties)) {
      if (!permission.functionUrlAuthType || !sometimes(permission.functionUrlAuthType, (type) => type === 'AWS_IAM')) {
        return undefined;
      }
      return {
        message: `${id} lets every AWS account call the function URL with a signature of its own (principal \`*\` with AWS_IAM).`,
        span,
        subject: id,
      };
    }
    return { message: `${id} lets every AWS account invoke the function (principal \`*\`).`, span, subject: id };
  }
  const deputy = [...deputies].find(([name]) => names(name));
  if (!deputy || narrowed(permission, properties)) return undefined;
  const [service, severity] = deputy;
  const source = permission.sourceArn ? 'with a SourceArn that names no account' : 'without SourceArn';
  return {
    message: `${id} lets ${service} invoke the function ${source}, so anyone's ${deputyNames[service] ?? 'resource'} in any account can.`,
    span,
    subject: id,
    severity,
  };
}

const deputyNames: Readonly<Record<string, string>> = {
  'apigateway.amazonaws.com': 'API Gateway',
  's3.amazonaws.com': 'bucket',
  'sns.amazonaws.com': 'topic',
  'events.amazonaws.com': 'event rule',
  'iot.amazonaws.com': 'IoT rule',
  'cognito-idp.amazonaws.com': 'user pool',
  'ses.amazonaws.com': 'mail rule',
};

/**
 * A permission for a function URL: it carries the auth type, or (since October 2025, when URLs began to need two permissions) it
 * allows lambda:InvokeFunction for calls through the URL only.
 */
function throughUrl(permission: Permission, properties: Node | undefined): boolean {
  if (permission.functionUrlAuthType) return true;
  const flag = get(properties, 'InvokedViaFunctionUrl');
  return flag?.kind === 'scalar' && String(flag.value).toLowerCase() === 'true';
}

function narrowed(permission: Permission, properties: Node | undefined): boolean {
  if (permission.sourceAccount || get(properties, 'PrincipalOrgID') || get(properties, 'EventSourceToken')) return true;
  const { sourceArn } = permission;
  return sourceArn !== undefined && possibilities(sourceArn).every(namesSource);
}

/** False for `*` and for ARNs whose account is a wildcard; true as soon as a piece comes from a reference or from elsewhere. */
function namesSource(node: Node): boolean {
  if (node.kind !== 'scalar') return true;
  const text = String(node.value);
  if (text.trim() === '' || text === '*') return false;
  const [prefix, , service, , account, resource] = text.split(':');
  if (prefix !== 'arn') return true;
  // Bucket ARNs have no account; a bucket name is nobody else's while the bucket exists.
  if (service === 's3') return resource !== undefined && !resource.startsWith('*');
  return account !== '*' && account !== undefined;
}
