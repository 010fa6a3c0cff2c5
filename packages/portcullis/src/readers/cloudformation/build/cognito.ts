import {
  type CustomAttribute,
  type Fact,
  get,
  type IdentityPool,
  items,
  type Link,
  mapFact,
  type Node,
  possibilities,
  type Resource,
  textOf,
  type UserPool,
  type UserPoolClient,
  unknown,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { booleanFact, isNull, linkFact, optional, orDefault, textListFact } from './facts.ts';
import { nameOf } from './names.ts';

export function buildUserPools(context: BuildContext): readonly UserPool[] {
  return context.ofType('AWS::Cognito::UserPool').map(({ id, span, properties }) => {
    const creation = get(properties, 'AdminCreateUserConfig');
    const only = get(creation, 'AllowAdminCreateUserOnly');
    const trigger = get(get(properties, 'LambdaConfig'), 'PreSignUp');
    return {
      id,
      name: nameOf(get(properties, 'UserPoolName')),
      span,
      selfSignUp:
        creation && creation.kind !== 'map' && !isNull(creation)
          ? unknown('is not decided by the files', creation.span)
          : mapFact(orDefault(only, booleanFact, false), (value) => !value),
      selfSignUpSpan: only?.span ?? span,
      preSignUp: trigger !== undefined && !isNull(trigger),
      customAttributes: attributes(get(properties, 'Schema')),
    };
  });
}

/** Attributes of OpenID Connect, which every pool has: an entry of that name only changes them. */
const standard: ReadonlySet<string> = new Set(
  'address birthdate email email_verified family_name gender given_name locale middle_name name nickname phone_number phone_number_verified picture preferred_username profile sub updated_at website zoneinfo'.split(
    ' ',
  ),
);

function attributes(schema: Node | undefined): readonly CustomAttribute[] {
  if (!schema) return [];
  return possibilities(schema)
    .flatMap(items)
    .flatMap(possibilities)
    .flatMap((item): readonly CustomAttribute[] => {
      const name = textOf(get(item, 'Name'))?.replace(/^(?:dev:)?custom:/, '');
      if (name === undefined || standard.has(name)) return [];
      // Developer-only attributes are out of reach of every app client.
      if (textOf(get(item, 'DeveloperOnlyAttribute')) === 'true') return [];
      return [{ name, mutable: orDefault(get(item, 'Mutable'), booleanFact, true), span: item.span }];
    });
}

export function buildUserPoolClients(context: BuildContext): readonly UserPoolClient[] {
  return context.ofType('AWS::Cognito::UserPoolClient').map((resource) => {
    const { id, span, properties } = resource;
    const written = get(properties, 'WriteAttributes');
    const pool = get(properties, 'UserPoolId');
    return {
      id,
      span,
      pool: pool ? linkFact(pool) : unknown('names no user pool', span),
      writeAttributes: optional(written, textListFact),
      writeAttributesSpan: written?.span ?? span,
      oauthFlows: textListFact(get(properties, 'AllowedOAuthFlows')),
    };
  });
}

export function buildIdentityPools(context: BuildContext): readonly IdentityPool[] {
  const pools = context.ofType('AWS::Cognito::IdentityPool');
  if (pools.length === 0) return [];
  const attachments = context.ofType('AWS::Cognito::IdentityPoolRoleAttachment');
  return pools.map(({ id, span, properties }) => {
    const guests = get(properties, 'AllowUnauthenticatedIdentities');
    return {
      id,
      name: nameOf(get(properties, 'IdentityPoolName')),
      span,
      guests: orDefault(guests, booleanFact, false),
      guestsSpan: guests?.span ?? span,
      guestRole: guestRole(attachments.find((one) => names(one, id))),
      classicFlow: orDefault(get(properties, 'AllowClassicFlow'), booleanFact, false),
    };
  });
}

function names(attachment: Resource, pool: string): boolean {
  const id = get(attachment.properties, 'IdentityPoolId');
  return id?.kind === 'reference' && id.id === pool;
}

function guestRole(attachment: Resource | undefined): Fact<Link> | undefined {
  if (!attachment) return undefined;
  const roles = get(attachment.properties, 'Roles');
  if (!roles) return undefined;
  if (roles.kind !== 'map') return unknown('is not decided by the files', roles.span);
  const role = get(roles, 'unauthenticated');
  return role && !isNull(role) ? linkFact(role) : undefined;
}
