import { common, type OptionSpec } from '../options.ts';

/** Options of `check`, with the words that help and docs/cli.md use. */
export const checkOptions: Readonly<Record<string, OptionSpec>> = {
  stage: { value: 'NAME', help: 'stage to resolve variables for (default: the one of the file)' },
  param: { value: 'KEY=VALUE', repeatable: true, help: 'a ${param:KEY}, as the framework takes it; may be repeated' },
  step: { value: 'STEP', repeatable: true, help: 'only these steps; may be repeated or a comma list' },
  format: {
    value: 'FORMAT',
    short: 'f',
    help: 'pretty (default), json, sarif, junit, github, gitlab, markdown or html',
  },
  output: { value: 'FILE', short: 'o', help: 'write the report to FILE and one line to the screen' },
  compiled: { value: undefined, help: 'check what services compiled to (.serverless, cdk.out) and where it differs' },
  since: { value: 'REV', help: 'only what the files let through that they did not at REV (a branch, tag or commit)' },
  baseline: { value: 'FILE', help: 'findings that stand in FILE do not count, unless they got worse' },
  'write-baseline': { value: 'FILE', help: 'write the findings to FILE; with --baseline only those that stand there' },
  'strict-suppressions': {
    value: undefined,
    help: 'decisions in the files count only when the approver file has them',
  },
  approvers: { value: 'FILE', help: 'the approver file (default: .portcullis/approvers.yml in the repository)' },
  exec: { value: undefined, help: 'run programs of the project: serverless.js, serverless.ts, file(x.js)' },
  'exec-env': {
    value: 'NAME',
    repeatable: true,
    help: 'give such programs this environment variable; may be repeated',
  },
  'exec-timeout': { value: 'SECONDS', help: 'end such a program after this time (default: 10)' },
  'exec-unfenced': { value: undefined, help: 'let such programs write files and start other programs' },
  'fail-on': { value: 'LEVEL', help: 'exit 1 from this level on: error (default), warning, note or never' },
};

export const rulesOptions: Readonly<Record<string, OptionSpec>> = {
  format: { value: 'FORMAT', short: 'f', help: 'pretty (default) or json' },
};

export const commandNames = ['check', 'explain', 'rules', 'help'] as const;
export type CommandName = (typeof commandNames)[number];

interface Usage {
  readonly line: string;
  readonly about: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly more: readonly string[];
}

const exitCodes = [
  'Exit codes',
  '  0  nothing at or above the level of --fail-on',
  '  1  findings at or above it',
  '  2  the request or the input is wrong, or there was nothing to check',
  '  3  Portcullis itself broke',
];

const usages: Readonly<Record<CommandName, Usage>> = {
  check: {
    line: 'portcullis check [PATH...] [options]',
    about:
      'Reads serverless.yml and CloudFormation and says which of the five gates is open: authorization, usage-plans, firewall, secrets, deployment-bucket. PATH is a file or a folder, which is walked for projects; the default is the current folder. Nothing of a project is executed unless --exec is given.',
    options: checkOptions,
    more: exitCodes,
  },
  explain: {
    line: 'portcullis explain RULE',
    about: 'Says what an attacker does with what the rule finds, how to close it, and what it rests on.',
    options: {},
    more: ['Example', '  portcullis explain authorization/route-is-open'],
  },
  rules: {
    line: 'portcullis rules [--format json]',
    about: 'Lists all rules with their severity.',
    options: rulesOptions,
    more: [],
  },
  help: {
    line: 'portcullis COMMAND',
    about: 'Checks that a serverless API on AWS is closed.',
    options: {},
    more: [
      'Commands',
      '  check [PATH...]   say which of the five gates is open, where, and how to close it',
      '  explain RULE      what an attacker does with it, how to close it, the documentation',
      '  rules             all rules',
      '  help [COMMAND]    this text, or the options of a command',
      '',
      ...exitCodes,
    ],
  },
};

export function helpText(command: CommandName, fold: (text: string) => readonly string[]): string {
  const { line, about, options, more } = usages[command];
  const rows = Object.entries({ ...options, ...common }).map(([name, { value, short, help }]) => ({
    left: `${short ? `-${short}, ` : '    '}--${name}${value === undefined ? '' : ` ${value}`}`,
    help,
  }));
  const width = Math.max(...rows.map((row) => row.left.length));
  return [
    `Usage: ${line}`,
    '',
    ...fold(about),
    '',
    'Options',
    ...rows.map((row) => `  ${row.left.padEnd(width)}  ${row.help}`),
    ...(more.length > 0 ? ['', ...more] : []),
    '',
  ].join('\n');
}
