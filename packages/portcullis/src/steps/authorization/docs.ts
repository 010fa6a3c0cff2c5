// Pages that several rules of this step rest on.

const apiGateway = 'https://docs.aws.amazon.com/apigateway/latest/developerguide';
const framework = 'https://www.serverless.com/framework/docs/providers/aws/events';

export const docs = {
  restAccess: {
    title: 'API Gateway: control and manage access to REST APIs',
    url: `${apiGateway}/apigateway-control-access-to-api.html`,
  },
  httpAccess: {
    title: 'API Gateway: control and manage access to HTTP APIs',
    url: `${apiGateway}/http-api-access-control.html`,
  },
  socketAccess: {
    title: 'API Gateway: control and manage access to WebSocket APIs',
    url: `${apiGateway}/apigateway-websocket-api-control-access.html`,
  },
  lambdaAuthorizer: {
    title: 'API Gateway: use Lambda authorizers',
    url: `${apiGateway}/apigateway-use-lambda-authorizer.html`,
  },
  lambdaAuthorizerInput: {
    title: 'API Gateway: configure a Lambda authorizer (identity sources and caching)',
    url: `${apiGateway}/configure-api-gateway-lambda-authorization.html`,
  },
  lambdaAuthorizerOutput: {
    title: 'API Gateway: output from a Lambda authorizer',
    url: `${apiGateway}/api-gateway-lambda-authorizer-output.html`,
  },
  httpLambdaAuthorizer: {
    title: 'API Gateway: Lambda authorizers for HTTP APIs',
    url: `${apiGateway}/http-api-lambda-authorizer.html`,
  },
  jwtAuthorizer: {
    title: 'API Gateway: JWT authorizers for HTTP APIs',
    url: `${apiGateway}/http-api-jwt-authorizer.html`,
  },
  usagePlans: {
    title: 'API Gateway: usage plans and API keys, best practices',
    url: `${apiGateway}/api-gateway-api-usage-plans.html`,
  },
  resourcePolicies: {
    title: 'API Gateway: control access with resource policies',
    url: `${apiGateway}/apigateway-resource-policies.html`,
  },
  authorizationFlow: {
    title: 'API Gateway: how resource policies affect the authorization workflow',
    url: `${apiGateway}/apigateway-authorization-flow.html`,
  },
  privateApis: {
    title: 'API Gateway: private REST APIs',
    url: `${apiGateway}/apigateway-private-apis.html`,
  },
  functionUrls: {
    title: 'Lambda: control access to function URLs',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
  },
  functionPolicies: {
    title: 'Lambda: resource-based policies',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html',
  },
  confusedDeputy: {
    title: 'IAM: the confused deputy problem',
    url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
  },
  loadBalancerLogin: {
    title: 'Application Load Balancer: authenticate users',
    url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html',
  },
  frameworkHttp: { title: 'Serverless Framework: REST API (http)', url: `${framework}/apigateway` },
  frameworkHttpApi: { title: 'Serverless Framework: HTTP API (httpApi)', url: `${framework}/http-api` },
  frameworkSocket: { title: 'Serverless Framework: WebSocket', url: `${framework}/websocket` },
} as const;
