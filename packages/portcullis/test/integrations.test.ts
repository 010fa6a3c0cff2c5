import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

// The action and the hook as their definitions say, run as the runner and pre-commit run them, in a repository of a user.
const root = fileURLToPath(new URL('../../../', import.meta.url));
const open =
  'service: orders\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions:\n  create:\n    handler: a.b\n    events:\n      - http: POST /orders\n';
const empty =
  'service: orders\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions:\n  create:\n    handler: a.b\n';
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-integration-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'packages/portcullis'), join(folder, 'node_modules/portcullis'));
  writeFileSync(join(folder, '.gitignore'), 'node_modules\n');
  git('init', '--quiet', '--initial-branch=main');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=dev', '-c', 'user.email=dev@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' });
}

function commit(text: string): string {
  writeFileSync(join(folder, 'serverless.yml'), text);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'a state');
  return git('rev-parse', 'HEAD').trim();
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly steps: readonly [{ readonly run: string; readonly env: Readonly<Record<string, string>> }];
  };
}

/** Runs the one step of action.yml with its inputs put in as the runner does. */
function action(
  inputs: Readonly<Record<string, string>>,
  event: { name: string; payload?: object } = { name: 'push' },
) {
  const { inputs: known, outputs, runs } = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;
  for (const name of Object.keys(inputs)) if (!(name in known)) throw new Error(`action.yml has no input ${name}`);
  const [step] = runs.steps;
  const given = Object.entries(step.env).map(([variable, expression]) => {
    const name = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(expression)?.[1] ?? '';
    return [variable, inputs[name] ?? String(known[name]?.default)];
  });
  for (const name of ['output', 'summary', 'event.json']) writeFileSync(join(folder, '.git', name), '');
  writeFileSync(join(folder, '.git/event.json'), JSON.stringify(event.payload ?? {}));
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', step.run],
    {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        ...Object.fromEntries(given),
        GITHUB_ACTION_PATH: root,
        GITHUB_EVENT_NAME: event.name,
        GITHUB_EVENT_PATH: join(folder, '.git/event.json'),
        GITHUB_OUTPUT: join(folder, '.git/output'),
        GITHUB_STEP_SUMMARY: join(folder, '.git/summary'),
        RUNNER_TEMP: join(folder, '.git'),
      },
    },
  );
  const written = Object.fromEntries(
    readFileSync(join(folder, '.git/output'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('=')),
  ) as Record<string, string>;
  for (const name of Object.keys(written)) expect(Object.keys(outputs)).toContain(name);
  return { status, stdout, stderr, written, summary: readFileSync(join(folder, '.git/summary'), 'utf8') };
}

describe('the GitHub Action', () => {
  it('annotates, writes SARIF, a summary and a comment, and fails on errors', () => {
    commit(open);
    const { status, stdout, written, summary } = action({ version: 'installed', sarif: 'out.sarif' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error file=serverless\.yml,line=7,.*POST \/orders has no authorizer/m);
    expect(JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8')).runs[0].results.length).toBeGreaterThan(0);
    expect(summary).toContain('## Portcullis: gates are open');
    expect(written['exit-code']).toBe('1');
    expect(readFileSync(String(written['comment']), 'utf8')).toBe(summary);
  });

  it('says of a pull request only what it opens', () => {
    const base = commit(open);
    git('checkout', '--quiet', '-b', 'topic');
    commit(open.replace('POST /orders\n', 'POST /orders\n      - http: DELETE /orders\n'));
    const event = { name: 'pull_request', payload: { pull_request: { base: { sha: base } } } };
    const { status, stdout, summary } = action({ version: 'installed' }, event);
    expect(status).toBe(1);
    expect(stdout.match(/^::/gm)).toHaveLength(1);
    expect(stdout).toContain('This change opens DELETE /orders to everyone');
    expect(summary).toContain('<!-- portcullis since -->');
    expect(action({ version: 'installed', since: 'off' }, event).stdout).toContain('POST /orders has no authorizer');
  });

  it('passes a pull request that opens nothing, however open the service was', () => {
    const base = commit(open);
    git('checkout', '--quiet', '-b', 'topic');
    commit(`# a comment\n${open}`);
    const event = { name: 'pull_request', payload: { pull_request: { base: { sha: base } } } };
    expect(action({ version: 'installed' }, event).status).toBe(0);
  });

  it('takes paths, steps and levels, and no input is run as a command', () => {
    commit(empty);
    expect(action({ version: 'installed', steps: 'authorization', 'fail-on': 'warning' }).status).toBe(0);
    const hostile = '$(touch pwned)`touch pwned`; touch pwned';
    expect(action({ version: 'installed', paths: hostile }).status).toBe(2);
    expect(action({ version: 'installed', stage: hostile }).status).toBe(0);
    expect(action({ version: hostile }).status).toBe(3);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });

  it('says how to go on where nothing is installed', () => {
    rmSync(join(folder, 'node_modules'), { recursive: true });
    const { status, stdout } = action({ version: 'installed' });
    expect({ status, stdout }).toEqual({ status: 3, stdout: expect.stringContaining('Install it in a step before') });
  });
});

describe('the pre-commit hooks', () => {
  interface Hook {
    readonly id: string;
    readonly entry: string;
    readonly language: string;
    readonly pass_filenames: boolean;
    readonly files: string;
  }
  const hooks = parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8')) as readonly Hook[];

  /** pre-commit resolves the entry of a script in the checkout of the hook and runs it in the repository of the user. */
  function run(id: string, ...args: string[]) {
    const hook = hooks.find((candidate) => candidate.id === id);
    if (hook?.language !== 'script' || hook.pass_filenames) throw new Error(`${id} is run otherwise`);
    const [entry = '', ...first] = hook.entry.split(' ');
    const { status, stdout } = spawnSync(join(root, entry), [...first, ...args], { cwd: folder, encoding: 'utf8' });
    return { status, stdout };
  }

  it('stop a commit with open gates and let one without pass', () => {
    commit(open);
    expect(run('portcullis')).toMatchObject({ status: 1, stdout: expect.stringContaining('POST /orders') });
    commit(empty);
    expect(run('portcullis', '--step=authorization').status).toBe(0);
  });

  it('stop a commit that opens something', () => {
    commit(empty);
    writeFileSync(join(folder, 'serverless.yml'), open);
    expect(run('portcullis-since')).toMatchObject({ status: 1, stdout: expect.stringContaining('opens POST /orders') });
  });

  it.each([
    ['serverless.yml', true],
    ['services/a/serverless.ts', true],
    ['serverless.mjs', true],
    ['cfn/api.template', true],
    ['template.yaml', true],
    ['functions/orders.yml', true],
    ['cdk.out/S.template.json', true],
    ['src/orders.ts', false],
    ['README.md', false],
  ])('run for %s: %s', (file, expected) => {
    for (const { files } of hooks) expect(new RegExp(files).test(file)).toBe(expected);
  });
});
