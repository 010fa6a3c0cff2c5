import type { Rule } from '../contract/index.ts';
import type { StepId } from '../project/index.ts';

/** Last part of the ids of the rules that speak of decisions. They cannot be decided away. */
export const ruleName = 'decision-has-no-effect';

/** Whether the rule of that id speaks of decisions. */
export function isAboutDecisions(rule: string): boolean {
  return rule.endsWith(`/${ruleName}`);
}

const gates: Readonly<Record<StepId, string>> = {
  authorization: 'Who reads the file believes that somebody looked at the open route and meant it',
  'usage-plans': 'Who reads the file believes that somebody looked at the missing limit and meant it',
  firewall: 'Who reads the file believes that somebody looked at the gap in the firewall and meant it',
  secrets: 'Who reads the file believes that somebody looked at the secret and meant it',
  'deployment-bucket': 'Who reads the file believes that somebody looked at the bucket and meant it',
};

/**
 * The rule of a step for decisions in the file that are malformed, over, not approved, or about nothing. What they are is known when all other
 * rules have spoken, so its own `check` says nothing: `decide` speaks for it.
 */
export function decisionRule(step: StepId): Rule {
  return {
    id: `${step}/${ruleName}`,
    step,
    severity: 'warning',
    title: 'Decision in the file has no effect',
    attack: `${gates[step]}, while the decision is malformed, over, not approved or about nothing. One that is about nothing today covers the next mistake made in its place: whoever brings an opening in there needs no review, because the file seems to say that it is wanted.`,
    fix: {
      serverless: `functions:
  health:
    events:
      # portcullis: public until 2027-01-31 because the load balancer asks for it
      - httpApi: GET /health
      # portcullis: allow usage-plans/no-throttle because the stage of the other stack has one
      - httpApi: POST /orders`,
      cloudformation: `Resources:
  HealthMethod:
    Type: AWS::ApiGateway::Method
    Metadata:
      Portcullis:
        public: { because: the load balancer asks for it, until: "2027-01-31" }
        allow:
          - { rule: usage-plans/no-throttle, because: the stage of the other stack has one }`,
    },
    docs: [
      {
        title: 'AWS CloudFormation: Metadata attribute',
        url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-metadata.html',
      },
      {
        title: 'GitHub: about code owners, who must approve changes to a file',
        url: 'https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners',
      },
    ],
    mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-1116'] },
    check: () => [],
  };
}
