// Pages that several rules of this step rest on.

const apiGateway = 'https://docs.aws.amazon.com/apigateway/latest/developerguide';

export const docs = {
  usagePlans: {
    title: 'API Gateway: usage plans and API keys',
    url: `${apiGateway}/api-gateway-api-usage-plans.html`,
  },
  throttling: {
    title: 'API Gateway: throttle requests to REST APIs',
    url: `${apiGateway}/api-gateway-request-throttling.html`,
  },
  httpThrottling: {
    title: 'API Gateway: throttle requests to HTTP APIs',
    url: `${apiGateway}/http-api-throttling.html`,
  },
  restOrHttp: {
    title: 'API Gateway: choose between REST APIs and HTTP APIs',
    url: `${apiGateway}/http-api-vs-rest.html`,
  },
  frameworkKeys: {
    title: 'Serverless Framework: API keys and usage plans',
    url: 'https://www.serverless.com/framework/docs/providers/aws/events/apigateway',
  },
  concurrency: {
    title: 'Lambda: reserved concurrency',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html',
  },
} as const;
