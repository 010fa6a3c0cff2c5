import { describe, expect, it } from 'vitest';
import { diskOf } from '../../test/support/memory-disk.ts';
import type { RunnerSettings } from '../exec/index.ts';
import type { ProgramEnd } from '../project/index.ts';
import type { Io } from './io.ts';
import { run } from './run.ts';

const secret = 'tkn-Zq81nVx0Lr5cTe';
const program = `export default {
  service: 'greetings',
  provider: { name: 'aws', runtime: 'nodejs22.x', environment: { MAIL_TOKEN: '${secret}' } },
  functions: { send: { handler: 'src/send.handler', events: [{ http: 'POST /greetings' }] } },
};
`;
const service = {
  service: 'greetings',
  provider: { name: 'aws', runtime: 'nodejs22.x', environment: { MAIL_TOKEN: secret } },
  functions: { send: { handler: 'src/send.handler', events: [{ http: 'POST /greetings' }] } },
};

interface Setting {
  readonly files?: Readonly<Record<string, string>>;
  readonly end?: ProgramEnd;
  readonly variables?: Readonly<Record<string, string>>;
  readonly built?: boolean;
}

const output = (write: (text: string) => void) => ({ write, isTerminal: false, columns: undefined });

async function portcullis(argv: readonly string[], setting: Setting = {}) {
  let stdout = '';
  let stderr = '';
  const settings: Omit<RunnerSettings, 'folder'>[] = [];
  const end: ProgramEnd = setting.end ?? {
    end: 'result',
    value: JSON.stringify(service),
    resolved: [],
    environment: {},
    missing: [],
  };
  const io: Io = {
    stdout: output((text) => {
      stdout += text;
    }),
    stderr: output((text) => {
      stderr += text;
    }),
    environment: { variables: setting.variables ?? {}, directory: '/project' },
    platform: 'linux',
    disk: diskOf(setting.files ?? { 'serverless.ts': program }),
    writeFile: () => undefined,
    git: () => ({ status: null, stdout: new Uint8Array(), stderr: '', problem: 'ENOENT' }),
    now: () => 0,
    clock: () => 0,
    ...(setting.built === false
      ? {}
      : {
          programs: (given) => {
            settings.push(given);
            return {
              run: (task) => {
                given.onRun(task.path);
                return end;
              },
            };
          },
        }),
  };
  const code = await run(argv, io, '1.2.3');
  return { code, stdout, stderr, settings };
}

describe('check --exec', () => {
  it('reads a program and says once that it was run', async () => {
    const { code, stdout, settings } = await portcullis(['check', '--exec']);
    expect(code).toBe(1);
    expect(stdout).toContain('POST /greetings has no authorizer');
    expect(stdout).toMatch(/serverless\.ts:4:\d+/);
    expect(stdout.match(/Code of the project was run \(--exec\): serverless\.ts\./g)).toHaveLength(1);
    expect(settings).toMatchObject([{ pass: [], seconds: 10, unfenced: false }]);
  });

  it.each(['pretty', 'json', 'sarif', 'markdown'])('shows no secret of a program in %s', async (format) => {
    const { stdout } = await portcullis(['check', '--exec', '--format', format]);
    expect(stdout).toContain('literal-secret');
    expect(stdout).not.toContain(secret);
  });

  it('runs nothing without it, and names it', async () => {
    const { code, stderr, settings } = await portcullis(['check']);
    expect(code).toBe(2);
    expect(stderr).toContain('NEEDS_EXECUTION');
    expect(stderr).toContain('Add --exec');
    expect(settings).toEqual([]);
  });

  it('says nothing of programs when none was run', async () => {
    const yml = 'service: x\nprovider: { name: aws }\nfunctions: { a: { handler: a.b } }\n';
    const { stdout } = await portcullis(['check', '--exec'], { files: { 'serverless.yml': yml } });
    expect(stdout).not.toContain('Code of the project');
  });

  it('passes its options on', async () => {
    const argv = ['check', '--exec', '--exec-env', 'A', '--exec-env=B', '--exec-timeout', '2.5', '--exec-unfenced'];
    const { settings } = await portcullis(argv, { variables: { A: '1', B: '2' } });
    expect(settings).toMatchObject([{ pass: ['A', 'B'], seconds: 2.5, unfenced: true, variables: { A: '1', B: '2' } }]);
  });

  it('reports a failure with exit code 2', async () => {
    const end: ProgramEnd = {
      end: 'failure',
      why: 'threw',
      message: 'Error: no',
      places: [{ path: '/project/serverless.ts', line: 3, column: 5 }],
      output: ['last line'],
      missing: [],
    };
    const { code, stdout, stderr } = await portcullis(['check', '--exec'], { end });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('EXECUTION_FAILED serverless.ts:3:5');
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('serverless.ts throws Error: no; it printed last: last line');
  });

  it.each([
    [['--exec-env', 'A'], '--exec-env has no effect without --exec'],
    [['--exec-timeout', '5'], '--exec-timeout has no effect without --exec'],
    [['--exec-unfenced'], '--exec-unfenced has no effect without --exec'],
    [['--exec', '--exec-timeout', '0'], '--exec-timeout is 0'],
    [['--exec', '--exec-timeout', 'soon'], '--exec-timeout is soon'],
    [['--exec', '--exec-timeout', '601'], '--exec-timeout is 601'],
    [['--exec', '--exec-timeout='], '--exec-timeout is empty'],
    [['--exec', '--exec-env', 'A=secret-value'], '--exec-env has something else than the name of a variable'],
    [['--exec', '--exec-env', 'MISSING'], 'the environment variable MISSING of --exec-env is not set'],
    [['--exec', '--since', 'main'], '--exec and --since are given together'],
  ])('%j is refused', async (argv, message) => {
    const { code, stderr, settings } = await portcullis(['check', ...argv]);
    expect(code).toBe(2);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    expect(stderr).not.toContain('secret-value');
    expect(settings).toEqual([]);
  });

  it('is refused where Portcullis is not built', async () => {
    const { code, stderr } = await portcullis(['check', '--exec'], { built: false });
    expect([code, stderr.includes('--exec does not work here')]).toEqual([2, true]);
  });
});
