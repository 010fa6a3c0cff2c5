import { type Check, closed, type Decision, type Principal, type Refused, refuse } from './decision.ts';

const joined = (checks: readonly Check[], where: string) => {
  if (checks.length === 0) throw new TypeError(`${where} needs at least one check`);
  return {
    challenges: checks.flatMap((check) => check.challenges),
    headers: [...new Set(checks.flatMap((check) => check.headers))],
  };
};

/** What says most of a refusal: a check that could not be made, then one that knew the credentials, then one that could not read them. */
const weight = ({ status, code }: Refused): number =>
  status >= 500
    ? 3
    : code === 'credentials_missing'
      ? 0
      : code === 'credentials_malformed' || code === 'issuer_mismatch'
        ? 1
        : 2;

/** Lets in whom one of the checks lets in, asked in their order. The refusal is the one that says most. */
export function anyOf(...checks: readonly Check[]): Check {
  return closed({
    ...joined(checks, 'anyOf'),
    async authenticate(credentials): Promise<Decision> {
      let told: Refused = refuse('credentials_missing');
      for (const check of checks) {
        const decision = await check.authenticate(credentials);
        if (decision.allowed) return decision;
        if (weight(decision) > weight(told)) told = decision;
      }
      return told;
    },
  });
}

/**
 * Lets in whom every one of the checks lets in. The first one names the caller and gives the scopes; the others stand in `also`. Who is
 * let in until when is the earliest end.
 */
export function allOf(...checks: readonly Check[]): Check {
  return closed({
    ...joined(checks, 'allOf'),
    async authenticate(credentials): Promise<Decision> {
      const principals: Principal[] = [];
      for (const check of checks) {
        const decision = await check.authenticate(credentials);
        if (!decision.allowed) return decision;
        principals.push(decision.principal);
      }
      const [first, ...also] = principals;
      if (!first) return refuse('check_failed');
      const ends = principals.flatMap(({ expiresAt }) => (expiresAt === undefined ? [] : [expiresAt]));
      const until = ends.length === 0 ? {} : { expiresAt: Math.min(...ends) };
      return { allowed: true, principal: { ...first, ...until, also } };
    },
  });
}
