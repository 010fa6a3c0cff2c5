// Logical ids as osls and the Serverless Framework since v1 build them (lib/plugins/aws/lib/naming.js). They are stable across
// versions because a changed id would replace the resource of every deployed service.

const upperFirst = (text: string) => (text === '' ? '' : text.charAt(0).toUpperCase() + text.slice(1));

const alphaNumeric = (text: string) => upperFirst(text.replace(/[^0-9A-Za-z]/g, ''));

/** `get-order` becomes `GetDashorder`. */
function resourceName(name: string): string {
  return upperFirst(name.replace(/-/g, 'Dash').replace(/_/g, 'Underscore'));
}

function pathPart(part: string): string {
  const text = part.toLowerCase().replace(/-/g, 'Dash');
  const open = text.indexOf('{');
  const close = text.lastIndexOf('}');
  const named =
    open !== -1 && close > open
      ? `${text.slice(0, open)}${text.slice(open + 1, close)}Var${text.slice(close + 1)}`
      : text;
  return alphaNumeric(named);
}

const path = (text: string) => text.split('/').map(pathPart).join('');

const routeKey = (key: string) =>
  key
    .replace(/\$/g, 'S')
    .replace(/\//g, 'Slash')
    .replace(/-/g, 'Dash')
    .replace(/_/g, 'Underscore')
    .replace(/\./g, 'Period');

export const naming = {
  lambda: (name: string) => `${resourceName(name)}LambdaFunction`,
  url: (name: string) => `${resourceName(name)}LambdaFunctionUrl`,
  urlPermission: (name: string) => `${resourceName(name)}LambdaPermissionFnUrl`,
  invokePermission: (name: string) => `${resourceName(name)}LambdaPermissionFn`,
  logGroup: (name: string) => `${resourceName(name)}LogGroup`,
  role: 'IamRoleLambdaExecution',
  /** As serverless-iam-roles-per-function names it. */
  functionRole: (name: string) => `${resourceName(name)}IamRoleLambdaExecution`,

  restApi: 'ApiGatewayRestApi',
  /** osls appends the time of packaging. */
  restDeployment: 'ApiGatewayDeployment',
  restResource: (resourcePath: string) => `ApiGatewayResource${path(resourcePath)}`,
  restMethod: (resourcePath: string, method: string) =>
    `ApiGatewayMethod${resourcePath === '' ? '' : path(resourcePath)}${upperFirst(method.toLowerCase())}`,
  restAuthorizer: (name: string) => `${resourceName(name)}ApiGatewayAuthorizer`,
  restPermission: (name: string) => `${resourceName(name)}LambdaPermissionApiGateway`,
  apiKey: (number: number, plan?: string) => `ApiGatewayApiKey${plan ? upperFirst(plan) : ''}${number}`,
  usagePlan: (name?: string) => `ApiGatewayUsagePlan${name ? upperFirst(name) : ''}`,
  usagePlanKey: (number: number, plan?: string) => `ApiGatewayUsagePlanKey${plan ? upperFirst(plan) : ''}${number}`,

  httpApi: 'HttpApi',
  httpStage: 'HttpApiStage',
  httpRoute: (key: string) => (key === '*' ? 'HttpApiRouteDefault' : `HttpApiRoute${path(key)}`),
  httpIntegration: (name: string) => `HttpApiIntegration${resourceName(name)}`,
  httpAuthorizer: (name: string) => `HttpApiAuthorizer${resourceName(name)}`,
  httpPermission: (name: string) => `${resourceName(name)}LambdaPermissionHttpApi`,
  httpAuthorizerPermission: (name: string) => `${resourceName(name)}LambdaAuthorizerPermissionHttpApi`,

  websocketApi: 'WebsocketsApi',
  websocketStage: 'WebsocketsDeploymentStage',
  websocketRoute: (route: string) => `${routeKey(route)}WebsocketsRoute`,
  websocketIntegration: (name: string) => `${resourceName(name)}WebsocketsIntegration`,
  websocketAuthorizer: (name: string) => `${resourceName(name)}WebsocketsAuthorizer`,
  websocketPermission: (name: string) => `${resourceName(name)}LambdaPermissionWebsockets`,

  targetGroup: (name: string, albId: string, multiValue: boolean) =>
    `${resourceName(name)}Alb${multiValue ? 'MultiValue' : ''}TargetGroup${albId}`,
  listenerRule: (name: string, priority: string) => `${resourceName(name)}AlbListenerRule${priority}`,
  albPermission: (name: string) => `${resourceName(name)}LambdaPermissionAlb`,
  registerTargetPermission: (name: string) => `${resourceName(name)}LambdaPermissionRegisterTarget`,

  userPool: (name: string) => `CognitoUserPool${alphaNumeric(name)}`,
  userPoolPermission: (name: string, pool: string, trigger: string) =>
    `${resourceName(name)}LambdaPermissionCognitoUserPool${alphaNumeric(pool)}TriggerSource${alphaNumeric(trigger)}`,
  bucket: (name: string) => `S3Bucket${alphaNumeric(name)}`,
  topic: (name: string) => `SNSTopic${alphaNumeric(name)}`,
  deploymentBucket: 'ServerlessDeploymentBucket',
  deploymentBucketPolicy: 'ServerlessDeploymentBucketPolicy',
} as const;

/** The name that the framework gives an authorizer of which only the ARN is written: what follows the last `:`, then the last `-`. */
export function authorizerNameFromArn(arn: string): string {
  return lastOf(lastOf(arn, ':'), '-');
}

export function lastOf(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
