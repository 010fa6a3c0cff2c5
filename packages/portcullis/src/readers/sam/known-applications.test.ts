import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../test/support/template.ts';

const own = 'arn:aws:serverlessrepo:us-east-1:297356227824:applications/SecretsManagerRDSPostgreSQLRotationSingleUser';
const china = 'arn:aws-cn:serverlessrepo:cn-north-1:193023089310:applications/SecretsManagerMongoDBRotationMultiUser';
const foreign = own.replace('297356227824', '111122223333');

function unread(id: string, row = china): readonly string[] {
  return readTemplate(`
Transform: AWS::Serverless-2016-10-31
Mappings: { Applications: { aws: { id: '${own}' }, aws-cn: { id: '${row}' } } }
Resources:
  Rotation:
    Type: AWS::Serverless::Application
    Properties: { Location: { ApplicationId: ${id}, SemanticVersion: 1.1.671 } }
`).unread.map(({ what }) => what);
}

describe('applications of the repository', () => {
  it.each([
    ['a rotation function of AWS', own],
    ['one that a mapping gives for each partition', '!FindInMap [Applications, !Ref AWS::Partition, id]'],
  ])('%s hides nothing', (_, id) => {
    expect(unread(id)).toEqual([]);
  });

  it.each([
    ['the same name in another account', foreign, china],
    ['another application', own.replace('SingleUser', 'SingleUserApi'), china],
    ['an id that is not decided', '!Ref Elsewhere', china],
    ['a mapping with one foreign row', '!FindInMap [Applications, !Ref AWS::Partition, id]', foreign],
    ['a mapping that is not there', '!FindInMap [Nothing, !Ref AWS::Partition, id]', china],
  ])('%s may hide anything', (_, id, row) => {
    expect(unread(id, row)).toEqual(['AWS::Serverless::Application Rotation']);
  });
});
