import { describe, expect, it } from 'vitest';
import { isPlainSetting } from './plain-setting.ts';

describe('isPlainSetting', () => {
  it.each([
    ['STAGE', 'prod'],
    ['STAGE', 'feature-123'],
    ['AWS_REGION', 'eu-central-1'],
    ['AWS_REGION', 'us-gov-west-1'],
    ['PRIVATE_ROUTES', ''],
    ['ENABLED', 'true'],
    ['MEMORY', '1024'],
    ['TABLE', 'orders-table-dev'],
    ['TABLE', 'ordersTable'],
    ['CONFIG', './config/prod.yml'],
    ['VERSION', 'v2'],
  ])('takes %s=%s', (name, value) => {
    expect(isPlainSetting(name, value)).toBe(true);
  });

  it.each([
    ['X', 'AKIAIOSFODNN7EXAMPLE'],
    ['X', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    ['X', 'ghp_016C7e2f3a4b5c6d7e8f901234567890abcd'],
    ['X', 'Tr0ub4dor&3'],
    ['X', 'postgres://app:hunter2@db/orders'],
    ['X', '9f86d081884c7d65'],
    ['X', '123456789012'],
    ['X', 'a\nb'],
    ['X', 'abcdefghijklmnop'],
    ['DB_PASSWORD', 'sunshine'],
    ['GITHUB_TOKEN', 'short'],
    ['CARD_PIN', '1234'],
    ['apiKey', 'acme'],
  ])('leaves %s=%s alone', (name, value) => {
    expect(isPlainSetting(name, value)).toBe(false);
  });
});
