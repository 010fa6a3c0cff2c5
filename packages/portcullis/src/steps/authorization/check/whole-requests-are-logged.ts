import type { Rule } from '../../../contract/index.ts';
import { always, type MethodSetting, sometimes } from '../../../project/index.ts';
import { stageName } from '../settings.ts';

export const wholeRequestsAreLogged: Rule = {
  id: 'authorization/whole-requests-are-logged',
  step: 'authorization',
  severity: 'warning',
  title: 'Whole requests and responses end in the execution log',
  attack:
    'With data tracing the gateway writes headers, tokens, API keys and bodies of every request and response to CloudWatch Logs. Everyone with a right to read logs, a support tool, a log shipper, holds valid tokens of the users and what they sent, for as long as the log group keeps it.',
  fix: {
    serverless: `provider:
  logs:
    restApi:
      fullExecutionData: false              # the framework's default is true
      level: ERROR`,
    cloudformation: `ApiStage:
  Type: AWS::ApiGateway::Stage
  Properties:
    MethodSettings:
      - { HttpMethod: '*', ResourcePath: '/*', LoggingLevel: ERROR, DataTraceEnabled: false }`,
    sam: `Api:
  Type: AWS::Serverless::Api
  Properties:
    MethodSettings:
      - { HttpMethod: '*', ResourcePath: '/*', LoggingLevel: ERROR, DataTraceEnabled: false }`,
  },
  docs: [
    {
      title: 'API Gateway: set up CloudWatch logging for REST APIs',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html',
    },
    {
      title: 'Serverless Framework: REST API, logs',
      url: 'https://www.serverless.com/framework/docs/providers/aws/events/apigateway',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-532'] },
  *check(project) {
    for (const api of project.apis) {
      for (const stage of api.stages) {
        const tracing = stage.methods?.find(writesEverything);
        if (!tracing) continue;
        const silent = !tracing.logLevel;
        yield {
          message: silent
            ? `Stage ${stageName(stage)} of ${api.name ?? api.id} is set to log whole requests and responses, tokens and bodies included, as soon as somebody gives it a logging level.`
            : `Stage ${stageName(stage)} of ${api.name ?? api.id} writes whole requests and responses to its execution log, tokens and bodies included.`,
          span: tracing.span,
          subject: `${api.id} ${stage.id}`,
          // Nothing is logged at the default level, OFF.
          ...(silent ? { severity: 'note' as const } : {}),
        };
      }
    }
  },
};

function writesEverything({ dataTrace, logLevel }: MethodSetting): boolean {
  if (!dataTrace || !sometimes(dataTrace, (on) => on)) return false;
  return !logLevel || !always(logLevel, (level) => level.toUpperCase() === 'OFF');
}
