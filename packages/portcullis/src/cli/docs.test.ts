import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { diskOf } from '../../test/support/memory-disk.ts';
import { checkOptions, commandNames } from './commands/help.ts';
import { run } from './run.ts';

// The examples are written by the command itself: `UPDATE_DOCS=1 npx vitest run packages/portcullis/src/cli/docs.test.ts`.
const path = fileURLToPath(new URL('../../../../docs/cli.md', import.meta.url));
const page = readFileSync(path, 'utf8');

/** The text inside the fence below `<!-- example: name -->`. */
function example(text: string, name: string): string {
  const found = new RegExp(`<!-- example: ${name} -->\\n\`\`\`[a-z]*\\n([^]*?)\`\`\``).exec(text);
  if (!found) throw new Error(`docs/cli.md has no example ${name}`);
  return found[1] ?? '';
}

async function outputOf(argv: readonly string[]): Promise<string> {
  let stdout = '';
  const output = (write: (text: string) => void) => ({ write, isTerminal: false, columns: undefined });
  await run(
    argv,
    {
      stdout: output((text) => {
        stdout += text;
      }),
      stderr: output((text) => {
        throw new Error(text);
      }),
      environment: { variables: { LANG: 'C.UTF-8' }, directory: '/project' },
      platform: 'linux',
      disk: diskOf({ 'serverless.yml': example(page, 'files').replace(/^# serverless\.yml\n/, '') }),
      writeFile: () => undefined,
      now: () => 0,
      git: () => ({ status: null, stdout: new Uint8Array(), stderr: '', problem: 'ENOENT' }),
      clock: () => 0,
    },
    '0.0.0',
  );
  return stdout;
}

const steps = ['--step', 'authorization,secrets'];
const pretty = `$ portcullis check ${steps.join(' ')}\n${await outputOf(['check', ...steps])}`;
const json = await outputOf(['check', '--step', 'authorization', '--format', 'json']);
const fresh = page.replace(example(page, 'pretty'), () => pretty).replace(example(page, 'json'), () => json);
if (process.env['UPDATE_DOCS']) writeFileSync(path, fresh);

describe('docs/cli.md', () => {
  it.each([
    ['pretty', pretty],
    ['json', json],
  ])('shows the %s report as it is printed', (name, printed) => {
    expect(example(process.env['UPDATE_DOCS'] ? fresh : page, name)).toBe(printed);
  });

  it('names every command and every option, and no other', () => {
    for (const name of commandNames) expect(page).toContain(`portcullis ${name}`);
    const rows = [...page.matchAll(/^\| `--([a-z-]+)[ `]/gm)].map((row) => row[1]);
    expect(rows).toEqual(Object.keys(checkOptions));
  });

  it('names every error code, and no other', () => {
    const source = readFileSync(new URL('../project/errors.ts', import.meta.url), 'utf8');
    const declared = [...source.matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map((match) => match[1] ?? '');
    expect(declared.length).toBeGreaterThan(10);
    const table = page.slice(page.indexOf('## Errors'));
    const documented = [...table.matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map((match) => match[1] ?? '');
    expect(documented.toSorted()).toEqual([...declared, 'PORTCULLIS_BROKE'].toSorted());
  });
});
