import type { Observation, Rule } from '../../../contract/index.ts';
import { outcomes, type Project, type Role } from '../../../project/index.ts';
import { managedPoliciesThatRead, readActions } from '../facts.ts';
import { allowed, namesEvery } from '../rights.ts';

export const roleReadsEverySecret: Rule = {
  id: 'secrets/role-reads-every-secret',
  step: 'secrets',
  severity: 'warning',
  title: 'Role may read every secret or parameter',
  attack:
    "One mistake in one function (a path that leads out of a folder, an injected template, a poisoned dependency) is enough to read every secret of the account with the function's own rights: databases and keys of services that the function has nothing to do with. With osls all functions of a service share one role, so the weakest function decides.",
  fix: {
    serverless: `provider:
  iam:
    role:
      statements:
        - Effect: Allow
          Action: ssm:GetParameter
          Resource: arn:aws:ssm:\${aws:region}:\${aws:accountId}:parameter/\${self:service}/\${sls:stage}/*
        - Effect: Allow
          Action: secretsmanager:GetSecretValue
          Resource: !Ref DbSecret`,
    cloudformation: `- Effect: Allow
  Action: ssm:GetParameter
  Resource: !Sub arn:aws:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/orders/*
- Effect: Allow
  Action: secretsmanager:GetSecretValue
  Resource: !Ref DbSecret`,
  },
  docs: [
    {
      title: 'Restricting access to Systems Manager parameters using IAM policies',
      url: 'https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html',
    },
    {
      title: 'AWS Secrets Manager best practices: limit access to secrets',
      url: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-732', 'CWE-522'] },
  *check(project: Project): Iterable<Observation> {
    for (const role of project.roles) {
      yield* fromStatements(role);
      yield* fromManagedPolicies(role);
    }
  },
};

function* fromStatements(role: Role): Iterable<Observation> {
  for (const statement of role.statements) {
    // A condition (a tag, a VPC endpoint) may narrow it; which one does is not decided here.
    if (statement.conditions.length > 0) continue;
    const parameters =
      allowed(statement, readActions.parameters).length > 0 && namesEvery(statement, 'ssm', ['parameter']);
    const secrets =
      allowed(statement, readActions.secrets).length > 0 && namesEvery(statement, 'secretsmanager', ['secret']);
    if (!parameters && !secrets) continue;
    const what =
      parameters && secrets ? 'every secret and every parameter' : parameters ? 'every parameter' : 'every secret';
    yield {
      message: `${role.name ?? role.id} may read ${what} of the account.`,
      span: statement.span,
      subject: `${role.id} ${what}`,
      path: [role.name ?? role.id, what],
    };
  }
}

function* fromManagedPolicies(role: Role): Iterable<Observation> {
  for (const policy of role.managedPolicies) {
    for (const outcome of outcomes(policy)) {
      if (outcome.kind !== 'known') continue;
      if (!outcome.value.includes(':iam::aws:policy/')) continue;
      const name = outcome.value.slice(outcome.value.lastIndexOf('/') + 1);
      const what = managedPoliciesThatRead[name];
      if (what === undefined) continue;
      yield {
        message: `${role.name ?? role.id} may read ${what} of the account through the managed policy ${name}.`,
        span: outcome.span ?? role.span,
        subject: `${role.id} ${name}`,
        path: [role.name ?? role.id, name, what],
      };
    }
  }
}
