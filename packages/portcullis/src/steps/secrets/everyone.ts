import {
  LastOnly,
  outcomes,
  type PolicyCondition,
  type PolicyStatement,
  sometimes,
  textOf,
} from '../../project/index.ts';

/**
 * Whom a statement of a resource policy lets in: everyone, everyone on conditions that do not say who, or nobody but those it names.
 * `undecided`: the files do not hold the statement.
 */
export type Openness = 'everyone' | 'conditional' | 'named' | 'undecided';

/** Condition keys that tie a request to an account, an organization, an identity or a network. */
const whoKeys =
  /^(?:kms:CallerAccount|aws:(?:PrincipalAccount|PrincipalOrgID|PrincipalOrgPaths|PrincipalArn|PrincipalServiceName|PrincipalIsAWSService|PrincipalTag\/.+|SourceAccount|SourceArn|SourceOrgID|SourceOrgPaths|SourceVpc|SourceVpce|SourceIp|VpcSourceIp|userid|username))$/i;

/** @param others the whole policy */
export function opennessOf(statement: PolicyStatement, others: readonly PolicyStatement[]): Openness {
  const effects = outcomes(statement.effect);
  if (effects.every((effect) => effect.kind === 'unknown')) return 'undecided';
  if (!sometimes(statement.effect, (effect) => effect === 'Allow')) return 'named';
  // Allow with NotPrincipal lets in everyone but a list (IAM User Guide, "AWS JSON policy elements: NotPrincipal").
  const everyone =
    statement.notPrincipals !== undefined ||
    statement.principals?.some((principal) => sometimes(principal, (name) => name === '*'));
  if (!everyone || statement.conditions.some(narrows) || refused(others)) return 'named';
  return statement.conditions.length > 0 ? 'conditional' : 'everyone';
}

function narrows({ operator, key, values }: PolicyCondition): boolean {
  if (!whoKeys.test(key) || /not|null|ifexists$/i.test(operator)) return false;
  return (
    values.length > 0 && values.every((value) => !/^\**$|^(?:0\.0\.0\.0|::)\/0$/.test(textOf(value) ?? 'somebody'))
  );
}

const refusals = new LastOnly<readonly PolicyStatement[], boolean>();

/** Once for a policy, however many statements it has. */
function refused(policy: readonly PolicyStatement[]): boolean {
  const known = refusals.get(policy);
  if (known !== undefined) return known;
  const result = policy.some(refusesStrangers);
  refusals.set(policy, result);
  return result;
}

/** `Deny` for everyone who is not of the account or organization: the usual partner of an Allow for `*`. */
function refusesStrangers({ effect, principals, conditions }: PolicyStatement): boolean {
  if (!sometimes(effect, (value) => value === 'Deny')) return false;
  if (!principals?.some((principal) => sometimes(principal, (name) => name === '*'))) return false;
  return conditions.some(({ operator, key }) => /not/i.test(operator) && whoKeys.test(key));
}
