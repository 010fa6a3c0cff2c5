import { describe, expect, it } from 'vitest';
import { diskOf } from '../../test/support/memory-disk.ts';
import type { Report } from '../contract/index.ts';
import type { Io } from './io.ts';
import { run } from './run.ts';

const open = [
  'service: orders',
  'provider:',
  '  name: aws',
  '  runtime: nodejs20.x',
  'functions:',
  '  createOrder:',
  '    handler: src/orders.create',
  '    events:',
  '      - http: POST /orders',
  '',
].join('\n');

interface Setting {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  readonly clock?: () => number;
  readonly disk?: Partial<Io['disk']>;
  readonly writeFile?: Io['writeFile'];
}

async function portcullis(argv: readonly string[], setting: Setting = {}) {
  const { files = { 'serverless.yml': open }, variables = {}, terminal = false } = setting;
  const written = new Map<string, string>();
  let stdout = '';
  let stderr = '';
  const code = await run(
    argv,
    {
      stdout: {
        write: (text) => {
          stdout += text;
        },
        isTerminal: terminal,
        columns: terminal ? 80 : undefined,
      },
      stderr: {
        write: (text) => {
          stderr += text;
        },
        isTerminal: terminal,
        columns: terminal ? 80 : undefined,
      },
      environment: { variables, directory: '/project' },
      platform: 'linux',
      disk: { ...diskOf(files), ...setting.disk },
      writeFile: setting.writeFile ?? ((path, pieces) => written.set(path, [...pieces].join(''))),
      now: setting.clock ?? (() => 0),
      git: () => ({ status: null, stdout: new Uint8Array(), stderr: '', problem: 'ENOENT' }),
      clock: () => Date.UTC(2026, 10, 22, 9, 30),
    },
    '1.2.3',
  );
  return { code, stdout, stderr, written };
}

const reportOf = (text: string) => JSON.parse(text) as Report;

