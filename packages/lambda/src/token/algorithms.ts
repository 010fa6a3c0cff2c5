import { constants } from 'node:crypto';

interface Family {
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'oct';
  readonly hash: string | undefined;
  readonly curve?: string;
  /** Bytes of a signature, where the algorithm fixes it. */
  readonly length?: number;
  readonly padding?: number;
}

const pss = constants.RSA_PKCS1_PSS_PADDING;

/** RFC 7518 section 3.1, RFC 8037, RFC 9864. `EdDSA` means Ed25519 here; `none` and Ed448 have no entry. */
export const algorithms = {
  RS256: { kty: 'RSA', hash: 'sha256' },
  RS384: { kty: 'RSA', hash: 'sha384' },
  RS512: { kty: 'RSA', hash: 'sha512' },
  PS256: { kty: 'RSA', hash: 'sha256', padding: pss },
  PS384: { kty: 'RSA', hash: 'sha384', padding: pss },
  PS512: { kty: 'RSA', hash: 'sha512', padding: pss },
  ES256: { kty: 'EC', hash: 'sha256', curve: 'P-256', length: 64 },
  ES384: { kty: 'EC', hash: 'sha384', curve: 'P-384', length: 96 },
  ES512: { kty: 'EC', hash: 'sha512', curve: 'P-521', length: 132 },
  EdDSA: { kty: 'OKP', hash: undefined, curve: 'Ed25519', length: 64 },
  Ed25519: { kty: 'OKP', hash: undefined, curve: 'Ed25519', length: 64 },
  HS256: { kty: 'oct', hash: 'sha256', length: 32 },
  HS384: { kty: 'oct', hash: 'sha384', length: 48 },
  HS512: { kty: 'oct', hash: 'sha512', length: 64 },
} as const satisfies Record<string, Family>;

export type Algorithm = keyof typeof algorithms;

export const isAlgorithm = (name: unknown): name is Algorithm =>
  typeof name === 'string' && Object.hasOwn(algorithms, name);

export const familyOf = (algorithm: Algorithm): Family => algorithms[algorithm];

export const isSymmetric = (algorithm: Algorithm): boolean => algorithms[algorithm].kty === 'oct';

/** Every algorithm with a public key: whoever can verify cannot sign. */
export const asymmetric: readonly Algorithm[] = Object.keys(algorithms)
  .filter(isAlgorithm)
  .filter((name) => !isSymmetric(name));
