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

/** A SAM application: one API, REST or HTTP, with a function for each route. */
function samApplication(index) {
  const guarded = index % 3 === 0;
  const http = index % 2 === 0;
  const users = guarded
    ? {
        Auth: {
          DefaultAuthorizer: 'Users',
          Authorizers: {
            Users: http
              ? {
                  IdentitySource: '$request.header.Authorization',
                  JwtConfiguration: {
                    issuer: { 'Fn::Sub': 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}' },
                    audience: ['orders'],
                  },
                }
              : { UserPoolArn: { 'Fn::GetAtt': ['Pool', 'Arn'] } },
          },
        },
      }
    : {};
  const result = {
    Api: {
      Type: http ? 'AWS::Serverless::HttpApi' : 'AWS::Serverless::Api',
      Properties: {
        StageName: { Ref: 'Stage' },
        ...users,
        AccessLogSettings: {
          DestinationArn: { 'Fn::GetAtt': ['Logs', 'Arn'] },
          Format: '$context.requestId $context.status',
        },
      },
    },
    Table: { Type: 'AWS::Serverless::SimpleTable', Properties: { PrimaryKey: { Name: 'id', Type: 'String' } } },
    Logs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': `files-${index}-\${AWS::AccountId}` } } },
  };
  if (guarded) result.Pool = { Type: 'AWS::Cognito::UserPool', Properties: { UserPoolName: `users-${index}` } };
  for (let number = 0; number < 4 + (index % 7); number += 1) {
    const event = {
      Path: number % 2 === 0 ? `/items${number}` : `/items${number}/{id}`,
      Method: verbs[number % verbs.length].toLowerCase(),
    };
    result[`Function${number}`] = {
      Type: 'AWS::Serverless::Function',
      Properties: {
        CodeUri: 'src',
        Handler: `handler${number}.run`,
        Description: `Answers ${event.Method} ${event.Path}`,
        Policies: [
          { DynamoDBCrudPolicy: { TableName: { Ref: 'Table' } } },
          { S3ReadPolicy: { BucketName: { Ref: 'Bucket' } } },
        ],
        Environment: { Variables: { TABLE: { Ref: 'Table' }, BUCKET: { Ref: 'Bucket' } } },
        Events: {
          Call: {
            Type: http ? 'HttpApi' : 'Api',
            Properties: { [http ? 'ApiId' : 'RestApiId']: { Ref: 'Api' }, ...event },
          },
        },
      },
    };
  }
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Transform: 'AWS::Serverless-2016-10-31',
    Description: `Application ${index}`,
    Globals: {
      Function: {
        Runtime: 'nodejs22.x',
        Timeout: 10,
        MemorySize: 256,
        Tracing: 'Active',
        Environment: { Variables: { STAGE: { Ref: 'Stage' }, LOG_LEVEL: 'info' } },
      },
    },
    Parameters: { Stage: { Type: 'String', Default: 'dev' } },
    Resources: result,
  };
}

/** A SAM application of which the code is at hand: a folder with `template.yml` and the sources of an authorizer and its routes. */
export function applicationWithCode(index) {
  const routes = Array.from({ length: 4 + (index % 4) }, (_, number) => number);
  const code = (name) => ({ CodeUri: 'src/', Handler: `${name}.handler`, Runtime: 'nodejs22.x' });
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Transform: 'AWS::Serverless-2016-10-31',
    Resources: {
      Api: {
        Type: 'AWS::Serverless::Api',
        Properties: {
          StageName: 'prod',
          Auth: {
            DefaultAuthorizer: 'Tokens',
            Authorizers: { Tokens: { FunctionArn: { 'Fn::GetAtt': ['Authorizer', 'Arn'] } } },
          },
        },
      },
      Authorizer: { Type: 'AWS::Serverless::Function', Properties: code('authorizer') },
      ...Object.fromEntries(
        routes.map((number) => [
          `Items${number}`,
          {
            Type: 'AWS::Serverless::Function',
            Properties: {
              ...code(`items${number}`),
              Events: {
                Call: {
                  Type: 'Api',
                  Properties: { RestApiId: { Ref: 'Api' }, Path: `/items${number}`, Method: 'get' },
                },
              },
            },
          },
        ]),
      ),
    },
  };
  const helpers = Array.from(
    { length: 30 },
    (_, number) => `/** Step ${number} of ${index}. */
function step${number}(value, { limit = ${number} } = {}) {
  const found = value.filter((one) => one.rank > limit).map((one) => ({ ...one, seen: true }));
  return found.length > 0 ? found : [{ rank: limit, reason: \`nothing above \${limit}\` }];
}
`,
  ).join('\n');
  return {
    'template.yml': yaml(template, 0),
    'src/tokens.js': `const jwt = require('jsonwebtoken');

exports.claimsOf = (header) => jwt.verify(header.replace('Bearer ', ''), process.env.PUBLIC_KEY, { algorithms: ['RS256'] });
`,
    'src/authorizer.js': `const { claimsOf } = require('./tokens');

${helpers}
exports.handler = async (event) => {
  const claims = claimsOf(event.authorizationToken);
  return {
    principalId: claims.sub,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }],
    },
  };
};
`,
    ...Object.fromEntries(
      routes.map((number) => [
        `src/items${number}.js`,
        `${helpers}
exports.handler = async (event) => {
  const owner = event.requestContext.authorizer.principalId;
  return { statusCode: 200, body: JSON.stringify(step${number}([{ rank: ${index}, owner }])) };
};
`,
      ]),
    ),
  };
}

