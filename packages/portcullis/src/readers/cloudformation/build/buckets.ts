import {
  at,
  type Bucket,
  type Fact,
  get,
  known,
  mapFact,
  type Node,
  type PolicyStatement,
  possibilities,
  type Resource,
  unknown,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { booleanFact, eitherOr, linkFact, orDefault, textFact, undecidedReason } from './facts.ts';
import { statementsOf } from './policy.ts';
import { links, present, someText } from './values.ts';

type PublicAccessBlock = { acls: boolean; policy: boolean; ignoreAcls: boolean; restrict: boolean };

/** Buckets of the template, each with the statements of the AWS::S3::BucketPolicy resources that name it. */
export function buildBuckets(context: BuildContext): readonly Bucket[] {
  const policies = policiesByBucket(context);
  return context.ofType('AWS::S3::Bucket').map((resource) => {
    const { properties } = resource;
    const written = present(get(properties, 'BucketName'));
    const name = someText(written);
    const byName = name === undefined ? [] : (policies.get(`name:${name}`) ?? []);
    const block = present(get(properties, 'PublicAccessBlockConfiguration'));
    const encryption = present(get(properties, 'BucketEncryption'));
    return {
      id: resource.id,
      name: written ? textFact(written) : unknown('is chosen by CloudFormation', resource.span),
      span: resource.span,
      encryption: encryptionOf(encryption),
      kmsKey: kmsKeyOf(encryption),
      publicAccessBlock: block && publicAccessBlock(block),
      versioning: orDefault(
        get(properties, 'VersioningConfiguration'),
        (node) => eachBranch(node, (branch) => orDefault(get(branch, 'Status'), isEnabled, false)),
        false,
      ),
      policy: [...(policies.get(resource.id) ?? []), ...byName],
    };
  });
}

function isEnabled(node: Node): Fact<boolean> {
  return mapFact(textFact(node), (status) => status === 'Enabled');
}

function policiesByBucket(context: BuildContext): ReadonlyMap<string, readonly PolicyStatement[]> {
  const byBucket = new Map<string, PolicyStatement[]>();
  for (const resource of context.ofType('AWS::S3::BucketPolicy')) {
    const statements = statementsOf(get(resource.properties, 'PolicyDocument'), resource.condition);
    for (const key of bucketKeys(resource)) {
      const same = byBucket.get(key);
      if (same) same.push(...statements);
      else byBucket.set(key, [...statements]);
    }
  }
  return byBucket;
}

function bucketKeys(policy: Resource): readonly string[] {
  return links(get(policy.properties, 'Bucket')).map((link) => (link.kind === 'local' ? link.id : `name:${link.name}`));
}

/** What is neither decided nor a map is unknown with its reason. */
function eachBranch<T>(node: Node, convert: (node: Node) => Fact<T>): Fact<T> {
  return eitherOr(node, (branch) =>
    branch.kind === 'map' || branch.kind === 'scalar' ? convert(branch) : unknown(undecidedReason(branch), branch.span),
  );
}

/** S3 takes one rule; the first one counts. */
function defaultRule(encryption: Node): Node | undefined {
  const rules = get(encryption, 'ServerSideEncryptionConfiguration');
  return rules?.kind === 'list' ? rules.items[0] : rules;
}

function encryptionOf(encryption: Node | undefined): Bucket['encryption'] {
  if (!encryption) return known<string | undefined>(undefined);
  return eachBranch<string | undefined>(encryption, (decided) => {
    const rule = present(defaultRule(decided));
    if (!rule) return known<string | undefined>(undefined, decided.span);
    return eachBranch<string | undefined>(rule, (one) => {
      const byDefault = present(get(one, 'ServerSideEncryptionByDefault'));
      if (!byDefault) return known<string | undefined>(undefined, one.span);
      return eachBranch<string | undefined>(byDefault, (settings) =>
        orDefault<string | undefined>(get(settings, 'SSEAlgorithm'), textFact, undefined),
      );
    });
  });
}

function kmsKeyOf(encryption: Node | undefined): Bucket['kmsKey'] {
  for (const decided of encryption ? possibilities(encryption) : []) {
    const rule = defaultRule(decided);
    for (const one of rule ? possibilities(rule) : []) {
      const key = present(at(one, 'ServerSideEncryptionByDefault', 'KMSMasterKeyID'));
      if (key) return linkFact(key);
    }
  }
  return undefined;
}

function publicAccessBlock(node: Node): Fact<PublicAccessBlock> {
  return eachBranch<PublicAccessBlock>(node, (block) => {
    let result: Fact<PublicAccessBlock> = known(
      { acls: false, policy: false, ignoreAcls: false, restrict: false },
      block.span,
    );
    const switches = [
      ['BlockPublicAcls', 'acls'],
      ['BlockPublicPolicy', 'policy'],
      ['IgnorePublicAcls', 'ignoreAcls'],
      ['RestrictPublicBuckets', 'restrict'],
    ] as const;
    for (const [key, name] of switches) {
      const on = orDefault(get(block, key), booleanFact, false);
      result = combine(result, on, (settings, value) => ({ ...settings, [name]: value }));
    }
    return result;
  });
}

function combine<A, B, C>(left: Fact<A>, right: Fact<B>, join: (left: A, right: B) => C): Fact<C> {
  if (left.kind === 'unknown') return left;
  if (left.kind === 'either') {
    return { kind: 'either', condition: left.condition, options: left.options.map((one) => combine(one, right, join)) };
  }
  const joined = mapFact(right, (value) => join(left.value, value));
  return joined.kind === 'known' ? known(joined.value, left.span) : joined;
}
