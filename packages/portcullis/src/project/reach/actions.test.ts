import { describe, expect, it } from 'vitest';
import { classify, expand, representativesOf } from './actions.ts';
import { managedPolicies } from './managed-policies.ts';
import { isIgnored, services } from './services.ts';

describe('what an action does', () => {
  it.each([
    ['dynamodb:GetItem', 'read'],
    ['dynamodb:BatchGetItem', 'read'],
    ['dynamodb:ConditionCheckItem', 'read'],
    ['dynamodb:PartiQLSelect', 'read'],
    ['dynamodb:BatchWriteItem', 'write'],
    ['dynamodb:PartiQLInsert', 'write'],
    ['s3:ListBucket', 'read'],
    ['s3:HeadObject', 'read'],
    ['s3:SelectObjectContent', 'read'],
    ['s3:DeleteObject', 'write'],
    ['sqs:ReceiveMessage', 'read'],
    ['sqs:DeleteMessage', 'write'],
    ['sns:Publish', 'write'],
    ['kms:Decrypt', 'read'],
    ['kms:GenerateDataKey', 'write'],
    ['ssm:GetParametersByPath', 'read'],
    ['secretsmanager:GetSecretValue', 'read'],
    ['cognito-idp:AdminGetUser', 'read'],
    ['cognito-idp:AdminListGroupsForUser', 'read'],
    ['cognito-idp:AdminSetUserPassword', 'write'],
    ['lambda:InvokeFunction', 'write'],
    ['states:StartExecution', 'write'],
    ['lambda:CheckpointDurableExecution', 'write'],
    ['sts:AssumeRole', 'write'],
    ['iam:PassRole', 'write'],
    ['es:ESHttpGet', 'read'],
    ['es:ESHttpPost', 'read,write'],
    ['es:ESHttpDelete', 'write'],
    ['rds-data:ExecuteStatement', 'read,write'],
    ['rds-db:connect', 'read,write'],
    ['appsync:GraphQL', 'read,write'],
    ['kinesis:SubscribeToShard', 'read'],
  ])('%s: %s', (action, expected) => {
    const [service = '', name = ''] = action.toLowerCase().split(':');
    expect(classify(service, name).join()).toBe(expected);
  });

  it.each([
    ['logs:PutLogEvents', true],
    ['xray:PutTraceSegments', true],
    ['ec2:CreateNetworkInterface', true],
    ['sts:GetCallerIdentity', true],
    ['ec2:TerminateInstances', false],
    ['sts:AssumeRole', false],
    ['dynamodb:GetItem', false],
  ])('%s is left out: %s', (action, expected) => {
    expect(isIgnored(action.toLowerCase())).toBe(expected);
  });

  it('stands for a pattern with the actions that match it, or with its verb', () => {
    expect(expand('dynamodb', 'getitem')).toEqual(['getitem']);
    expect(expand('dynamodb', 'batch*')).toEqual(['batchgetitem', 'batchwriteitem']);
    expect(expand('dynamodb', 'export*')).toEqual(['export']);
  });
});

describe('the tables', () => {
  it('name services once, each with actions that read or write', () => {
    expect(services.size).toBeGreaterThan(40);
    for (const service of services.keys()) {
      const kinds = new Set(representativesOf(service).flatMap((name) => classify(service, name)));
      expect([service, kinds.size > 0]).toEqual([service, true]);
    }
  });

  it('write managed policies as actions of a service', () => {
    expect(managedPolicies.size).toBeGreaterThan(70);
    for (const [name, { actions, except }] of managedPolicies) {
      expect([name, (actions === undefined) !== (except === undefined)]).toEqual([name, true]);
      for (const action of [...(actions ?? []), ...(except ?? [])]) {
        expect(action).toMatch(/^(?:\*|(?:\*|[a-z0-9-]+):[A-Za-z*]+)$/);
      }
    }
  });
});
