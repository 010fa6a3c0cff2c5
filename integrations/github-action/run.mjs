// What action.yml runs. Inputs come as environment variables, never as parts of a shell command: a branch may have any name.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const input = (name) => process.env[`PORTCULLIS_${name}`]?.trim() ?? '';
const installed = resolve('node_modules/portcullis/bin/portcullis.cjs');

function portcullis(args, output) {
  const useInstalled = input('VERSION') === 'installed';
  if (useInstalled && !existsSync(installed))
    stop(`there is no portcullis in ${resolve('node_modules')}`, 'Install it in a step before, or name a version.');
  const [command, ...first] = useInstalled
    ? [process.execPath, installed]
    : ['npx', '--yes', `portcullis@${input('VERSION')}`];
  const { status, stdout, error } = spawnSync(command, [...first, 'check', ...args], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', output === 'inherit' ? 'inherit' : 'pipe', 'inherit'],
  });
  if (error || status === null) stop(`portcullis did not start: ${error?.message ?? 'it was ended'}`, 'See the log.');
  return { status, stdout };
}

function stop(found, next) {
  process.stdout.write(`::error title=Portcullis::${found}. ${next}\n`);
  process.exit(3);
}

/** The revision to compare with; empty to check everything. */
function baseRevision() {
  const since = input('SINCE');
  if (since === '' || since === 'off') return '';
  if (since !== 'auto') return since;
  const path = process.env.GITHUB_EVENT_PATH;
  if (!/^pull_request(_target)?$/.test(process.env.GITHUB_EVENT_NAME ?? '') || !path) return '';
  return JSON.parse(readFileSync(path, 'utf8')).pull_request?.base?.sha ?? '';
}

function write(variable, text) {
  const file = process.env[variable];
  if (file) appendFileSync(file, text);
}

if (!/^(installed|latest|\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?)$/.test(input('VERSION')))
  stop('the input version is no version', 'Write installed, latest or a number like 0.1.0.');

const option = (name, value) => (value === '' ? [] : [`--${name}=${value}`]);
const paths = input('PATHS')
  .split('\n')
  .map((path) => path.trim())
  .filter((path) => path !== '');
const base = baseRevision();
const common = [
  ...option('stage', input('STAGE')),
  ...option('step', input('STEPS')),
  ...(base === '' ? option('baseline', input('BASELINE')) : []),
  ...(input('EXEC') === 'true' ? ['--exec'] : []),
];
const where = ['--', ...(paths.length === 0 ? ['.'] : paths)];
const compared = option('since', base);

const failOn = option('fail-on', input('FAIL_ON'));
const { status } = portcullis([...compared, '--format=github', ...failOn, ...common, ...where], 'inherit');

// SARIF always says how everything stands: code scanning compares by itself, and would take a difference for the whole.
if (input('SARIF') !== '')
  portcullis(['--format=sarif', `--output=${input('SARIF')}`, '--fail-on=never', ...common, ...where], 'pipe');

const { stdout } = portcullis([...compared, '--format=markdown', '--fail-on=never', ...common, ...where], 'pipe');
const comment = join(mkdtempSync(join(process.env.RUNNER_TEMP ?? '/tmp', 'portcullis-')), 'comment.md');
appendFileSync(comment, stdout);
if (input('SUMMARY') !== 'false') write('GITHUB_STEP_SUMMARY', stdout);
write('GITHUB_OUTPUT', `exit-code=${status}\ncomment=${comment}\n`);
process.exit(status);
