// One check as a Lambda authorizer, in one small file for the function's archive.
export { basic } from '../authorize/basic.ts';
export { authorizer } from '../gateway/authorizer.ts';
export { hashPassword } from '../secret/password.ts';
