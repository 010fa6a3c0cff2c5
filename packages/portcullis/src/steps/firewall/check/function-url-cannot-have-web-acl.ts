import type { Rule } from '../../../contract/index.ts';
import { always } from '../../../project/index.ts';
import { distributionBefore, label } from '../facts.ts';

export const functionUrlCannotHaveWebAcl: Rule = {
  id: 'firewall/function-url-cannot-have-web-acl',
  step: 'firewall',
  severity: 'warning',
  title: 'Function URL cannot have a web ACL',
  attack:
    'A function URL has no stage and no load balancer, so AWS WAF cannot stand before it: every request that reaches the address ' +
    'runs the function. There is no throttle of its own either, so a flood uses up the concurrency of the whole account.',
  fix: {
    serverless: `functions:
  createOrder:
    url:
      authorizer: aws_iam # then let only a CloudFront distribution with a web ACL sign requests (origin access control)
    # or a REST API, whose stage can have a web ACL:
    events:
      - http: POST /orders`,
    cloudformation: `CreateOrderUrl:
  Type: AWS::Lambda::Url
  Properties:
    TargetFunctionArn: !GetAtt CreateOrder.Arn
    AuthType: AWS_IAM # and only the distribution may call it:
CreateOrderUrlPermission:
  Type: AWS::Lambda::Permission
  Properties:
    Action: lambda:InvokeFunctionUrl
    FunctionName: !Ref CreateOrder
    Principal: cloudfront.amazonaws.com
    SourceArn: !Sub arn:\${AWS::Partition}:cloudfront::\${AWS::AccountId}:distribution/\${ApiDistribution}
CreateOrderInvokePermission: # URLs made since October 2025 need both actions
  Type: AWS::Lambda::Permission
  Properties:
    Action: lambda:InvokeFunction
    FunctionName: !Ref CreateOrder
    Principal: cloudfront.amazonaws.com
    SourceArn: !Sub arn:\${AWS::Partition}:cloudfront::\${AWS::AccountId}:distribution/\${ApiDistribution}`,
  },
  docs: [
    {
      title: 'Restrict access to an AWS Lambda function URL origin',
      url: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html',
    },
    {
      title: 'Resources that you can protect with AWS WAF',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API8:2023'], cwe: ['CWE-693'] },
  *check(project) {
    for (const api of project.apis) {
      if (api.kind !== 'url') continue;
      const place = { span: api.span, subject: api.id };
      const [route] = api.routes;
      const signed = route && always(route.authorization, ({ kind }) => kind === 'iam');
      const distribution = distributionBefore(project, api.id);
      // Only principals that AWS has identified get through: nobody floods it unseen, so it does not count as open.
      if (signed) {
        if (distribution) continue;
        yield {
          ...place,
          severity: 'note',
          state: 'half-open',
          message: `Function URL ${label(api)} cannot have a web ACL: what signed callers send is not filtered`,
        };
      } else {
        yield {
          ...place,
          state: distribution ? 'half-open' : 'open',
          message: distribution
            ? `Function URL ${label(api)} can be called around ${distribution.id}, whose web ACL then filters nothing`
            : `Function URL ${label(api)} cannot have a web ACL, and nothing filters its requests`,
        };
      }
    }
  },
};
