/**
 * The bytes of a base64url text (RFC 7515 section 2: no padding, no line breaks, no white space), or undefined if it is not
 * the one text that encodes them. Node ignores foreign characters, takes the other alphabet and drops trailing bits; with a second
 * text for the same bytes a token could be changed without its signature noticing.
 */
export function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
