// One check as a Lambda authorizer, in one small file for the function's archive.
export { apiKey, makeApiKey } from '../authorize/api-key.ts';
export { authorizer } from '../gateway/authorizer.ts';
