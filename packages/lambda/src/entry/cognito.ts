// One check as a Lambda authorizer, in one small file for the function's archive.
export { cognito } from '../authorize/cognito.ts';
export { authorizer } from '../gateway/authorizer.ts';
