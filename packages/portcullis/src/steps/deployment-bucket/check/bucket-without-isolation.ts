import type { Observation, Rule } from '../../../contract/index.ts';
import type { Project } from '../../../project/index.ts';
import { type Judged, judgedBuckets } from '../facts.ts';
import { allObjectsOf, isOfPipeline, isShared, lettingIn, runtimeRoles, touchesObjects } from '../sharing.ts';

export const bucketWithoutIsolation: Rule = {
  id: 'deployment-bucket/bucket-without-isolation',
  step: 'deployment-bucket',
  severity: 'warning',
  title: 'Shared deployment bucket does not keep services apart',
  attack:
    'Who may write all objects of the bucket replaces the archive of another service between upload and deployment, and its code runs ' +
    'with the rights of that service. Who may read them has the code and the resolved secrets of every team. The smallest service, or ' +
    'its CI job, then decides over the largest.',
  fix: {
    serverless: `provider:
  iam:
    role:
      statements:
        - Effect: Allow
          Action: s3:GetObject
          Resource: arn:aws:s3:::acme-deployments/serverless/\${self:service}/*   # its own prefix, if it needs the bucket at all`,
    cloudformation: `Statement:   # of the bucket policy: each role writes below the prefix of its own tag
  - Effect: Allow
    Principal: '*'
    Action: [s3:GetObject, s3:PutObject, s3:DeleteObject]
    Resource: !Sub '\${DeploymentBucket.Arn}/serverless/\${!aws:PrincipalTag/service}/*'
    Condition: { StringEquals: { aws:PrincipalOrgID: o-a1b2c3d4e5 } }`,
  },
  docs: [
    {
      title: 'Security best practices for Amazon S3: least privilege access',
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
    },
    {
      title: 'Controlling access to AWS resources using tags: aws:PrincipalTag',
      url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_iam-tags.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-732', 'CWE-653'] },
  *check(project) {
    for (const judged of judgedBuckets(project)) {
      if (!isShared(judged)) continue;
      yield* byPolicy(project, judged);
      yield* byRoles(project, judged);
    }
  },
};

function* byPolicy(project: Project, judged: Judged): Iterable<Observation> {
  for (const statement of judged.bucket?.policy ?? []) {
    if (!touchesObjects(statement) || !allObjectsOf(statement, judged)) continue;
    const who = lettingIn(statement, project);
    if (who !== 'everyone' && who < 2) continue;
    const whom = who === 'everyone' ? 'everyone who meets its conditions' : `${who} accounts, roles or users`;
    yield {
      message: `The policy of ${judged.name} lets ${whom} at the objects of every service`,
      span: statement.span,
      subject: `${judged.subject} policy`,
    };
  }
}

function* byRoles(project: Project, judged: Judged): Iterable<Observation> {
  const running = runtimeRoles(project);
  const deploying: { readonly id: string; readonly observation: Observation }[] = [];
  for (const role of project.roles) {
    const statement = role.statements.find((one) => touchesObjects(one) && allObjectsOf(one, judged));
    if (!statement) continue;
    const name = role.name ?? role.id;
    const place = { span: statement.span, subject: `${judged.subject} ${role.id}` };
    if (running.has(role.id)) {
      yield {
        ...place,
        message: `${name}, with which functions run, may get at the objects of every service in ${judged.name}`,
      };
    } else if (!isOfPipeline(project, role)) {
      const message = `${name} may get at the objects of every service in ${judged.name}`;
      deploying.push({ id: role.id, observation: { ...place, message } });
    }
  }
  // One role that deploys everything shares nothing; several that all reach everything were meant to be apart.
  if (deploying.length > 1) for (const { observation } of deploying) yield observation;
}
