import type { Observation, Rule } from '../../../contract/index.ts';
import type { Project } from '../../../project/index.ts';
import { judge } from '../detector/index.ts';
import { namedPath, withArticle } from '../facts.ts';
import { isWrittenOut, type Place, pathText, placesOf, writtenText } from '../places.ts';
import { throughVariable } from '../through.ts';

export const secretInOutput: Rule = {
  id: 'secrets/secret-in-output',
  step: 'secrets',
  severity: 'error',
  title: 'Output shows a secret',
  attack:
    'Outputs are printed after every deployment and are returned by cloudformation:DescribeStacks, a right that read-only roles, dashboards and CI logs have. NoEcho does not hide a parameter that an output repeats. Whoever sees the stack has the secret.',
  fix: {
    serverless: `# Show where the secret is, not what it is.
resources:
  Outputs:
    DbSecretArn:
      Value: !Ref DbSecret`,
    cloudformation: `# Show where the secret is, not what it is.
Outputs:
  DbSecretArn:
    Value: !Ref DbSecret`,
  },
  docs: [
    {
      title: 'CloudFormation template Outputs syntax',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html',
    },
    {
      title: 'CloudFormation template Parameters syntax: NoEcho',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-312', 'CWE-532'] },
  *check(project: Project): Iterable<Observation> {
    const seen = new Set<string>();
    for (const place of placesOf(project)) {
      if (place.context !== 'output' || seen.has(pathText(place.path))) continue;
      const what = shown(place);
      if (what === undefined) continue;
      seen.add(pathText(place.path));
      const path = pathText(place.path);
      yield {
        message: `${path} shows ${withArticle(what)} to everybody who may describe the stack.`,
        span: place.entry,
        subject: path,
      };
    }
  },
};

function shown(place: Place): string | undefined {
  const { node } = place;
  const name = namedPath(place);
  const text = writtenText(node);
  if (text !== undefined && (node.kind !== 'scalar' || isWrittenOut(node))) {
    const verdict = judge(name, text);
    if (verdict) return verdict.what;
  }
  const through = throughVariable(place);
  // CloudFormation resolves dynamic references in resources only: the output shows the reference itself.
  return through && through.origin.source !== 'dynamic-reference' ? through.what : undefined;
}
