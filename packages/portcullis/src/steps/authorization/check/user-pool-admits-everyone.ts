import type { Observation, Rule } from '../../../contract/index.ts';
import { type Project, sometimes, type UserPool, undecided } from '../../../project/index.ts';
import { asksForNoScope, guardedBy } from '../guarding.ts';
import { reaching } from '../reaching.ts';
import { mayLeadTo, routeName } from '../routes.ts';

export const userPoolAdmitsEveryone: Rule = {
  id: 'authorization/user-pool-admits-everyone',
  step: 'authorization',
  severity: 'warning',
  title: 'Anybody may register with the user pool that guards the API',
  attack:
    'Cognito lets everybody sign up unless the pool says otherwise: one call of `SignUp` with the id of the app client, which stands in the web page, makes an account. Its token is valid, and to an authorizer that asks for nothing more every valid token is as good as another.',
  fix: {
    serverless: `resources:
  Resources:
    CustomerPool:
      Type: AWS::Cognito::UserPool
      Properties:
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }   # or a PreSignUp trigger that refuses strangers`,
    cloudformation: `CustomerPool:
  Type: AWS::Cognito::UserPool
  Properties:
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }       # or a PreSignUp trigger that refuses strangers`,
  },
  docs: [
    {
      title: 'Amazon Cognito: signing up and confirming user accounts',
      url: 'https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html',
    },
    {
      title: 'Amazon Cognito: configuring user self-service sign-up',
      url: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-admin-create-user-policy.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API2:2023', 'API5:2023'], cwe: ['CWE-862'] },
  *check(project) {
    for (const pool of project.userPools) yield* ofPool(project, pool);
  },
};

function* ofPool(project: Project, pool: UserPool): Generator<Observation> {
  // A trigger may look at an invitation or at the address; only a person can say what it does.
  if (pool.preSignUp) return;
  const open = sometimes(pool.selfSignUp, (anybody) => anybody);
  const [unknown] = undecided(pool.selfSignUp);
  if (!open && !unknown) return;
  const routes = project.authorizers
    .filter(({ userPools }) => userPools.some((link) => mayLeadTo(link, pool.id)))
    .flatMap((authorizer) => guardedBy(project, authorizer))
    .filter(({ route }) => asksForNoScope(route));
  if (routes.length === 0) return;
  const seen = routes.map(({ route }) => ({ route, ...reaching(project, route) }));
  const worst = seen.reduce((most, one) => (one.rank > most.rank ? one : most));
  const name = pool.name ?? pool.id;
  const others = routes.length - 1;
  const more = others === 0 ? '' : ` and ${others} more ${others === 1 ? 'route' : 'routes'}`;
  yield {
    message: open
      ? `Anybody may register with the user pool ${name}, and that is all that ${routeName(worst.route)}${more} ${others === 0 ? 'asks' : 'ask'} for${worst.consequence ? `; it ${worst.consequence}` : ''}.`
      : `Whether anybody may register with the user pool ${name} ${unknown?.reason ?? ''}; ${routeName(worst.route)}${more} ${others === 0 ? 'asks' : 'ask'} for nothing else.`,
    span: pool.selfSignUpSpan,
    subject: pool.id,
    path: [`sign up at ${name}`, ...worst.path],
    rank: worst.rank,
    question: 'Is everyone who can register allowed in?',
    // Groups tell users apart, and the code that made them is likely to look at them.
    ...(hasGroups(project, pool) || !open ? { severity: 'note' as const } : {}),
  };
}

function hasGroups(project: Project, pool: UserPool): boolean {
  for (const { type, properties } of project.resources.values()) {
    if (type !== 'AWS::Cognito::UserPoolGroup' || properties.kind !== 'map') continue;
    const id = properties.entries.find(({ key }) => key === 'UserPoolId')?.value;
    if (id?.kind === 'reference' && id.id === pool.id) return true;
  }
  return false;
}
