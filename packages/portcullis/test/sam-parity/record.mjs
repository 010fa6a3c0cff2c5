// Records what the real AWS SAM transform makes of the fixtures, as JSON beside them. Needs a Python with aws-sam-translator and boto3:
// PORTCULLIS_SAM_PYTHON=/path/to/python node packages/portcullis/test/sam-parity/record.mjs [name ...]
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const python = process.env.PORTCULLIS_SAM_PYTHON;
if (!python) throw new Error('PORTCULLIS_SAM_PYTHON names no Python interpreter');
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'sam');
const wanted = process.argv.slice(2);
for (const file of readdirSync(fixtures)) {
  const name = file.replace(/\.yaml$/, '');
  if (name === file || (wanted.length > 0 && !wanted.includes(name))) continue;
  const arguments_ = [join(import.meta.dirname, 'transform.py'), join(fixtures, file)];
  try {
    writeFileSync(
      join(fixtures, `${name}.json`),
      // The transform writes sets in the order of their hashes.
      execFileSync(python, arguments_, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, PYTHONHASHSEED: '0' },
      }),
    );
  } catch (error) {
    console.error(`${name}: ${String(error.stderr).trim().split('\n').at(-1)}`);
    process.exitCode = 1;
  }
}
