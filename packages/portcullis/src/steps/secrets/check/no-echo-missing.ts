import type { Observation, Rule } from '../../../contract/index.ts';
import type { Project } from '../../../project/index.ts';
import { classifyName } from '../detector/index.ts';
import { withArticle } from '../facts.ts';

export const noEchoMissing: Rule = {
  id: 'secrets/no-echo-missing',
  step: 'secrets',
  severity: 'warning',
  title: 'Parameter for a secret lacks NoEcho',
  attack:
    'Without NoEcho the value that was given at deployment is shown by the console, by cloudformation:DescribeStacks and in the events of the stack. Read-only roles have these rights, and command line tools print them into CI logs.',
  fix: {
    serverless: `resources:
  Parameters:
    DbPassword:
      Type: String
      NoEcho: true`,
    cloudformation: `Parameters:
  DbPassword:
    Type: String
    NoEcho: true
# Better: no parameter at all, but {{resolve:secretsmanager:...}} in the property that needs the value.`,
  },
  docs: [
    {
      title: 'CloudFormation template Parameters syntax: NoEcho',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-522', 'CWE-532'] },
  *check(project: Project): Iterable<Observation> {
    for (const { name, type, noEcho, span } of project.parameters ?? []) {
      if (noEcho || (type !== 'String' && type !== 'CommaDelimitedList')) continue;
      const verdict = classifyName(name);
      // `StripeKey` may be the name of a key; only what speaks of a value is reported.
      if (!verdict || verdict.strength === 'weak' || verdict.what === 'secret') continue;
      yield {
        message: `The parameter ${name} takes ${withArticle(verdict.what)} and lacks NoEcho.`,
        span,
        subject: name,
      };
    }
  },
};
