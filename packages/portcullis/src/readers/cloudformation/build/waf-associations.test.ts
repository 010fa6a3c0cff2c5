import { describe, expect, it } from 'vitest';
import { readFiles } from '../../../../test/support/read.ts';
import { type Project, valueOf } from '../../../project/index.ts';

const prefix = 'arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis';

function targetOf(template: string): string {
  const { project } = readFiles({ 'template.yml': template });
  const target = (project as Project).webAclAssociations[0]?.target;
  if (target?.kind !== 'known') return target?.kind ?? 'none';
  const value = valueOf(target);
  return value?.kind === 'stage' ? `${value.api} ${value.stage}` : `${value?.kind}`;
}

const withStage = (arn: string, name: string) => `Parameters:
  Named: { Type: String, Default: prod }
  Env: { Type: String }
Resources:
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: orders } }
  Get: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, Integration: { Type: MOCK } } }
  Stage: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Api, StageName: ${name} } }
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      WebACLArn: arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/a/1
      ResourceArn: ${arn}
`;

const withSam = (arn: string, name: string) => `Transform: AWS::Serverless-2016-10-31
Parameters: { Named: { Type: String, Default: prod } }
Resources:
  Api: { Type: AWS::Serverless::Api, Properties: { StageName: ${name} } }
  Get:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: a.b
      CodeUri: .
      Events:
        Own: { Type: Api, Properties: { Path: /orders, Method: get, RestApiId: !Ref Api } }
        Implicit: { Type: Api, Properties: { Path: /orders, Method: get } }
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      WebACLArn: arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/a/1
      ResourceArn: ${arn}
`;

describe('the stage that an association names', () => {
  it.each([
    ['a reference to the stage', `!Sub '${prefix}/\${Api}/stages/\${Stage}'`, 'prod', 'Api prod'],
    ['its name', `!Sub arn:aws:apigateway:\${AWS::Region}::/restapis/\${Api}/stages/prod`, 'prod', 'Api prod'],
    ['a parameter with a default', `!Sub '${prefix}/\${Api}/stages/\${Named}'`, '!Ref Named', 'Api prod'],
    ['the same parameter without one', `!Sub '${prefix}/\${Api}/stages/\${Env}'`, '!Ref Env', 'Api ${Env}'],
    ['a name that is put together', `!Sub '${prefix}/\${Api}/stages/v1-\${Env}'`, '!Sub "v1-${Env}"', 'Api v1-${Env}'],
    [
      'a reference to a stage named by a parameter',
      `!Sub '${prefix}/\${Api}/stages/\${Stage}'`,
      '!Ref Env',
      'Api ${Env}',
    ],
    [
      'names of its own in Fn::Sub',
      `!Sub ['arn:aws:apigateway:\${AWS::Region}::/restapis/\${A}/stages/\${S}', { A: !Ref Api, S: !Ref Stage }]`,
      'prod',
      'Api prod',
    ],
    [
      'Fn::Join of pieces',
      `!Join ['', ['arn:aws:apigateway:', !Ref 'AWS::Region', '::/restapis/', !Ref Api, '/stages/', !Ref Stage]]`,
      'prod',
      'Api prod',
    ],
    [
      'Fn::Join by slashes',
      `!Join ['/', [!Sub 'arn:aws:apigateway:\${AWS::Region}::', restapis, !Ref Api, stages, !Ref Stage]]`,
      'prod',
      'Api prod',
    ],
    [
      'Fn::Join by colons',
      `!Join [':', [arn, !Ref 'AWS::Partition', apigateway, !Ref 'AWS::Region', '', !Sub '/restapis/\${Api}/stages/\${Stage}']]`,
      'prod',
      'Api prod',
    ],
    [
      'Fn::Join in Fn::Join',
      `!Join ['', ['arn:aws:apigateway:', !Ref 'AWS::Region', !Join ['', ['::/restapis/', !Ref Api, '/stages/', prod]]]]`,
      'prod',
      'Api prod',
    ],
    ['the attribute of the API', `!Sub '${prefix}/\${Api.RestApiId}/stages/\${Stage}'`, 'prod', 'Api prod'],
    [
      'an account in the ARN',
      `!Sub 'arn:aws:apigateway:\${AWS::Region}:\${AWS::AccountId}:/restapis/\${Api}/stages/\${Stage}'`,
      'prod',
      'Api prod',
    ],
    [
      'the long form over several lines',
      `\n        Fn::Sub: >-\n          ${prefix}/\${Api}/stages/\${Stage}`,
      'prod',
      'Api prod',
    ],
    ['another name', `!Sub '${prefix}/\${Api}/stages/test'`, 'prod', 'Api test'],
    ['a parameter that is not the name of the stage', `!Sub '${prefix}/\${Api}/stages/\${Env}'`, 'prod', 'unknown'],
    ['no stage', `!Ref Stage`, 'prod', 'unknown'],
  ])('%s', (_name, arn, stage, expected) => {
    expect(targetOf(withStage(arn, stage))).toBe(expected);
  });

  it.each([
    ['a name', `!Sub '${prefix}/\${Api}/stages/prod'`, 'prod', 'Api prod'],
    ['the logical id that SAM makes', `!Sub '${prefix}/\${Api}/stages/\${ApiprodStage}'`, 'prod', 'Api prod'],
    ["SAM's attribute", `!Sub '${prefix}/\${Api}/stages/\${Api.Stage}'`, 'prod', 'Api prod'],
    [
      "SAM's attribute of an API named by a parameter",
      `!Sub '${prefix}/\${Api}/stages/\${Api.Stage}'`,
      '!Ref Named',
      'Api prod',
    ],
    [
      "SAM's attribute in Fn::Join",
      `!Join ['', ['arn:aws:apigateway:', !Ref AWS::Region, '::/restapis/', !Ref Api, '/stages/', !Ref Api.Stage]]`,
      'prod',
      'Api prod',
    ],
    ['the implicit API', `!Sub '${prefix}/\${ServerlessRestApi}/stages/Prod'`, 'prod', 'ServerlessRestApi Prod'],
    [
      'the stage of the implicit API',
      `!Sub '${prefix}/\${ServerlessRestApi}/stages/\${ServerlessRestApiProdStage}'`,
      'prod',
      'ServerlessRestApi Prod',
    ],
  ])('in SAM: %s', (_name, arn, stage, expected) => {
    expect(targetOf(withSam(arn, stage))).toBe(expected);
  });
});
