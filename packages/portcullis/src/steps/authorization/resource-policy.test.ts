import { describe, expect, it } from 'vitest';
import { apiWith, routeWith, scalar, span, statementWith } from '../../../test/support/project.ts';
import { known, type PolicyStatement, unknown } from '../../project/index.ts';
import { policyVerdict } from './resource-policy.ts';

describe('what a resource policy says to strangers', () => {
  const condition = (operator: string, key: string, value: string) => ({
    operator,
    key,
    values: [scalar(value)],
    span,
  });
  const deny = (...conditions: PolicyStatement['conditions'][number][]) =>
    statementWith({ effect: known('Deny'), conditions });
  it.each<[string, readonly PolicyStatement[], string]>([
    ['no statement', [], 'absent'],
    ['Allow *', [statementWith({})], 'everyone'],
    [
      'Allow * over TLS only',
      [statementWith({ conditions: [condition('Bool', 'aws:SecureTransport', 'true')] })],
      'everyone',
    ],
    [
      'Allow from addresses',
      [statementWith({ conditions: [condition('IpAddress', 'aws:SourceIp', '203.0.113.0/24')] })],
      'narrowed',
    ],
    [
      'Allow from every address',
      [statementWith({ conditions: [condition('IpAddress', 'aws:SourceIp', '0.0.0.0/0')] })],
      'everyone',
    ],
    [
      'Allow but from some addresses',
      [statementWith({ conditions: [condition('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24')] })],
      'everyone',
    ],
    [
      'Allow for a client that says who it is',
      [statementWith({ conditions: [condition('StringLike', 'aws:Referer', 'https://example.com/*')] })],
      'everyone',
    ],
    [
      'Allow for one VPC endpoint, if there is one',
      [statementWith({ conditions: [condition('StringEqualsIfExists', 'aws:SourceVpce', 'vpce-1')] })],
      'everyone',
    ],
    [
      'Allow *, Deny all but a VPC endpoint',
      [statementWith({}), deny(condition('StringNotEquals', 'aws:SourceVpce', 'vpce-1'))],
      'narrowed',
    ],
    [
      'Allow *, Deny some addresses',
      [statementWith({}), deny(condition('IpAddress', 'aws:SourceIp', '203.0.113.0/24'))],
      'everyone',
    ],
    [
      'Allow from both halves of the internet',
      [
        statementWith({
          conditions: [
            {
              ...condition('IpAddress', 'aws:SourceIp', '0.0.0.0/1'),
              values: [scalar('0.0.0.0/1'), scalar('128.0.0.0/1')],
            },
          ],
        }),
      ],
      'everyone',
    ],
    [
      'Allow for all values of a key that strangers do not have',
      [statementWith({ conditions: [condition('ForAllValues:StringEquals', 'aws:SourceVpce', 'vpce-1')] })],
      'everyone',
    ],
    [
      'Deny for any value of a key that strangers do not have',
      [statementWith({}), deny(condition('ForAnyValue:StringNotEquals', 'aws:SourceVpce', 'vpce-1'))],
      'everyone',
    ],
    [
      'Allow *, Deny foreign addresses over plain HTTP',
      [
        statementWith({}),
        deny(
          condition('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'),
          condition('Bool', 'aws:SecureTransport', 'false'),
        ),
      ],
      'everyone',
    ],
    [
      'Allow *, Deny who is neither at an address nor at an endpoint',
      [
        statementWith({}),
        deny(
          condition('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24'),
          condition('StringNotEquals', 'aws:SourceVpce', 'vpce-1'),
        ),
      ],
      'narrowed',
    ],
    [
      'Allow *, Deny one account unless it is at an address',
      [
        statementWith({}),
        statementWith({
          effect: known('Deny'),
          principals: [known('123456789012')],
          conditions: [condition('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24')],
        }),
      ],
      'everyone',
    ],
    [
      'Allow *, Deny everything but invoking',
      [
        statementWith({}),
        statementWith({ effect: known('Deny'), actions: [], notActions: [known('execute-api:Invoke')] }),
      ],
      'undecided',
    ],
    [
      'Allow *, Deny all but everybody',
      [statementWith({}), statementWith({ effect: known('Deny'), principals: undefined, notPrincipals: [known('*')] })],
      'everyone',
    ],
    [
      'Allow *, Deny in one branch',
      [
        statementWith({}),
        {
          ...deny(condition('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24')),
          effect: { kind: 'either', condition: 'IsProd', options: [known('Deny'), unknown('is not there')] },
        },
      ],
      'undecided',
    ],
    [
      'Allow *, Deny on a resource that a parameter names',
      [
        statementWith({}),
        {
          ...deny(condition('NotIpAddress', 'aws:SourceIp', '203.0.113.0/24')),
          resources: [{ kind: 'unknown', source: 'parameter', reason: 'is a parameter', span }],
        },
      ],
      'undecided',
    ],
    ['Allow for an account', [statementWith({ principals: [known('123456789012')] })], 'narrowed'],
    ['Allow for whoever a parameter names', [statementWith({ principals: [unknown('is a parameter')] })], 'undecided'],
    ['Allow * for another action', [statementWith({ actions: [known('execute-api:ManageConnections')] })], 'narrowed'],
  ])('%s: %s', (_name, statements, expected) => {
    const api = apiWith({ resourcePolicy: known(statements) });
    expect(policyVerdict(api, routeWith({})).kind).toBe(expected);
  });

  it.each([
    ['execute-api:/*', 'everyone'],
    ['execute-api:/*/POST/orders', 'everyone'],
    ['execute-api:/*/*/orders', 'everyone'],
    ['execute-api:/prod/POST/*', 'everyone'],
    ['arn:aws:execute-api:eu-west-1:123456789012:abc/*/POST/ord*', 'everyone'],
    ['execute-api:/*/GET/orders', 'narrowed'],
    ['execute-api:/*/POST/customers', 'narrowed'],
    ['execute-api:/*/POST/orders/*', 'narrowed'],
  ])('a statement about %s says %s to POST /orders', (resource, expected) => {
    const statements = [statementWith({ resources: [scalar(resource)] })];
    expect(policyVerdict(apiWith({ resourcePolicy: known(statements) }), routeWith({})).kind).toBe(expected);
  });
});
