import { type Api, get, known, mapFact, type RouteAuthorization, unknown } from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { corsConfiguration } from './cors.ts';
import { choiceFact } from './facts.ts';
import { functionLink } from './functions.ts';

/** AWS::Lambda::Url: an API with the one route `ANY /`. */
export function buildUrls(context: BuildContext): readonly Api[] {
  return context.ofType('AWS::Lambda::Url').map(({ id, span, properties }) => {
    const target = get(properties, 'TargetFunctionArn');
    const type = get(properties, 'AuthType');
    const authorization = type
      ? mapFact<'NONE' | 'AWS_IAM', RouteAuthorization>(choiceFact(type, ['NONE', 'AWS_IAM']), (choice) =>
          choice === 'NONE' ? { kind: 'none' } : { kind: 'iam' },
        )
      : unknown('has no AuthType', span);
    return {
      id,
      kind: 'url',
      name: undefined,
      span,
      endpoint: known('REGIONAL'),
      resourcePolicy: known([]),
      resourcePolicySpan: undefined,
      keySource: known('HEADER'),
      defaultEndpointDisabled: known(false),
      stages: [],
      routes: [
        {
          id: `${id} ANY /`,
          method: 'ANY',
          path: '/',
          span,
          integration: {
            kind: 'function',
            function: target ? functionLink(context, target) : unknown('names no function', span),
            span: target?.span ?? span,
          },
          authorization,
          scopes: known([]),
          apiKeyRequired: known(false),
          preflight: false,
        },
      ],
      unreadRoutes: [],
      cors: corsConfiguration(id, get(properties, 'Cors')),
    };
  });
}
