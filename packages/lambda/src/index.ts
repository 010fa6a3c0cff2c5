export { type ApiKeyOptions, type ApiKeyRecord, apiKey, makeApiKey } from './authorize/api-key.ts';
export { type BasicOptions, basic, type User } from './authorize/basic.ts';
export { type CognitoOptions, cognito } from './authorize/cognito.ts';
export { allOf, anyOf } from './authorize/compose.ts';
export {
  type Allowed,
  type Challenge,
  type Check,
  type Credentials,
  type Decision,
  type Principal,
  type RefusalCode,
  type Refused,
  refusalCodes,
} from './authorize/decision.ts';
export { type JwtOptions, jwt } from './authorize/jwt.ts';
export {
  type Authorizer,
  type AuthorizerOptions,
  authorizer,
  type PolicyAnswer,
  type SimpleAnswer,
} from './gateway/authorizer.ts';
export type { RouteRule, Routes } from './gateway/routes.ts';
export {
  type RefusalResponse,
  type WithAuthorizationOptions,
  withAuthorization,
} from './gateway/with-authorization.ts';
export { hashPassword } from './secret/password.ts';
export type { Source } from './secret/source.ts';
export type { Algorithm } from './token/algorithms.ts';
export type { Fetch } from './token/fetch-json.ts';
export type { KeyCacheOptions, Ports } from './token/remote-keys.ts';
