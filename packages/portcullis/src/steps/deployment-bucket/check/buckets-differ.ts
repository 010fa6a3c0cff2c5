import type { Difference, Mentioned, Rule } from '../../../contract/index.ts';
import { valueOf } from '../../../project/index.ts';
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
      const profile = bucket.profile && valueOf(bucket.profile);
      if (bucket.profile && profile === undefined) return undefined;
      const name = bucket.name && valueOf(bucket.name);
      return {
        span: bucket.span,
        subject: 'provider.deploymentBucket',
        facts: {
          // Stages and profiles stand for accounts: whoever separates accounts does it by them.
          where: JSON.stringify([region, profile, project.stage]),
          region,
          service: brief(project.name ?? project.file.path),
          bucket: bucket.kind === 'framework' ? (bucket.sharedByFramework ? 'of the framework' : 'own') : 'named',
          ...(name === undefined ? {} : { name: brief(name) }),
        },
      };
    },
    *compare(mentioned) {
      for (const neighbours of groupedBy('where', mentioned).values()) yield* differencesOf(neighbours);
    },
  },
};

/** No bucket has a longer name; thousands of projects are held at a time. */
const brief = (text: string): string => text.slice(0, 200);

/** Those that have the fact, by its value. */
function groupedBy(fact: string, mentioned: readonly Mentioned[]): ReadonlyMap<string, readonly Mentioned[]> {
  const found = new Map<string, Mentioned[]>();
  for (const mention of mentioned) {
    const value = mention.facts[fact];
    if (value === undefined) continue;
    const same = found.get(value);
    if (same) same.push(mention);
    else found.set(value, [mention]);
  }
  return found;
}

function* differencesOf(neighbours: readonly Mentioned[]): Iterable<Difference> {
  const named = neighbours.filter(({ facts }) => facts['bucket'] === 'named');
  const usual = mostUsed(named) ?? named[0];
  // All go the way of the framework: each of them is told so by itself.
  if (!usual) return;
  const { name, service: model } = usual.facts;
  const others = name ?? 'a named bucket';
  for (const about of neighbours) {
    const { service, bucket, region, name: own } = about.facts;
    const related = [{ message: `${model} uses ${others}`, about: usual }];
    if (bucket === 'own') {
      yield {
        about,
        message: `${service} is deployed through a bucket of its own, and ${model}, beside it in ${region}, through ${others}`,
        related,
      };
    } else if (bucket === 'of the framework' || (own !== undefined && own !== name)) {
      yield {
        about,
        // Two buckets may both be looked after; that they are two is a question for a person.
        severity: 'note',
        message: `${service} is deployed through ${own ?? 'the bucket of the framework'}, and ${model}, beside it in ${region}, through ${others}`,
        related,
      };
    }
  }
}

/** A project with the name that most projects use; of several the first in alphabetical order, so that the order of files decides nothing. */
function mostUsed(named: readonly Mentioned[]): Mentioned | undefined {
  const users = groupedBy('name', named);
  const count = (name: string) => users.get(name)?.length ?? 0;
  const [best] = [...users.keys()].sort().sort((one, other) => count(other) - count(one));
  return best === undefined ? undefined : users.get(best)?.[0];
}
