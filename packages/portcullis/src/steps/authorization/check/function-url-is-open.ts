import type { Rule } from '../../../contract/index.ts';
import { docs } from '../docs.ts';
import { standings } from '../facts.ts';
import { inOwnWords } from '../own-words.ts';
import { reaching } from '../reaching.ts';
import { functionOf } from '../routes.ts';

const serverlessFix = `functions:
  createOrder:
    url:
      authorizer: aws_iam`;

const templateFix = `CreateOrderUrl:
  Type: AWS::Lambda::Url
  Properties:
    AuthType: AWS_IAM
    TargetFunctionArn: !GetAtt CreateOrder.Arn`;

const samFix = `CreateOrder:
  Type: AWS::Serverless::Function
  Properties:
    FunctionUrlConfig:
      AuthType: AWS_IAM`;

export const functionUrlIsOpen: Rule = {
  id: 'authorization/function-url-is-open',
  step: 'authorization',
  severity: 'error',
  title: 'Function URL asks for no credentials',
  attack:
    'With AuthType NONE, Lambda runs the function for every request that reaches its https address. There is no usage plan, no throttle and no web ACL in front of a function URL, so the code is the only line of defence and every call is paid for.',
  fix: {
    serverless: serverlessFix,
    cloudformation: templateFix,
    sam: samFix,
  },
  docs: [docs.functionUrls],
  mappings: { fsbp: ['Lambda.1'], owasp: ['API2:2023'], cwe: ['CWE-306'] },
  *check(project) {
    for (const { api, route, standing } of standings(project)) {
      if (standing.verdict !== 'url') continue;
      const fn = functionOf(project, route);
      const { path, rank, consequence } = reaching(project, route, 'function URL');
      yield {
        message: `The function URL of ${fn?.name ?? api.id} has AuthType NONE: anyone who knows the address can call the function${consequence ? `, which ${consequence}` : ''}.`,
        span: route.span,
        subject: route.id,
        route: route.id,
        path,
        rank,
        fix:
          project.format === 'sam' && fn && project.resources.get(api.id)?.generated
            ? samFix.replace('CreateOrder', () => fn.id)
            : inOwnWords(project, api, route, project.format === 'serverless' ? serverlessFix : templateFix),
      };
    }
  },
};
