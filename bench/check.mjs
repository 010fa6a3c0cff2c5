// `portcullis check` beside the least that any checker must do: start Node and parse the same files with the `yaml` package.
// Every run alternates between the contestants, so that a busy machine slows them alike. Only ratios are worth quoting.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applicationWithCode, jsonTemplate, yamlOpenApi, yamlSam, yamlTemplate } from './generate.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
// Another build of the command can be measured with this one's benchmark.
const bin = process.env.PORTCULLIS_BIN ?? join(root, 'packages/portcullis/bin/portcullis.cjs');
const service = join(root, 'examples/orders/serverless.yml');
const babelPackage = join(root, 'node_modules/@babel/parser/lib/index.js');
const yamlPackage = join(root, 'node_modules/yaml/dist/index.js');

function run(args, expected, env = {}, cwd = root) {
  const started = process.hrtime.bigint();
  const child = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
  if (!expected.includes(child.status))
    throw new Error(`${args.join(' ')} ended with ${child.status}: ${child.stderr.slice(0, 500)}`);
  return { milliseconds, stderr: child.stderr };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Runs the contestants in turn and returns the median of each. */
function race(rounds, contestants) {
  const times = contestants.map(() => []);
  for (let round = 0; round < rounds + 1; round += 1) {
    contestants.forEach((contestant, index) => {
      const { milliseconds } = run(contestant.args, contestant.expected ?? [0], contestant.env, contestant.cwd);
      if (round > 0) times[index].push(milliseconds); // the first round warms the disk cache
    });
  }
  return times.map(median);
}

function print(title, names, times, base) {
  console.log(title);
  for (const [index, name] of names.entries()) {
    console.log(
      `  ${name.padEnd(42)} ${times[index].toFixed(1).padStart(8)} ms   ${(times[index] / times[base]).toFixed(2)}x`,
    );
  }
  console.log('');
}

const parseOne = `const{readFileSync}=require('node:fs');require(${JSON.stringify(yamlPackage)}).parse(readFileSync(${JSON.stringify(service)},'utf8'),{logLevel:'silent'})`;
{
  const contestants = [
    { args: ['-e', parseOne] },
    { args: [bin, 'check', service], expected: [1] },
    { args: [bin, 'check', service, '--format', 'json'], expected: [1] },
    { args: ['-e', '0'] },
    { args: [bin, 'check', service], expected: [1], env: { NODE_DISABLE_COMPILE_CACHE: '1' } },
  ];
  const times = race(25, contestants);
  const names = [
    'node + yaml.parse of the same file',
    'portcullis check (pretty)',
    'portcullis check --format json',
    'bare node -e 0',
    'portcullis check (pretty), no code cache',
  ];
  print('One typical service (examples/orders), whole process, cold:', names, times, 0);
  console.log(
    `  ratio to node + yaml: ${(times[1] / times[0]).toFixed(2)}   ratio to bare node: ${(times[1] / times[3]).toFixed(2)}\n`,
  );
}

const work = mkdtempSync(join(tmpdir(), 'portcullis-bench-'));
try {
  const fill = (name, count, make, extension) => {
    const folder = join(work, name);
    mkdirSync(folder);
    let bytes = 0;
    for (let index = 0; index < count; index += 1) {
      const text = make(index);
      bytes += text.length;
      writeFileSync(join(folder, `stack-${String(index).padStart(5, '0')}.${extension}`), text);
    }
    return { folder, bytes };
  };
  const yamlTemplates = fill('yaml', 1000, yamlTemplate, 'yml');
  const jsonTemplates = fill('json', 1000, jsonTemplate, 'json');
  const moreJson = fill('more-json', 4000, jsonTemplate, 'json');
  const parseAll = (folder) =>
    `const{readFileSync,readdirSync}=require('node:fs');const{parse}=require(${JSON.stringify(yamlPackage)});for(const name of readdirSync(${JSON.stringify(folder)}))if(/\\.(yml|json)$/.test(name))parse(readFileSync(${JSON.stringify(folder)}+'/'+name,'utf8'),{logLevel:'silent'})`;
  const output = join(work, 'report.json');
  const check = (folder) => [bin, 'check', folder, '--format', 'json', '--output', output, '--fail-on', 'never'];
  {
    const times = race(3, [{ args: ['-e', parseAll(yamlTemplates.folder)] }, { args: check(yamlTemplates.folder) }]);
    print(
      `1,000 YAML templates of ${(yamlTemplates.bytes / 1e6).toFixed(1)} KB on average:`,
      ['node + yaml.parse of the same files', 'portcullis check, all rules'],
      times,
      0,
    );
    const report = JSON.parse(readFileSync(output, 'utf8'));
    console.log(
      `  ${report.projects.length} projects, ${report.findings.length} findings, ${report.errors.length} errors\n`,
    );
  }
  for (const [what, make] of [
    ['SAM applications', yamlSam],
    ['templates with an OpenAPI document', yamlOpenApi],
  ]) {
    const { folder, bytes } = fill(what.replaceAll(' ', '-'), 250, make, 'yml');
    const times = race(2, [{ args: ['-e', parseAll(folder)] }, { args: check(folder) }]);
    print(
      `250 ${what} of ${(bytes / 250e3).toFixed(1)} KB on average:`,
      ['node + yaml.parse of the same files', 'portcullis check, all rules'],
      times,
      0,
    );
  }
  {
    const folder = join(work, 'code');
    const [templates, sources] = [[], []];
    for (let index = 0; index < 100; index += 1) {
      for (const [name, text] of Object.entries(applicationWithCode(index))) {
        const path = join(folder, `service-${index}`, name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
        (name === 'template.yml' ? templates : sources).push(path);
      }
    }
    const list = join(work, 'code.json');
    writeFileSync(list, JSON.stringify({ templates, sources }));
    const parseCode = `const{readFileSync}=require('node:fs');const yaml=require(${JSON.stringify(yamlPackage)});const babel=require(${JSON.stringify(babelPackage)});const{templates,sources}=JSON.parse(readFileSync(${JSON.stringify(list)},'utf8'));for(const path of templates)yaml.parse(readFileSync(path,'utf8'),{logLevel:'silent'});for(const path of sources)babel.parse(readFileSync(path,'utf8'),{sourceType:'unambiguous'})`;
    const times = race(2, [{ args: ['-e', parseCode] }, { args: check(folder) }]);
    print(
      `100 SAM applications with ${sources.length} files of JavaScript:`,
      ['node + yaml.parse + @babel/parser of the same', 'portcullis check, code read'],
      times,
      0,
    );
  }
  {
    const { folder } = fill('since', 250, yamlTemplate, 'yml');
    const git = (...args) => {
      const child = spawnSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
      if (child.status !== 0) throw new Error(`git ${args[0]} ended with ${child.status}: ${child.stderr}`);
    };
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'before');
    for (const number of ['00001', '00100', '00200'])
      appendFileSync(
        join(folder, `stack-${number}.yml`),
        '  Address:\n    Type: AWS::Lambda::Url\n    Properties:\n      TargetFunctionArn: !GetAtt Function0.Arn\n      AuthType: NONE\n',
      );
    const since = [bin, 'check', '.', '--since', 'HEAD', '--format', 'json', '--output', output, '--fail-on', 'never'];
    const times = race(2, [{ args: ['-e', parseAll(folder)] }, { args: since, cwd: folder }]);
    print(
      '250 YAML templates, 3 of them changed, check --since HEAD:',
      ['node + yaml.parse of the same files, once', 'portcullis check --since'],
      times,
      0,
    );
  }
  {
    const [time] = race(3, [{ args: check(jsonTemplates.folder) }]);
    console.log(
      `1,000 JSON templates of ${(jsonTemplates.bytes / 1e6).toFixed(1)} KB on average: ${Math.round(1e6 / time)} templates a second\n`,
    );
  }
  {
    // Peak memory of the process itself, without the report, which grows with what it says.
    const peak = (folder) => {
      const script = `process.argv.splice(1,0,'portcullis');process.on('exit',()=>process.stderr.write('\\npeak='+process.resourceUsage().maxRSS));await import(${JSON.stringify(bin)})`;
      const { stderr } = run(
        [
          '--input-type=module',
          '-e',
          script,
          'check',
          folder,
          '--format',
          'json',
          '--output',
          output,
          '--fail-on',
          'never',
        ],
        [0],
      );
      return Number(/peak=(\d+)/.exec(stderr)?.[1]) / 1024;
    };
    const [one, four] = [peak(jsonTemplates.folder), peak(moreJson.folder)];
    console.log(
      `Peak memory: 1,000 templates ${one.toFixed(0)} MB, 4,000 templates ${four.toFixed(0)} MB, ratio ${(four / one).toFixed(2)}`,
    );
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