const fields = ['id', 'name', 'street', 'town', 'country', 'created', 'changed', 'note'];

/** A REST API whose routes stand in an OpenAPI document in `Body`, with schemas and descriptions as such documents have them. */
function openApiTemplate(index) {
  const guarded = index % 3 === 0;
  const paths = {};
  const schemas = {};
  const functions = {};
  for (let number = 0; number < 3 + (index % 6); number += 1) {
    const schema = { $ref: `#/components/schemas/Item${number}` };
    const operation = (verb, kept) => ({
      operationId: `${verb}Item${number}`,
      summary: `What ${verb} does with an item of kind ${number}`,
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      ...(verb === 'put' ? { requestBody: { content: { 'application/json': { schema } } } } : {}),
      responses: {
        200: { description: 'The item', content: { 'application/json': { schema } } },
        404: { description: 'There is no such item' },
      },
      ...(kept ? { security: [{ users: [] }] } : {}),
      'x-amazon-apigateway-integration': {
        type: 'aws_proxy',
        httpMethod: 'POST',
        uri: {
          'Fn::Sub': `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Function${number}.Arn}/invocations`,
        },
      },
    });
    paths[`/items${number}/{id}`] = { get: operation('get', guarded), put: operation('put', guarded) };
    schemas[`Item${number}`] = {
      type: 'object',
      required: ['id'],
      properties: Object.fromEntries(fields.map((name) => [name, { type: 'string', description: `The ${name}` }])),
    };
    functions[`Function${number}`] = {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: `src/handler${number}.run`,
        Runtime: 'nodejs22.x',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { S3Bucket: 'artifacts', S3Key: `service-${index}/${number}.zip` },
      },
    };
  }
  const all = resources(index);
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Described service ${index}`,
    Resources: {
      Api: {
        Type: 'AWS::ApiGateway::RestApi',
        Properties: {
          Body: {
            openapi: '3.0.1',
            info: { title: `Items ${index}`, version: '1.0' },
            paths,
            components: {
              schemas,
              ...(guarded
                ? {
                    securitySchemes: {
                      users: {
                        type: 'apiKey',
                        name: 'Authorization',
                        in: 'header',
                        'x-amazon-apigateway-authtype': 'cognito_user_pools',
                        'x-amazon-apigateway-authorizer': {
                          type: 'cognito_user_pools',
                          providerARNs: [{ 'Fn::GetAtt': ['Pool', 'Arn'] }],
                        },
                      },
                    },
                  }
                : {}),
            },
          },
        },
      },
      Role: all.Role,
      Table: all.Table,
      Bucket: all.Bucket,
      ...(guarded ? { Pool: all.Pool } : {}),
      ...functions,
    },
  };
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
    .map(([name, item]) => [/^\w[\w-]*$/.test(name) && !/^\d/.test(name) ? name : JSON.stringify(name), item])
    .map(([key, item]) =>
      Array.isArray(item) && item.length === 0
        ? `${pad}${key}: []\n`
        : typeof item === 'object' && !isShort(item)
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

export function yamlSam(index) {
  return yaml(samApplication(index), 0);
}

export function yamlOpenApi(index) {
  return yaml(openApiTemplate(index), 0);
}
