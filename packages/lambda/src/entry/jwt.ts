// One check as a Lambda authorizer, in one small file for the function's archive.
export { jwt } from '../authorize/jwt.ts';
export { authorizer } from '../gateway/authorizer.ts';
