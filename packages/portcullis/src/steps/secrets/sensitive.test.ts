import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceFile } from '../../project/index.ts';
import { sensitiveText } from './sensitive.ts';

const hidden = (path: string, text: string) => {
  const file = new SourceFile(path, text);
  return sensitiveText(file).map(({ start, end }) => text.slice(start, end));
};

describe('sensitiveText in programs', () => {
  it.each([
    ["apiKey: '9dK2mQ4xT7vB1nL8sW5y',", '9dK2mQ4xT7vB1nL8sW5y'],
    ['const DB_PASSWORD = "Spring-Delivery-88!";', 'Spring-Delivery-88!'],
    ['const KEY = "9dK2mQ4xT7vB1nL8sW5y";', '9dK2mQ4xT7vB1nL8sW5y'],
    ["apiKey: process.env.API_KEY ?? '9dK2mQ4xT7vB1nL8sW5y'", '9dK2mQ4xT7vB1nL8sW5y'],
    ["headers['x-api-key'] = '9dK2mQ4xT7vB1nL8sW5y'", '9dK2mQ4xT7vB1nL8sW5y'],
    ["'clientSecret': `9dK2mQ4xT7vB1nL8sW5y`", '9dK2mQ4xT7vB1nL8sW5y'],
    ['// password: Spring-Delivery-88!', 'Spring-Delivery-88!'],
    ["  jwtSecret:\n    'Spring-Delivery-88!',", 'Spring-Delivery-88!'],
    ["const password: string = 'Spring Delivery 88'", 'Spring Delivery 88'],
  ])('%s', (text, value) => {
    expect(hidden('serverless.ts', text).join('\n')).toContain(value);
  });

  it.each([
    'const apiKey = process.env.API_KEY;',
    "const handler = 'src/orders.create';",
    "secretName: 'orders/db'",
    "SecretId: 'orders/db-AbCdEf'",
    "password: '${ssm:/orders/db/password}'",
    "import { getSecret } from '@orders/secrets';",
    "tokenUrl: 'https://auth.orders.io/token'",
  ])('shows %s', (text) => {
    expect(hidden('serverless.ts', text)).toEqual([]);
  });

  it('leaves the strings of YAML to the tree', () => {
    expect(hidden('serverless.yml', "apiKey: '9dK2mQ4xT7vB1nL8sW5y'")).toEqual([]);
  });

  it('gives ranges inside the text, in time that does not grow with its quotes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', "'", '`', '\\', 'a', ' ', '=', 'password', '\n') }),
        (text) => {
          for (const { start, end } of sensitiveText(new SourceFile('a.ts', text))) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
    );
  });
});
