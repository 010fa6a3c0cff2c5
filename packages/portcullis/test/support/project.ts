import { type Project, SourceFile } from '../../src/project/index.ts';

/** A project with nothing in it but the given parts: for tests that need a model and no file. */
export function projectWith(parts: Partial<Project> = {}): Project {
  const file = parts.file ?? new SourceFile('serverless.yml', '');
  return {
    file,
    format: 'serverless',
    name: undefined,
    stage: undefined,
    files: [file],
    apis: [],
    authorizers: [],
    apiKeys: [],
    usagePlans: [],
    functions: [],
    permissions: [],
    roles: [],
    webAcls: [],
    webAclAssociations: [],
    userPools: [],
    loadBalancers: [],
    listeners: [],
    targetGroups: [],
    securityGroups: [],
    containerServices: [],
    buckets: [],
    kmsKeys: [],
    resources: new Map(),
    deploymentBucket: undefined,
    configuration: [],
    plugins: [],
    ignored: [],
    unread: [],
    ...parts,
  };
}
