import type { Observation, Rule } from '../../../contract/index.ts';
import type { ConfigurationContext, Project } from '../../../project/index.ts';
import { resolvedByFramework, sourceNames, withArticle } from '../facts.ts';
import { keyOf } from '../literals.ts';
import { originsOf, pathText, placesOf } from '../places.ts';
import { exposedThroughVariables, throughVariable } from '../through.ts';

const stored: ReadonlySet<ConfigurationContext> = new Set(['custom', 'params', 'stack-parameter']);

export const secretInCustomOrParams: Rule = {
  id: 'secrets/secret-in-custom-or-params',
  step: 'secrets',
  severity: 'warning',
  title: 'Secret is copied to the state file',
  attack:
    "The framework resolves every variable below custom, params and provider.stackParameters and writes the result to serverless-state.json, also when nothing uses it and when the stack parameter has NoEcho. The file is uploaded to the deployment bucket at every deployment and stays on developers' disks and in CI artefacts. Whoever reads one of them has the secret.",
  fix: {
    serverless: `# Keep the name here, not the value; the function reads the value at run time.
custom:
  dbPasswordParameter: /\${self:service}/\${sls:stage}/db-password`,
    cloudformation: { notApplicable: 'only the Serverless Framework writes a state file' },
  },
  docs: [
    {
      title: 'Serverless Framework: variables',
      url: 'https://www.serverless.com/framework/docs/providers/aws/guide/variables',
    },
    {
      title: 'AWS Systems Manager: working with SecureString parameters',
      url: 'https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-312', 'CWE-522'] },
  *check(project: Project): Iterable<Observation> {
    if (project.format !== 'serverless') return;
    // Where the value also reaches the template, that finding says it; closing it closes this.
    const reported = new Set<string>();
    for (const { place } of exposedThroughVariables(project)) {
      reported.add(keyOf(place.node.span));
      for (const { span } of place.node.from ?? []) reported.add(keyOf(span));
    }
    const seen = new Set<string>();
    for (const place of placesOf(project)) {
      if (!stored.has(place.context) || reported.has(keyOf(place.node.span))) continue;
      const through = throughVariable(place);
      if (!through || !resolvedByFramework.has(through.origin.source)) continue;
      // A parameter that takes its value from the command line is not written here.
      if (place.context === 'params' && originsOf(place.node).every(({ source }) => source === 'param')) continue;
      const key = keyOf(place.node.span);
      if (seen.has(key)) continue;
      seen.add(key);
      const path = pathText(place.path);
      yield {
        message: `${path} takes ${withArticle(through.what)} from ${sourceNames[through.origin.source] ?? 'a variable'}; it ends as plain text in the state file in the deployment bucket.`,
        span: place.entry,
        subject: path,
      };
    }
  },
};
