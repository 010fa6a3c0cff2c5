import type { Rule } from '../../../contract/index.ts';
import { readAuthorizers } from '../code.ts';
import { docs } from '../docs.ts';

const words = {
  begins: 'begins with a text that does not end at a `/`',
  contains: 'contains a text anywhere',
  pattern: 'matches a pattern that is not held at both ends',
} as const;

export const authorizerMatchesPathLoosely: Rule = {
  id: 'authorization/authorizer-matches-path-loosely',
  step: 'authorization',
  severity: 'warning',
  title: 'Authorizer opens every path that begins with or contains a text',
  attack:
    "`path.startsWith('/public')` is also true of `/publications/drafts`, and `path.includes('/health')` of `/orders/health` and of any greedy route with that text in its tail. A caller chooses a path that passes the test and still reaches a route behind it; every route that is added later opens by its name alone.",
  fix: {
    serverless: `// Whole paths, or whole segments:
const open = new Set(['/health', '/docs']);
if (open.has(path) || path.startsWith('/public/')) return allow(event.methodArn);
// Better: no authorizer on these routes, so that the file says which are open.`,
    cloudformation: `// Whole paths, or whole segments:
const open = new Set(['/health', '/docs']);
if (open.has(path) || path.startsWith('/public/')) return allow(event.methodArn);
// Better: no authorizer on these routes, so that the template says which are open.`,
  },
  docs: [docs.lambdaAuthorizerInput],
  mappings: { fsbp: [], owasp: ['API5:2023', 'API2:2023'], cwe: ['CWE-185', 'CWE-863'] },
  *check(project) {
    const told = new Set<string>();
    for (const { function: fn, code } of readAuthorizers(project)) {
      const [first, ...others] = code.looseMatches;
      if (!first || told.has(fn.id)) continue;
      told.add(fn.id);
      yield {
        message: `The authorizer function ${fn.name} lets a request pass whose path ${words[first.how]}.`,
        span: first.span,
        subject: `${fn.id} path`,
        question: 'Can a path that should be closed, now or later, pass this test?',
        related: others.slice(0, 4).map(({ span }) => ({ message: 'here too', span })),
      };
    }
  },
};