describe('check', () => {
  it('finds the open route of the current folder', async () => {
    const { code, stdout, stderr } = await portcullis(['check']);
    expect(code).toBe(1);
    expect(stderr).toBe('');
    expect(stdout).toContain('authorization/route-is-open');
    expect(stdout).toContain('serverless.yml:9:');
    expect(stdout).toMatch(/Exit code 1: \d+ errors? at or above --fail-on error\./);
  });

  it('gives the same bytes for the same input', async () => {
    for (const format of ['pretty', 'json', 'sarif']) {
      const first = await portcullis(['check', '--format', format]);
      const second = await portcullis(['check', '--format', format]);
      expect(second.stdout).toBe(first.stdout);
    }
  });

  it.each([
    ['never', 0],
    ['error', 1],
    ['warning', 1],
    ['note', 1],
  ])('--fail-on %s decides the exit code', async (level, expected) => {
    expect((await portcullis(['check', '--fail-on', level])).code).toBe(expected);
  });

  it('passes from the level of the worst finding on', async () => {
    const argv = ['check', '--step', 'deployment-bucket', '--format=json'];
    const { stdout, code } = await portcullis(argv);
    const severities = new Set(reportOf(stdout).findings.map((finding) => finding.severity));
    expect(severities).toContain('warning');
    expect(severities).not.toContain('error');
    expect(code).toBe(0);
    expect((await portcullis([...argv, '--fail-on', 'warning'])).code).toBe(1);
  });

  it.each([[['--step', 'secrets,deployment-bucket']], [['--step', 'secrets', '--step', 'deployment-bucket']]])(
    'checks only the steps of %j',
    async (argv) => {
      const { stdout } = await portcullis(['check', '--format', 'json', ...argv]);
      const steps = new Set(reportOf(stdout).findings.map((finding) => finding.step));
      expect([...steps].filter((step) => step !== 'secrets' && step !== 'deployment-bucket')).toEqual([]);
      expect(steps.size).toBeGreaterThan(0);
    },
  );

  it('compares the projects of a run', async () => {
    const named = open.replace('  name: aws\n', '  name: aws\n  deploymentBucket: acme-deployments\n');
    const files = { 'a/serverless.yml': named, 'b/serverless.yml': open };
    const argv = ['check', '--format', 'json', '--step', 'deployment-bucket'];
    const { stdout } = await portcullis(argv, { files });
    const differing = reportOf(stdout).findings.filter(({ rule }) => rule === 'deployment-bucket/buckets-differ');
    expect(differing.map(({ location }) => location.file)).toEqual(['b/serverless.yml']);
    const alone = await portcullis([...argv, 'b'], { files });
    expect(alone.stdout).not.toContain('buckets-differ');
  });

  it('resolves variables with --stage and --param', async () => {
    const files = {
      'serverless.yml': `${open}      - http: GET /\${param:name}-\${opt:stage, 'none'}\n`,
    };
    const argv = ['check', '--format', 'json', '--stage', 'prod', '--param', 'name=ab'];
    const { stdout } = await portcullis(argv, { files });
    const [project] = reportOf(stdout).projects;
    expect(project?.stage).toBe('prod');
    expect(project?.apis.flatMap((api) => api.routes.map((route) => route.path))).toContain('/ab-prod');
  });

  it('checks the other projects when one is broken, and says so with exit code 2', async () => {
    const files = { 'a/serverless.yml': 'service: [\n', 'b/serverless.yml': open };
    const { code, stdout, stderr } = await portcullis(['check'], { files });
    expect(code).toBe(2);
    expect(stdout).toContain('not checked SYNTAX a/serverless.yml');
    expect(stdout).toContain('authorization/route-is-open');
    expect(stdout).toContain('Exit code 2: 1 input could not be checked');
    expect(stderr).toBe('');
  });

  it.each([
    ['a folder without a project', { 'readme.txt': '' }, ['check'], 'NOTHING_TO_CHECK'],
    ['a path that is not there', { 'serverless.yml': open }, ['check', 'nowhere'], 'PATH_NOT_FOUND'],
    ['a binary file', { 'template.yml': new Uint8Array([65, 0, 66]) }, ['check', 'template.yml'], 'NOT_TEXT'],
    ['a broken file', { 'serverless.yml': 'a: b: c\n' }, ['check'], 'SYNTAX'],
  ])('never passes %s', async (_name, files, argv, errorCode) => {
    const pretty = await portcullis(argv, { files });
    expect(pretty.code).toBe(2);
    expect(pretty.stdout).toBe('');
    expect(pretty.stderr).toContain(errorCode);
    expect(pretty.stderr).not.toMatch(/^\s+at /m);
    const json = await portcullis([...argv, '--format', 'json'], { files });
    expect(json.code).toBe(2);
    expect(reportOf(json.stdout).errors.map((error) => error.code)).toEqual([errorCode]);
    expect(json.stderr).toBe(pretty.stderr);
  });

  it('writes the report to --output and a line to the screen', async () => {
    const direct = await portcullis(['check', '--format', 'json']);
    const { code, stdout, written } = await portcullis(['check', '--format', 'json', '--output', 'report.json']);
    expect(code).toBe(1);
    expect(written).toEqual(new Map([['/project/report.json', direct.stdout]]));
    expect(stdout).toMatch(
      /^\d+ errors?, \d+ warnings?, \d+ notes? in 1 project; report in report\.json; exit code 1\.\n$/,
    );
  });

  it('hides secrets in the frames of other steps too', async () => {
    const secret = 'hJ7-kq2Lw9_Zx4';
    const files = {
      'serverless.yml': open.replace('  runtime', `  environment:\n    DB_PASSWORD: ${secret}\n  runtime`),
    };
    for (const argv of [[], ['--step', 'deployment-bucket'], ['--step', 'authorization'], ['--format', 'json']]) {
      const { stdout } = await portcullis(['check', ...argv], { files });
      expect(stdout).toContain('serverless.yml');
      expect(stdout).not.toContain(secret);
    }
  });

  it('writes no colours to a file', async () => {
    const { written } = await portcullis(['check', '-o', 'r.txt'], { variables: { FORCE_COLOR: '1' } });
    expect(written.get('/project/r.txt')).not.toContain('\x1b');
  });

  it.each([
    ['gone/report.json', 'the folder of gone/report.json does not exist'],
    ['sub', 'sub is a folder'],
  ])('refuses --output %s before it reads anything', async (output, message) => {
    const files = { 'serverless.yml': open, 'sub/x': '' };
    const { code, stderr, stdout } = await portcullis(['check', '--output', output], { files });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('OUTPUT_UNWRITABLE');
    expect(stderr).toContain(message);
  });

  it('says why a report cannot be written', async () => {
    const { code, stderr } = await portcullis(['check', '--output', 'r.json'], {
      writeFile: () => {
        throw Object.assign(new Error('no'), { code: 'EACCES' });
      },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('r.json cannot be written (EACCES)');
  });

  it('shows progress only on a terminal and only when it takes long, and wipes it', async () => {
    const files = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`s${index}/serverless.yml`, open]));
    const slow = () => {
      let time = 0;
      return () => {
        time += 250;
        return time;
      };
    };
    const long = await portcullis(['check'], { files, terminal: true, clock: slow() });
    expect(long.stderr).toContain('checking 3 of 5: s2/serverless.yml');
    expect(long.stderr.endsWith('\r\x1b[2K')).toBe(true);
    expect((await portcullis(['check'], { files, terminal: true })).stderr).toBe('');
    expect((await portcullis(['check'], { files, clock: slow() })).stderr).toBe('');
  });

  it.each([
    [false, {}, false],
    [true, {}, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ])('terminal %s with %j: colour %s', async (terminal, variables, coloured) => {
    const { stdout } = await portcullis(['check'], { terminal, variables });
    expect(stdout.includes('\x1b[')).toBe(coloured);
  });

  it.each([
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'C' }, false],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
    [{}, false],
  ])('draws lines in the locale %j: %s', async (variables, unicode) => {
    expect((await portcullis(['check'], { variables })).stdout.includes('│')).toBe(unicode);
  });
});

