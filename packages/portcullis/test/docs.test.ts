import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Rule, type Step, snippetFor } from '../src/contract/index.ts';
import type { Format } from '../src/project/index.ts';
import { allRules, steps } from '../src/steps/index.ts';

// docs/rules is written from the rules themselves: `UPDATE_DOCS=1 npx vitest run packages/portcullis/test/docs.test.ts`.
const folder = fileURLToPath(new URL('../../../docs/rules/', import.meta.url));

function rulePage(rule: Rule): string {
  const snippet = (format: Format, title: string) => {
    const fix = snippetFor(rule.fix, format);
    return typeof fix === 'string'
      ? `**${title}**\n\n\`\`\`yaml\n${fix.trimEnd()}\n\`\`\`\n`
      : `**${title}**: does not apply: ${fix.notApplicable}\n`;
  };
  const { fsbp, owasp, cwe } = rule.mappings;
  const mapped = [
    ['AWS Foundational Security Best Practices', fsbp],
    ['OWASP API Security Top 10', owasp],
    ['CWE', cwe],
  ] as const;
  return [
    `## ${rule.id}`,
    `${rule.title}. Severity: ${rule.severity}.`,
    `**What an attacker does with it.** ${rule.attack}`,
    snippet('serverless', 'How to close it in serverless.yml').trimEnd(),
    snippet('cloudformation', 'How to close it in CloudFormation').trimEnd(),
    ...(rule.fix.sam === undefined ? [] : [snippet('sam', 'How to close it in SAM').trimEnd()]),
    `**Rests on**: ${rule.docs.map(({ title, url }) => `[${title}](${url})`).join(', ')}.`,
    mapped
      .filter(([, ids]) => ids.length > 0)
      .map(([name, ids]) => `${name}: ${ids.join(', ')}`)
      .join('. ')
      .concat('.'),
  ].join('\n\n');
}

function stepPage(step: Step): string {
  return `# ${step.title}: ${step.question}\n\n${step.rules.map(rulePage).join('\n\n')}\n`;
}

function indexPage(): string {
  const rows = steps.flatMap((step) =>
    step.rules.map(
      (rule) => `| [${rule.id}](${step.id}.md#${rule.id.replace('/', '')}) | ${rule.severity} | ${rule.title} |`,
    ),
  );
  return `# Rules\n\n${allRules.length} rules in five steps. \`portcullis explain RULE\` prints the same on the terminal.\n\n| rule | severity | what it finds |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

const pages = new Map([['README.md', indexPage()], ...steps.map((step) => [`${step.id}.md`, stepPage(step)] as const)]);

describe('docs/rules', () => {
  if (process.env['UPDATE_DOCS']) {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of pages) writeFileSync(folder + name, text);
  }

  it.each([...pages])('%s says what the rules say', (name, expected) => {
    expect(existsSync(folder + name), 'run with UPDATE_DOCS=1 to write it').toBe(true);
    expect(readFileSync(folder + name, 'utf8')).toBe(expected);
  });

  it('has no page that no step owns', () => {
    expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
  });
});

describe('the README', () => {
  const readme = readFileSync(fileURLToPath(new URL('../../../README.md', import.meta.url)), 'utf8');

  it.each(steps.map((step, index) => [step.id, step, index] as const))('is honest about %s', (id, step, index) => {
    const row = readme.split('\n').find((line) => line.startsWith(`| ${index + 1} `));
    const word = (part: object) =>
      'available' in part ? 'works' : 'notApplicable' in part ? 'has no meaning' : 'not yet';
    expect(row?.split('|').map((cell) => cell.trim())).toEqual([
      '',
      `${index + 1} ${id.replace('-', ' ')}`,
      step.question,
      'works',
      word(step.provision),
      word(step.gate),
      word(step.probes),
      '',
    ]);
  });
});

describe('decision records', () => {
  const decisions = fileURLToPath(new URL('../../../docs/decisions/', import.meta.url));
  it('are all listed', () => {
    const index = readFileSync(`${decisions}README.md`, 'utf8');
    for (const name of readdirSync(decisions).filter((entry) => entry !== 'README.md'))
      expect(index).toContain(`(${name})`);
  });
});
