import type { Difference, Mentioned, Rule } from '../../../contract/index.ts';
import { outcomes, valueOf } from '../../../project/index.ts';
import { sharedBucketUse } from '../snippets.ts';

export const bucketsDiffer: Rule = {
  id: 'deployment-bucket/buckets-differ',
  step: 'deployment-bucket',
  severity: 'warning',
  title: 'Services of one account and Region are deployed through different buckets',
  attack:
    'What protects the shared bucket (the key, the policy, versions, logging, the short list of roles) does not protect the one ' +
    'service that goes another way. Its bucket is the one that nobody looks at, and it holds code and resolved secrets like the others. ' +
    'An attacker needs to find one of them only.',
  fix: {
    serverless: sharedBucketUse,
    cloudformation: {
      notApplicable:
        'templates name no deployment bucket; SAM and CDK keep one for all stacks of an account and Region',
    },
  },
  docs: [
    {
      title: 'Serverless Framework: serverless.yml reference (deploymentBucket)',
      url: 'https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml',
    },
    {
      title: 'Security best practices for Amazon S3',
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023', 'API9:2023'], cwe: ['CWE-1188'] },
  // One project alone differs from nobody.
  check: () => [],
  across: {
    mention(project) {
      const bucket = project.deploymentBucket;
      // Where the service goes is not decided, so that nothing can be said of its neighbours.
      const region = bucket?.region && valueOf(bucket.region);
      if (!bucket || bucket.kind === 'unknown' || region === undefined) return undefined;
      const profile = bucket.profile ? valueOf(bucket.profile) : '';
      if (profile === undefined) return undefined;
      const [name] = bucket.name ? outcomes(bucket.name) : [];
      return {
        span: bucket.span,
        subject: 'provider.deploymentBucket',
        facts: {
          // Stages and profiles stand for accounts: whoever separates accounts does it by them.
          where: [region, profile, project.stage ?? ''].join(' '),
          region,
          service: brief(project.name ?? project.file.path),
          bucket: bucket.kind === 'framework' ? (bucket.sharedByFramework ? 'of the framework' : 'own') : 'named',
          name: name?.kind === 'known' && bucket.name?.kind === 'known' ? brief(name.value) : '',
        },
      };
    },
    *compare(mentioned) {
      for (const neighbours of groups(mentioned)) yield* differencesOf(neighbours);
    },
  },
};

/** No bucket has a longer name; thousands of projects are held at a time. */
const brief = (text: string): string => text.slice(0, 200);

function groups(mentioned: readonly Mentioned[]): Iterable<readonly Mentioned[]> {
  const found = new Map<string, Mentioned[]>();
  for (const mention of mentioned) {
    const where = mention.facts['where'] ?? '';
    const same = found.get(where);
    if (same) same.push(mention);
    else found.set(where, [mention]);
  }
  return found.values();
}

function* differencesOf(neighbours: readonly Mentioned[]): Iterable<Difference> {
  const named = neighbours.filter(({ facts }) => facts['bucket'] === 'named');
  // All go the way of the framework: each of them is told so by itself.
  const [first] = named;
  if (!first) return;
  const usual = mostUsed(named) ?? first;
  const name = usual.facts['name'] ?? '';
  const others = name === '' ? 'a named bucket' : name;
  for (const about of neighbours) {
    const { service = '', bucket, region = '', name: own = '' } = about.facts;
    const related = [{ message: `${usual.facts['service'] ?? ''} uses ${others}`, about: usual }];
    if (bucket === 'own') {
      yield {
        about,
        message: `${service} is deployed through a bucket of its own, and ${usual.facts['service'] ?? ''}, beside it in ${region}, through ${others}`,
        related,
      };
    } else if (bucket === 'of the framework' || (own !== '' && own !== name && name !== '')) {
      yield {
        about,
        // Two buckets may both be looked after; that they are two is a question for a person.
        severity: 'note',
        message: `${service} is deployed through ${own === '' ? 'the bucket of the framework' : own}, and ${usual.facts['service'] ?? ''}, beside it in ${region}, through ${others}`,
        related,
      };
    }
  }
}

/** A project with the name that most projects use; of several the first in alphabetical order, so that the order of files decides nothing. */
function mostUsed(named: readonly Mentioned[]): Mentioned | undefined {
  const counts = new Map<string, { count: number; mention: Mentioned }>();
  for (const mention of named) {
    const name = mention.facts['name'] ?? '';
    if (name === '') continue;
    const known = counts.get(name);
    if (known) known.count += 1;
    else counts.set(name, { count: 1, mention });
  }
  const [best] = [...counts].sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1));
  return best?.[1].mention;
}
