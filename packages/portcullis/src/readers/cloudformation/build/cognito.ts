import { get, type UserPool } from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { nameOf } from './names.ts';

export function buildUserPools(context: BuildContext): readonly UserPool[] {
  return context
    .ofType('AWS::Cognito::UserPool')
    .map(({ id, span, properties }) => ({ id, name: nameOf(get(properties, 'UserPoolName')), span }));
}
