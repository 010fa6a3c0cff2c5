import type { Rule } from '../../../contract/index.ts';
import { isStale } from '../deployments.ts';

export const deploymentDoesNotWait: Rule = {
  id: 'authorization/deployment-does-not-wait',
  step: 'authorization',
  severity: 'warning',
  title: 'Deployment does not wait for the methods',
  attack:
    'CloudFormation makes resources in any order that nobody forbids. A snapshot that is taken before a method is updated serves the method as it was, without its authorizer; which of the routes that is differs from one update to the next, and nothing reports it.',
  fix: {
    serverless: `resources:
  Resources:
    OrdersDeployment20270131:
      Type: AWS::ApiGateway::Deployment
      DependsOn: [CreateOrderMethod, ListOrdersMethod]   # every method of the API`,
    cloudformation: `ApiDeployment20270131:
  Type: AWS::ApiGateway::Deployment
  DependsOn: [CreateOrderMethod, ListOrdersMethod]       # every method of the API`,
  },
  docs: [
    {
      title: 'CloudFormation: AWS::ApiGateway::Deployment',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-deployment.html',
    },
    {
      title: 'CloudFormation: DependsOn attribute',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-696', 'CWE-362'] },
  *check(project) {
    for (const deployment of project.deployments) {
      // A snapshot that is taken once has no later methods to wait for; that it is taken once is the finding.
      if (isStale(project, deployment)) continue;
      const { id, span, unawaited, methods, kind } = deployment;
      const [first, ...others] = unawaited;
      if (first === undefined) continue;
      const what = kind === 'rest' ? 'method' : 'route';
      const which =
        unawaited.length === methods
          ? `the ${what}s of its API`
          : `${first}${others.length === 0 ? '' : ` and ${others.length} more ${others.length === 1 ? what : `${what}s`}`}`;
      yield {
        message: `The deployment ${id} does not wait for ${which}: the snapshot may be taken before they are there or have their authorizer.`,
        span,
        subject: id,
      };
    }
  },
};
