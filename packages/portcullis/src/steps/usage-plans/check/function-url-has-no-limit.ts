import type { Rule } from '../../../contract/index.ts';
import { docs } from '../docs.ts';
import { functionResource, urlState } from '../facts.ts';

export const functionUrlHasNoLimit: Rule = {
  id: 'usage-plans/function-url-has-no-limit',
  step: 'usage-plans',
  severity: 'note',
  title: 'Nothing limits calls of the function URL',
  attack:
    'A function URL has no throttle, no key and no web ACL. Reserved concurrency is the only limit it can have (ten times that many requests a second); without it one caller can occupy the whole concurrency of the account and every other function stands still.',
  fix: {
    serverless: `functions:
  createOrder:
    reservedConcurrency: 20
    url:
      authorizer: aws_iam`,
    cloudformation: `CreateOrder:
  Type: AWS::Lambda::Function
  Properties:
    ReservedConcurrentExecutions: 20`,
  },
  docs: [docs.concurrency],
  mappings: { fsbp: [], owasp: ['API4:2023'], cwe: ['CWE-770'] },
  *check(project) {
    for (const api of project.apis) {
      if (api.kind !== 'url') continue;
      for (const route of api.routes) {
        if (urlState(project, route) !== 'open') continue;
        const id = functionResource(project, route)?.id;
        const name = project.functions.find((fn) => fn.id === id)?.name ?? id ?? api.id;
        yield {
          message: `The function URL of ${name} has no limit: the function has no reserved concurrency.`,
          span: route.span,
          subject: route.id,
          route: route.id,
          state: 'open',
        };
      }
    }
  },
};
