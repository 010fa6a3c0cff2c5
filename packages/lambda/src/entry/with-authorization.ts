// For a handler that guards itself, beside the entry of its check.
export { withAuthorization } from '../gateway/with-authorization.ts';
