import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import AjvDraft4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';

// The official schema, as Microsoft publishes it with its own SARIF test tool.
const schema = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
    'utf8',
  ),
) as object;
const root = fileURLToPath(new URL('../../../', import.meta.url));
const sarif = (path: string): unknown => {
  const { stdout } = spawnSync(
    process.execPath,
    ['packages/portcullis/bin/portcullis.cjs', 'check', path, '--format', 'sarif'],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  return JSON.parse(stdout);
};

const ajv = new AjvDraft4.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv as never);
const validate = ajv.compile(schema);

describe('SARIF output', () => {
  it.each(['examples/orders', 'examples/orders-guarded', 'examples', 'package.json'])(
    'of %s is valid SARIF 2.1.0',
    (path) => {
      expect(validate(sarif(path)), JSON.stringify(validate.errors?.slice(0, 5))).toBe(true);
    },
  );

  it('is refused by the schema when it is not SARIF (the validator does look)', () => {
    expect(validate({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
  });
});
