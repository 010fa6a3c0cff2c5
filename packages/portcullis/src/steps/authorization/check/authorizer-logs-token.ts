import type { Rule } from '../../../contract/index.ts';
import { valueOf } from '../../../project/index.ts';
import { cacheKey, readAuthorizers } from '../code.ts';
import { docs } from '../docs.ts';

const credentials = new Set([
  'authorization',
  'cookie',
  'x-api-key',
  'x-amzn-oidc-data',
  'x-amzn-oidc-accesstoken',
  'x-auth-token',
  'x-access-token',
]);

export const authorizerLogsToken: Rule = {
  id: 'authorization/authorizer-logs-token',
  step: 'authorization',
  severity: 'warning',
  title: "Authorizer writes the caller's token to the log",
  attack:
    'Every token that is used goes to CloudWatch Logs, where it stays as long as the log group keeps it, and to whatever the logs are sent to. Whoever may read logs, which is many more people and tools than may read tokens, takes one that has not expired and calls the API as its owner.',
  fix: {
    serverless: `// In the authorizer: what is needed to find the request again, never the event.
console.log(JSON.stringify({ requestId: context.awsRequestId, methodArn: event.methodArn }));`,
    cloudformation: `// In the authorizer: what is needed to find the request again, never the event.
console.log(JSON.stringify({ requestId: context.awsRequestId, methodArn: event.methodArn }));`,
  },
  docs: [
    docs.lambdaAuthorizer,
    {
      title: 'OWASP Logging Cheat Sheet: data to exclude',
      url: 'https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#data-to-exclude',
    },
  ],
  mappings: { fsbp: [], owasp: ['API2:2023'], cwe: ['CWE-532', 'CWE-522'] },
  *check(project) {
    const told = new Set<string>();
    for (const { authorizer, function: fn, code } of readAuthorizers(project)) {
      if (told.has(fn.id)) continue;
      // Where identity sources are not decided, the names that credentials usually have count.
      const key = valueOf(authorizer.identitySources) ? cacheKey(authorizer) : undefined;
      const found = code.logged.filter(
        ({ what, header }) =>
          what !== 'header' || (header !== undefined && (credentials.has(header) || key?.headers.has(header))),
      );
      const [first, ...others] = found;
      if (!first) continue;
      told.add(fn.id);
      const what = first.what === 'event' ? 'the whole event' : first.what === 'headers' ? 'all headers' : 'the token';
      yield {
        message: `The authorizer function ${fn.name} logs ${what}${first.what === 'token' || first.what === 'header' ? '' : ", and with it the caller's token"}.`,
        span: first.span,
        subject: `${fn.id} log`,
        // Who may enter does not change; who could take a token from the log can already read this account.
        state: 'closed',
        related: others.slice(0, 4).map(({ span }) => ({ message: 'logged here too', span })),
      };
    }
  },
};
