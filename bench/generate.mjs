// Templates as they are met in the wild: a REST API with a few methods, functions, roles, tables, a bucket, a queue. Deterministic by index.
const verbs = ['GET', 'POST', 'PUT', 'DELETE'];

function resources(index) {
  const guarded = index % 3 === 0;
  const result = {
    Api: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: { Name: `service-${index}`, EndpointConfiguration: { Types: ['REGIONAL'] } },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        Policies: [
          {
            PolicyName: 'data',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
                  Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
                },
                { Effect: 'Allow', Action: 's3:GetObject', Resource: { 'Fn::Sub': '${Bucket.Arn}/*' } },
              ],
            },
          },
        ],
      },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      },
    },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': `files-${index}-\${AWS::AccountId}` } } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 + (index % 10) } },
  };
  if (guarded) {
    result.Authorizer = {
      Type: 'AWS::ApiGateway::Authorizer',
      Properties: {
        Name: 'users',
        Type: 'COGNITO_USER_POOLS',
        RestApiId: { Ref: 'Api' },
        IdentitySource: 'method.request.header.Authorization',
        ProviderARNs: [{ 'Fn::GetAtt': ['Pool', 'Arn'] }],
      },
    };
    result.Pool = { Type: 'AWS::Cognito::UserPool', Properties: { UserPoolName: `users-${index}` } };
  }
  for (let number = 0; number < 3 + (index % 5); number += 1) {
    result[`Function${number}`] = {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: `src/handler${number}.run`,
        Runtime: 'nodejs22.x',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { S3Bucket: 'artifacts', S3Key: `service-${index}/${number}.zip` },
        Environment: { Variables: { TABLE: { Ref: 'Table' }, LOG_LEVEL: 'info', STAGE: { Ref: 'Stage' } } },
      },
    };
    result[`Resource${number}`] = {
      Type: 'AWS::ApiGateway::Resource',
      Properties: {
        RestApiId: { Ref: 'Api' },
        ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
        PathPart: `items${number}`,
      },
    };
    result[`Method${number}`] = {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: { Ref: 'Api' },
        ResourceId: { Ref: `Resource${number}` },
        HttpMethod: verbs[number % verbs.length],
        ...(guarded
          ? { AuthorizationType: 'COGNITO_USER_POOLS', AuthorizerId: { Ref: 'Authorizer' } }
          : { AuthorizationType: 'NONE' }),
        Integration: {
          Type: 'AWS_PROXY',
          IntegrationHttpMethod: 'POST',
          Uri: {
            'Fn::Sub': `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Function${number}.Arn}/invocations`,
          },
        },
      },
    };
  }
  return result;
}

function template(index) {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Service ${index}`,
    Parameters: { Stage: { Type: 'String', Default: 'dev' } },
    Resources: resources(index),
  };
}

export function jsonTemplate(index) {
  return JSON.stringify(template(index), null, 2);
}

const short = { Ref: '!Ref', 'Fn::GetAtt': '!GetAtt', 'Fn::Sub': '!Sub' };

/** Block style with short intrinsics, as people write it. */
function yaml(value, indent) {
  const pad = ' '.repeat(indent);
  if (Array.isArray(value))
    return value
      .map((item) =>
        typeof item === 'object' && !isShort(item)
          ? `${pad}- ${yaml(item, indent + 2).trimStart()}`
          : `${pad}- ${scalar(item)}\n`,
      )
      .join('');
  return Object.entries(value)
    .map(([key, item]) =>
      typeof item === 'object' && !isShort(item)
        ? `${pad}${key}:\n${yaml(item, indent + 2)}`
        : `${pad}${key}: ${scalar(item)}\n`,
    )
    .join('');
}

const isShort = (value) =>
  typeof value === 'object' && Object.keys(value).length === 1 && Object.keys(value)[0] in short;

function scalar(value) {
  if (typeof value !== 'object')
    return typeof value === 'string' && !/^[A-Za-z][\w ./-]*$/.test(value) ? JSON.stringify(value) : String(value);
  const [[name, content]] = Object.entries(value);
  return `${short[name]} ${Array.isArray(content) ? content.join('.') : name === 'Fn::Sub' ? JSON.stringify(content) : content}`;
}

export function yamlTemplate(index) {
  return yaml(template(index), 0);
}
