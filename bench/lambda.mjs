// What a check costs: verification beside the bare crypto.verify, the size of each entry, and how long a fresh process takes to load it.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../packages/lambda/dist/', import.meta.url));
if (!existsSync(`${dist}jwt.js`)) throw new Error('packages/lambda is not built: npm run build');
const { jwt } = await import(`${dist}jwt.js`);

const issuer = 'https://issuer.example/';
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** Microseconds per call, the median of several rounds that take turns with those of the other. */
async function compare(ours, bare) {
  const rounds = { ours: [], bare: [] };
  const round = async (call) => {
    const started = process.hrtime.bigint();
    for (let i = 0; i < 1_000; i++) await call();
    return Number(process.hrtime.bigint() - started) / 1e6;
  };
  for (let i = 0; i < 9; i++) {
    rounds.bare.push(await round(bare));
    rounds.ours.push(await round(ours));
  }
  return { ours: median(rounds.ours), bare: median(rounds.bare) };
}

const keys = {
  RS256: [generateKeyPairSync('rsa', { modulusLength: 2048 }), 'sha256', {}],
  ES256: [generateKeyPairSync('ec', { namedCurve: 'prime256v1' }), 'sha256', { dsaEncoding: 'ieee-p1363' }],
  EdDSA: [generateKeyPairSync('ed25519'), null, {}],
};
console.log('| algorithm | jwt() | crypto.verify | ratio |\n| --- | ---: | ---: | ---: |');
for (const [alg, [{ publicKey, privateKey }, hash, options]] of Object.entries(keys)) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    aud: 'orders',
    sub: 'auth0|5f7c8ec7c33c6c004bbafe82',
    iat: now,
    exp: now + 3600,
    azp: 'my_client_id',
    scope: 'openid profile orders/read orders/write',
  };
  const input = [{ alg, typ: 'JWT', kid: 'k1' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign(hash, Buffer.from(input), { key: privateKey, ...options });
  const token = `Bearer ${input}.${signature.toString('base64url')}`;
  const check = jwt({
    issuer,
    audience: 'orders',
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg }] },
  });
  const credentials = { header: () => [token] };
  if (!(await check.authenticate(credentials)).allowed) throw new Error(`${alg}: the token was refused`);
  const bytes = Buffer.from(input);
  const { ours, bare } = await compare(
    () => check.authenticate(credentials),
    async () => verify(hash, bytes, { key: publicKey, ...options }, signature),
  );
  console.log(`| ${alg} | ${ours.toFixed(1)} µs | ${bare.toFixed(1)} µs | ${(ours / bare).toFixed(2)} |`);
}

const load = (file) =>
  median(
    Array.from({ length: 9 }, () =>
      Number(
        execFileSync(
          process.execPath,
          [
            '-e',
            'const t=process.hrtime.bigint();require(process.argv[1]);console.log(Number(process.hrtime.bigint()-t)/1e6)',
            file,
          ],
          {
            encoding: 'utf8',
          },
        ),
      ),
    ),
  );
const crypto = load('node:crypto');
console.log('\n| entry | minified | loads in | of that node:crypto |\n| --- | ---: | ---: | ---: |');
for (const name of ['jwt', 'cognito', 'basic', 'api-key', 'with-authorization', 'index'])
  console.log(
    `| ${name} | ${(statSync(`${dist}${name}.cjs`).size / 1024).toFixed(1)} KB | ${load(`${dist}${name}.cjs`).toFixed(1)} ms | ${crypto.toFixed(1)} ms |`,
  );
console.log('');
