import type { Rule } from '../../../contract/index.ts';
import { get, outcomes } from '../../../project/index.ts';
import { docs } from '../docs.ts';

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
        if (route.integration.kind !== 'function') continue;
        const links = outcomes(route.integration.function);
        const ids = links.flatMap((link) =>
          link.kind === 'known' && link.value.kind === 'local' ? [link.value.id] : [],
        );
        const [id] = ids;
        const resource = id === undefined ? undefined : project.resources.get(id);
        if (!resource || get(resource.properties, 'ReservedConcurrentExecutions')) continue;
        const name = project.functions.find((fn) => fn.id === id)?.name ?? resource.id;
        yield {
          message: `The function URL of ${name} has no limit: the function has no reserved concurrency.`,
          span: route.span,
          subject: route.id,
          route: route.id,
        };
      }
    }
  },
};
