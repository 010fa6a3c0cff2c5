import type { Node } from '../../../project/index.ts';
import { join, type Plain, ref } from './nodes.ts';

/** The address under which API Gateway invokes a function. */
export function invocationUri(arn: Plain): Plain {
  return join('', [
    'arn:',
    ref('AWS::Partition'),
    ':apigateway:',
    ref('AWS::Region'),
    ':lambda:path/2015-03-31/functions/',
    arn,
    '/invocations',
  ]);
}

/** What a Lambda permission allows an API to call: `end` is `/*` followed by the method, or less. */
export function executeApiArn(api: Node, end: string): Plain {
  return join('', [
    'arn:',
    ref('AWS::Partition'),
    ':execute-api:',
    ref('AWS::Region'),
    ':',
    ref('AWS::AccountId'),
    ':',
    api,
    end,
  ]);
}
