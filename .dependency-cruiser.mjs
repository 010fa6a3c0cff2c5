// The directions of docs/architecture.md, as code. Each rule carries the reason a contributor sees when it fails.
const src = '^packages/portcullis/src/';
const others = (...allowed) => `${src}(?!(${allowed.join('|')})/)`;

export default {
  forbidden: [
    {
      name: 'project-imports-nothing',
      comment: 'The model is what every part agrees on; if it knew a part, that part could bend it.',
      severity: 'error',
      from: { path: `${src}project/`, pathNot: '\\.test\\.ts$' },
      to: { path: others('project') },
    },
    {
      name: 'aws-imports-nothing',
      comment: 'AWS facts are pure functions over plain values, so that steps and services can share them.',
      severity: 'error',
      from: { path: `${src}aws/`, pathNot: '\\.test\\.ts$' },
      to: { path: others('aws') },
    },
    {
      name: 'contract-sees-project-only',
      comment: 'The contract speaks of the model, never of an implementation.',
      severity: 'error',
      from: { path: `${src}contract/` },
      to: { path: others('contract', 'project') },
    },
    {
      name: 'readers-see-project-only',
      comment: 'A reader that knew a rule would read only what that rule asks.',
      severity: 'error',
      from: { path: `${src}readers/`, pathNot: '\\.test\\.ts$' },
      to: { path: others('readers', 'project') },
    },
    {
      name: 'steps-never-import-each-other',
      comment: 'A fact that two steps need moves down into project.',
      severity: 'error',
      from: { path: `${src}steps/([^/]+)/`, pathNot: '\\.test\\.ts$' },
      to: { path: `${src}steps/([^/]+)/`, pathNot: `${src}steps/$1/` },
    },
    {
      name: 'steps-see-contract-project-aws',
      comment: 'Steps judge the model; they neither parse files nor print.',
      severity: 'error',
      from: { path: `${src}steps/`, pathNot: '\\.test\\.ts$' },
      to: { path: others('steps', 'contract', 'project', 'aws', 'store') },
    },
    {
      name: 'exec-sees-project-only',
      comment: 'What runs the code of a project knows nothing of what is made of the result.',
      severity: 'error',
      from: { path: `${src}exec/`, pathNot: '\\.test\\.ts$' },
      to: { path: others('exec', 'project') },
    },
    {
      name: 'report-sees-contract-and-project',
      comment: 'A report prints what it is given; if it could compute, two formats could disagree.',
      severity: 'error',
      from: { path: `${src}report/`, pathNot: '\\.test\\.ts$' },
      to: { path: others('report', 'contract', 'project') },
    },
    {
      name: 'exposure-sees-contract-and-project',
      comment: 'Two states are compared by what the inventory says of them, whatever reader or rule made it.',
      severity: 'error',
      from: { path: `${src}exposure/`, pathNot: '\\.test\\.ts$' },
      to: { path: others('exposure', 'contract', 'project') },
    },
    {
      name: 'nothing-imports-the-edges',
      comment: 'cli and plugin put the parts together; nothing may depend on how.',
      severity: 'error',
      from: { path: src, pathNot: `${src}(cli|plugin)/` },
      to: { path: `${src}(cli|plugin)/` },
    },
    {
      name: 'only-a-folder-index-is-imported-by-the-edges',
      comment: 'The inside of a folder can change without the command line noticing.',
      severity: 'error',
      from: { path: `${src}(cli|plugin)/` },
      to: {
        path: `${src}(project|contract|readers|steps|exposure|report|aws)/`,
        pathNot: `${src}(project|contract|readers|steps|exposure|report|aws)/index\\.ts$`,
      },
    },
    {
      name: 'lambda-imports-nothing-of-ours',
      comment: "It runs inside other people's functions: small, and without anything of the checker.",
      severity: 'error',
      from: { path: '^packages/lambda/src/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^(packages/lambda/src/|node:)', dependencyTypesNot: ['core'] },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle has no order to read it in.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that does not resolve is a typo.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
