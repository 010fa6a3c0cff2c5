import { describe, expect, it } from 'vitest';
import { SourceFile } from '../../project/index.ts';
import { sensitiveText } from './sensitive.ts';

const hidden = (path: string, text: string) =>
  sensitiveText(new SourceFile(path, text)).map(({ file, start, end }) => file.text.slice(start, end));

describe('source files in code frames', () => {
  it.each([
    ['src/a.ts', `const JWT_SECRET: string = 'orders-key-2024!';`, 'orders-key-2024!'],
    ['src/a.js', `if (event.authorizationToken === 'Zx81-spectrum') return allow();`, 'Zx81-spectrum'],
    ['src/a.py', `API_KEY = "kX3-orders-9fQ2-session"`, 'kX3-orders-9fQ2-session'],
    ['src/a.mjs', `const claims = jwt.verify(token, 'shhhhh');`, 'shhhhh'],
    ['src/a.js', `crypto.createHmac('sha256', 'letmein1')`, 'letmein1'],
    ['src/a.ts', `// password: hunter2-hunter2`, 'hunter2-hunter2'],
  ])('%s: %s', (path, line, secret) => {
    expect(hidden(path, `first line\n${line}\nlast line`)).toContain(secret);
  });

  it.each([
    ['src/a.ts', `const token = event.headers['Authorization'] ?? event.headers.authorization;`],
    ['src/a.ts', `const verifier = CognitoJwtVerifier.create({ tokenUse: 'access', userPoolId: process.env.POOL });`],
    ['src/a.py', `token = event["authorizationToken"].replace("Bearer ", "")`],
    ['src/a.js', `return generatePolicy('user', 'Allow', event.methodArn);`],
    ['src/a.js', `if (token === 'allow') console.log('has a token');`],
    ['src/a.js', `createHash('sha256').update(token, 'utf8')`],
  ])('nothing in %s: %s', (path, line) => {
    expect(hidden(path, line)).toEqual([]);
  });
});
