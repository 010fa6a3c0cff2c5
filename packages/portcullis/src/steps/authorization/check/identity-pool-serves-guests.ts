import type { Observation, Rule } from '../../../contract/index.ts';
import {
  type IdentityPool,
  type Project,
  type Reach,
  type Reached,
  reachOfLink,
  sometimes,
  undecided,
} from '../../../project/index.ts';
import { isPlumbing } from '../routes.ts';

export const identityPoolServesGuests: Rule = {
  id: 'authorization/identity-pool-serves-guests',
  step: 'authorization',
  severity: 'error',
  title: 'Identity pool gives strangers AWS credentials that reach data',
  attack:
    "Two calls without any credential, `GetId` and `GetCredentialsForIdentity`, with the id of the pool that stands in the app or the web page, and the caller holds AWS keys of the role for guests. With those it goes past every API, authorizer and firewall, straight to what the role's policies name.",
  fix: {
    serverless: `resources:
  Resources:
    IdentityPool:
      Type: AWS::Cognito::IdentityPool
      Properties:
        AllowUnauthenticatedIdentities: false   # or take everything but public data from the role for guests`,
    cloudformation: `IdentityPool:
  Type: AWS::Cognito::IdentityPool
  Properties:
    AllowUnauthenticatedIdentities: false       # or take everything but public data from the role for guests`,
  },
  docs: [
    {
      title: 'Amazon Cognito: identity pools, authenticated and unauthenticated identities',
      url: 'https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools.html',
    },
    {
      title: 'Amazon Cognito: using IAM roles, access of unauthenticated identities',
      url: 'https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html',
    },
  ],
  mappings: { fsbp: ['Cognito.2'], owasp: ['API1:2023', 'API2:2023'], cwe: ['CWE-306', 'CWE-284'] },
  *check(project) {
    for (const pool of project.identityPools) yield* ofPool(project, pool);
  },
};

function* ofPool(project: Project, pool: IdentityPool): Generator<Observation> {
  const open = sometimes(pool.guests, (admitted) => admitted);
  if ((!open && undecided(pool.guests).length === 0) || !pool.guestRole) return;
  const reach = reachOfLink(project, pool.guestRole);
  const data = reach.resources.filter((reached) => !isPlumbing(reached) && !isTelemetry(reached));
  const [worst] = data;
  const name = pool.name ?? pool.id;
  if (!worst) {
    if (reach.incomplete === undefined) return;
    yield {
      message: `The identity pool ${name} gives AWS credentials to callers who have not signed in, and what they may do with them cannot be told: ${reach.incomplete}.`,
      span: pool.guestsSpan,
      subject: pool.id,
      severity: 'note',
      question: 'What may the role for guests reach?',
    };
    return;
  }
  // Services without resources of their own (speech, translation) hold no data that could be changed.
  const writes = data.some(({ access, type }) => access === 'write' && type.split('::').length > 2);
  let message = `The identity pool ${name} ${open ? 'gives' : 'may give'} AWS credentials to callers who have not signed in, and they ${consequence(worst, data)}.`;
  if (sometimes(pool.classicFlow, (allowed) => allowed))
    message += ' The classic flow is allowed, so AWS does not narrow these credentials either.';
  yield {
    message,
    span: pool.guestsSpan,
    subject: pool.id,
    path: [`guest of ${name}`, ...(reach.role === undefined ? [] : [reach.role]), `${nameOf(worst)} (${worst.access})`],
    rank: rankOf(reach, writes),
    ...(open ? {} : { severity: 'warning' as const, state: 'unknown' as const }),
    // Public pictures and maps are read with such credentials in many a well-made app.
    ...(open && !writes
      ? {
          severity: 'warning' as const,
          question: 'Is everything that the role for guests may do meant for the public?',
        }
      : {}),
  };
}

function consequence(worst: Reached, all: readonly Reached[]): string {
  const others = new Set(all.map(nameOf).filter((name) => name !== nameOf(worst))).size;
  const more = others === 0 ? '' : ` and reach ${others} more ${others === 1 ? 'resource' : 'resources'}`;
  return `${worst.access === 'write' ? 'write to' : 'read'} ${nameOf(worst)}${more}`;
}

function nameOf({ resource, type }: Reached): string {
  return resource === '*' ? `every ${type.split('::').slice(1).join(' ')}` : resource;
}

function rankOf({ resources }: Reach, writes: boolean): number {
  return Math.min(resources.length * 5 + (writes ? 15 : 0), 1000);
}

/** What apps send about themselves, and what Cognito keeps for the guest. */
function isTelemetry({ type }: Reached): boolean {
  return /^AWS::(?:Mobile|Pinpoint|Cognito|RUM|Location|Geo)/i.test(type);
}
