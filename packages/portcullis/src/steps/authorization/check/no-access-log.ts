import type { Rule } from '../../../contract/index.ts';
import { always } from '../../../project/index.ts';

export const noAccessLog: Rule = {
  id: 'authorization/no-access-log',
  step: 'authorization',
  severity: 'note',
  title: 'Nobody writes down who called',
  attack:
    'Somebody tries tokens for a week, or leaves with the orders of every customer. Without an access log there is no line that says from where, with whose credential and which paths, before or after.',
  fix: {
    serverless: `provider:
  logs:
    restApi: { accessLogging: true, executionLogging: false, fullExecutionData: false }
    httpApi: true
    websocket: { accessLogging: true, executionLogging: false, fullExecutionData: false }`,
    cloudformation: `ApiStage:
  Type: AWS::ApiGateway::Stage
  Properties:
    AccessLogSetting:                       # AccessLogSettings of an AWS::ApiGatewayV2::Stage
      DestinationArn: !GetAtt AccessLog.Arn
      Format: $context.requestId $context.identity.sourceIp $context.authorizer.principalId $context.httpMethod $context.resourcePath $context.status`,
    sam: `Api:
  Type: AWS::Serverless::Api
  Properties:
    AccessLogSetting:                           # AccessLogSettings of an AWS::Serverless::HttpApi
      DestinationArn: !GetAtt AccessLog.Arn
      Format: $context.requestId $context.identity.sourceIp $context.authorizer.principalId $context.httpMethod $context.resourcePath $context.status`,
  },
  docs: [
    {
      title: 'API Gateway: set up CloudWatch logging for REST APIs',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html',
    },
    {
      title: 'API Gateway: configure logging for HTTP APIs',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html',
    },
    {
      title: 'AWS Security Hub: controls for API Gateway',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/apigateway-controls.html',
    },
  ],
  mappings: { fsbp: ['APIGateway.9'], owasp: ['API8:2023'], cwe: ['CWE-778'] },
  *check(project) {
    for (const api of project.apis) {
      // Stages of an API elsewhere are set up elsewhere.
      if (!project.resources.has(api.id)) continue;
      const [stage] = api.stages;
      // SAM leaves a second stage behind ("Stage") that nobody uses: one stage with a log is enough.
      if (!stage || !api.stages.every(({ accessLogs }) => accessLogs && always(accessLogs, (written) => !written)))
        continue;
      yield {
        message: `${api.name ?? api.id} keeps no access log.`,
        span: stage.span,
        subject: api.id,
      };
    }
  },
};
