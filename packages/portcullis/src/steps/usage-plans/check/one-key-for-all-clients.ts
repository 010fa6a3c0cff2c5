import type { Rule } from '../../../contract/index.ts';
import { always, outcomes } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { keyRequired, linksTo, plansAreUndecided } from '../facts.ts';

export const oneKeyForAllClients: Rule = {
  id: 'usage-plans/one-key-for-all-clients',
  step: 'usage-plans',
  severity: 'warning',
  title: 'All clients share one API key',
  attack:
    'Limits count per key. With one key for all clients, one noisy or hostile client uses up what belongs to the others, nobody can see which one it was, and the only way to lock it out is to lock out everybody.',
  fix: {
    serverless: `provider:
  apiGateway:
    apiKeys:
      - acme                                # one for each client
      - globex`,
    cloudformation: `AcmeKey:                                    # one for each client, with its UsagePlanKey
  Type: AWS::ApiGateway::ApiKey
  Properties:
    Enabled: true
AcmePlanKey:
  Type: AWS::ApiGateway::UsagePlanKey
  Properties:
    KeyId: !Ref AcmeKey
    KeyType: API_KEY
    UsagePlanId: !Ref PartnerPlan`,
  },
  docs: [docs.usagePlans],
  mappings: { fsbp: [], owasp: ['API4:2023'], cwe: ['CWE-799'] },
  *check(project) {
    if (plansAreUndecided(project)) return;
    // Keys that another stack made are in a plan by their id.
    const foreign = project.usagePlans.some((plan) =>
      plan.keys.some((link) => outcomes(link).some((one) => one.kind === 'known' && one.value.kind === 'external')),
    );
    const keys = project.apiKeys.filter((key) => !always(key.enabled, (enabled) => !enabled));
    const [key] = keys;
    if (!key || keys.length > 1 || foreign) return;
    const plans = project.usagePlans.filter((plan) => plan.keys.some((link) => linksTo(link, key.id)));
    const used = project.apis.some((api) => api.routes.some((route) => keyRequired(route) !== false));
    // Without a plan or a route that needs it the key is no shared key yet; other rules say so.
    if (plans.length === 0 || !used) return;
    yield {
      message: `${key.name ?? key.id} is the only API key of the project: if there are several clients, they share it and its limits.`,
      span: key.span,
      subject: key.id,
      question: 'Is there exactly one client?',
    };
  },
};