describe('explain', () => {
  it('tells what a rule is about, by its id or its last part', async () => {
    const { code, stdout } = await portcullis(['explain', 'authorization/route-is-open']);
    expect(code).toBe(0);
    for (const part of [
      'authorization/route-is-open',
      'How to close it in serverless.yml',
      'in CloudFormation',
      'https://',
      'CWE-',
    ])
      expect(stdout).toContain(part);
    expect((await portcullis(['explain', 'route-is-open'])).stdout).toBe(stdout);
  });

  it.each([
    [['explain', 'authorization/route-is-opne'], 'Did you mean authorization/route-is-open'],
    [['explain', 'qqqqqqqqqqqqqqqqqqq'], 'portcullis rules lists all of them.'],
    [['explain'], 'no rule is named'],
    [['explain', 'a', 'b'], '2 rules are named'],
  ])('%j is refused', async (argv, message) => {
    const { code, stderr, stdout } = await portcullis(argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.replace(/\s+/g, ' ')).toContain(message);
  });
});

describe('rules', () => {
  it('lists every rule, for people and as JSON', async () => {
    const { stdout } = await portcullis(['rules']);
    const json = JSON.parse((await portcullis(['rules', '--format', 'json'])).stdout) as {
      id: string;
      title: string;
    }[];
    expect(json.length).toBeGreaterThanOrEqual(30);
    for (const { id, title } of json) {
      expect(stdout).toContain(id);
      expect(stdout).toContain(title);
    }
  });

  it('takes no rule', async () => {
    const { code, stderr } = await portcullis(['rules', 'x']);
    expect(code).toBe(2);
    expect(stderr).toContain('portcullis explain x');
  });
});

describe('the command line', () => {
  it.each([
    [['check', '--formt', 'json'], 'Did you mean --format?'],
    [['check', '--faill-on', 'error'], 'Did you mean --fail-on?'],
    [['check', '-x'], 'there is no option -x'],
    [['check', '--format', 'xml'], 'Did you mean html?'],
    [['check', '--format', 'jsn'], 'Did you mean json?'],
    [['check', '--fail-on', 'errors'], 'Did you mean error?'],
    [['check', '--step', 'usage-plan'], 'Did you mean usage-plans?'],
    [['check', '--step', 'secrets,'], '--step is empty'],
    [['check', '--stage'], '--stage has no value'],
    [['check', '--stage', '--format', 'json'], '--stage has no value'],
    [['check', '--stage', ''], '--stage is empty'],
    [['check', '--stage', 'a', '--stage', 'b'], '--stage is given twice'],
    [['check', '--param', 'novalue'], '--param has no "="'],
    [['check', '--help=yes'], '--help has the value yes'],
    [['check', '--output', ''], '--output is empty'],
    [['chek'], 'Did you mean portcullis check?'],
    [['serverless.yml'], 'Did you mean portcullis check serverless.yml?'],
    [['help', 'nothing'], 'there is no command nothing'],
    [['--constructor'], 'there is no option --constructor'],
    [['check', '--__proto__=1'], 'there is no option --__proto__'],
  ])('%j: %s', async (argv, message) => {
    const { code, stdout, stderr } = await portcullis(argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('OPTION_INVALID');
    expect(stderr.replace(/\s+/g, ' ')).toContain(message);
  });

  it('does not repeat a parameter that may be a secret', async () => {
    expect((await portcullis(['check', '--param', 'hunter2hunter2'])).stderr).not.toContain('hunter2');
  });

  it.each([
    [['--help']],
    [['help']],
    [['-h']],
    [['check', '--help']],
    [['explain', '-h']],
    [['rules', '--help']],
    [['help', 'check']],
  ])('%j shows help', async (argv) => {
    const { code, stdout, stderr } = await portcullis(argv);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: portcullis /);
    expect(stdout).toContain('--version');
  });

  it('is no success without a command', async () => {
    const { code, stdout, stderr } = await portcullis([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: portcullis COMMAND/);
  });

  it.each([[['--version']], [['-V']], [['check', '--version']]])('%j prints the version', async (argv) => {
    expect(await portcullis(argv)).toMatchObject({ code: 0, stdout: '1.2.3\n', stderr: '' });
  });

  it('takes what follows -- as a path', async () => {
    const { stderr } = await portcullis(['check', '--', '--odd']);
    expect(stderr).toContain('there is no file or folder --odd');
  });
});

describe('when Portcullis breaks', () => {
  const disk = {
    kind: () => {
      throw new TypeError('x is not a function\nsecond line');
    },
  };

  it('says so in one line, asks for a report, and exits with 3', async () => {
    const { code, stdout, stderr } = await portcullis(['check'], { disk });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^Portcullis broke: TypeError: x is not a function\. Please report it .*\n$/);
  });

  it('shows the stack with PORTCULLIS_DEBUG=1', async () => {
    const { stderr } = await portcullis(['check'], { disk, variables: { PORTCULLIS_DEBUG: '1' } });
    expect(stderr).toMatch(/^\s+at /m);
  });
});
