import { describe, expect, it } from 'vitest';
import { type Algorithm, algorithms, isAlgorithm, isSymmetric } from '../src/token/algorithms.ts';
import { hasValidSignature, parseToken } from '../src/token/jws.ts';
import { readKeySet, selectKey } from '../src/token/key-set.ts';
import { corpus } from './support/corpora.ts';

interface Vector {
  tcId: number;
  comment: string;
  jws?: unknown;
  result: 'valid' | 'invalid';
}
interface Group {
  comment: string;
  public?: { keys?: unknown[] };
  private: { keys?: unknown[] };
  tests: Vector[];
}
interface Suite {
  numberOfTests: number;
  testGroups: Group[];
}

/** Signature, algorithm and key as the verifier judges them; the vectors carry no claims. */
function accepts(token: unknown, keys: unknown, accepted: readonly Algorithm[]): boolean {
  const set = readKeySet(keys);
  if (typeof token !== 'string' || !set) return false;
  const parsed = parseToken(token, new Set(accepted));
  if (typeof parsed === 'string') return false;
  const key = selectKey(set, parsed.header.kid, parsed.header.alg);
  return typeof key !== 'string' && hasValidSignature(parsed, key);
}

const all = Object.keys(algorithms).filter(isAlgorithm);
const lists = [all.filter(isSymmetric), all.filter((name) => !isSymmetric(name))];

/** Marked valid by the suite, refused here, each with its reason. */
const stricter: Record<string, string> = {
  'json_web_signature_test 346':
    'the key is one for PS256, the token says PS384: a key has one algorithm (RFC 8725 section 3.1)',
  'json_web_signature_test 350': 'the same with key_ops',
  'json_web_signature_test 347': 'the key names an algorithm that does not exist, ES521',
  'json_web_signature_test 351': 'the same with key_ops',
  'json_web_signature_test 372': 'a question mark in the header is no base64url (RFC 7515 section 2)',
  'json_web_signature_test 373': 'the same in the payload',
};

/** Marked invalid by the suite, accepted here. */
const defective: Record<string, string> = {
  'json_web_signature_test 367':
    'byte for byte the token of case 357, which is valid: the padding it is about got lost in the file',
  'json_web_signature_test 370': 'the same',
};

describe.each([
  ['json_web_signature_test', 401, 42],
  ['json_web_key_test', 26, 5],
  ['json_web_crypto_test', 49, 4],
] as const)('Wycheproof %s', (name, cases, valid) => {
  const suite = corpus(`wycheproof/${name}.json`) as Suite | undefined;
  it.skipIf(suite === undefined)(
    suite
      ? 'accepts nothing invalid and everything valid of a supported algorithm'
      : '../shared/corpora/wycheproof is absent',
    () => {
      const wrong: string[] = [];
      let ran = 0;
      let accepted = 0;
      for (const group of suite?.testGroups ?? [])
        for (const { tcId, comment, jws, result } of group.tests) {
          if (jws === undefined) continue;
          ran++;
          const keys = group.public ?? group.private;
          const document = keys.keys ? keys : { keys: [keys] };
          const ok = lists.some((list) => accepts(jws, document, list));
          if (ok) accepted++;
          const id = `${name} ${tcId}`;
          const expected = result === 'valid' ? !Object.hasOwn(stricter, id) : Object.hasOwn(defective, id);
          if (ok !== expected) wrong.push(`${tcId} ${group.comment} ${comment}: ${ok ? 'accepted' : 'refused'}`);
        }
      expect(wrong).toEqual([]);
      // Vectors of encryption (jwe) are not counted.
      expect({ ran, accepted }).toEqual({ ran: cases, accepted: valid });
    },
  );
});

describe('RFC 7520, the JOSE cookbook', () => {
  const names = [
    '4_1.rsa_v15_signature',
    '4_2.rsa-pss_signature',
    '4_3.ecdsa_signature',
    '4_4.hmac-sha2_integrity_protection',
  ];
  const files = names.map(
    (name) =>
      corpus(`rfc7520-cookbook/jws/${name}.json`) as
        | { input: { key: Record<string, unknown> }; output: { compact: string } }
        | undefined,
  );
  const absent = files.includes(undefined);
  it.skipIf(absent)(
    absent ? '../shared/corpora/rfc7520-cookbook is absent' : 'verifies every example in compact form',
    () => {
      const verdicts = files.map((file) => {
        const { d: _private, ...key } = file?.input.key ?? {};
        return lists.some((list) => accepts(file?.output.compact, { keys: [key] }, list));
      });
      expect(verdicts).toEqual([true, true, true, true]);
    },
  );
  it.skipIf(absent)('refuses a published private key, detached content and b64=false', () => {
    const [rsa] = files;
    expect(accepts(rsa?.output.compact, { keys: [rsa?.input.key] }, all)).toBe(false);
    for (const path of ['jws/4_5.signature_with_detached_content', 'rfc7797/hmac-sha2_b64_false']) {
      const file = corpus(`rfc7520-cookbook/${path}.json`) as
        | { input: { key: unknown }; output: { compact?: string } }
        | undefined;
      expect(accepts(file?.output.compact, { keys: [file?.input.key] }, all)).toBe(false);
    }
  });
});
