import type { Rule } from '../../../contract/index.ts';
import { isStale } from '../deployments.ts';

export const deploymentIsStale: Rule = {
  id: 'authorization/deployment-is-stale',
  step: 'authorization',
  severity: 'warning',
  title: 'Changes of methods never go live',
  attack:
    'A stage serves a snapshot of the API, and CloudFormation takes a new one only when the Deployment gets a new logical id. Somebody gives a method an authorizer, the stack is updated without a complaint, every review sees a closed route, and the stage goes on serving the open one.',
  fix: {
    serverless: `resources:
  Resources:
    OrdersDeployment20270131:               # a new id with every change; or write the routes as http events, which the framework deploys anew
      Type: AWS::ApiGateway::Deployment
      DependsOn: [CreateOrderMethod]
      Properties: { RestApiId: !Ref OrdersApi, StageName: prod }`,
    cloudformation: `ApiDeployment20270131:                      # a new id with every change of the API (CDK and SAM do so by a hash)
  Type: AWS::ApiGateway::Deployment
  DependsOn: [CreateOrderMethod]
  Properties: { RestApiId: !Ref Api }`,
  },
  docs: [
    {
      title: 'CloudFormation: AWS::ApiGateway::Deployment',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-deployment.html',
    },
    {
      title: 'API Gateway: deploy REST APIs',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023', 'API9:2023'], cwe: ['CWE-1188', 'CWE-665'] },
  *check(project) {
    for (const deployment of project.deployments) {
      if (!isStale(project, deployment)) continue;
      const { id, span, methods, kind } = deployment;
      const what = kind === 'rest' ? 'method' : 'route';
      const which = methods === 1 ? `the ${what}` : `one of the ${methods} ${what}s`;
      yield {
        message: `The deployment ${id} keeps its logical id, so CloudFormation takes no new snapshot when ${which} of this template changes, an authorizer that is added included.`,
        span,
        subject: id,
        question:
          'Does something else deploy the API after each update of the stack (create-deployment, a custom resource)?',
      };
    }
  },
};
