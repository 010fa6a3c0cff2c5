import type { Configuration, Project, Unread } from '../../../project/index.ts';
import { importDocuments } from '../../openapi/index.ts';
import { allButBucket } from '../parse.ts';
import { evaluateStacks } from '../stacks.ts';
import type { Template } from '../template.ts';
import { buildAlbApis } from './alb.ts';
import { buildAuthorizers } from './authorizers.ts';
import { buildBuckets } from './buckets.ts';
import { buildIdentityPools, buildUserPoolClients, buildUserPools } from './cognito.ts';
import { collectConfiguration } from './configuration.ts';
import { buildContainerServices } from './containers.ts';
import { createContext } from './context.ts';
import { buildDatabases } from './databases.ts';
import { buildDeployments } from './deployments.ts';
import { buildCustomDomains, buildDistributions } from './entrances.ts';
import { buildFunctions, buildPermissions } from './functions.ts';
import { buildHttpApis } from './http.ts';
import { buildKmsKeys } from './kms.ts';
import { buildListeners, buildLoadBalancers, buildTargetGroups } from './load-balancers.ts';
import { buildApiKeys, buildUsagePlans, oldStageKeys } from './plans.ts';
import { buildRestApis } from './rest.ts';
import { buildRoles } from './roles.ts';
import { buildSecrets } from './secrets.ts';
import { buildSecurityGroups } from './security-groups.ts';
import { buildUrls } from './url.ts';
import { buildWebAcls } from './waf.ts';
import { buildAssociations } from './waf-associations.ts';

/** What a project says besides its resources; the reader of its format knows it. */
export type ProjectExtras = Pick<
  Project,
  'file' | 'format' | 'name' | 'stage' | 'files' | 'deploymentBucket' | 'plugins' | 'ignored' | 'unread'
> & {
  /** What the format configures outside of resources (`custom`, `params`); the template's own is added. */
  readonly configuration: readonly Configuration[];
};

/** The model of a template and the stacks nested in it. Never throws for what stands in the template. */
export function buildProject(source: Template, extras: ProjectExtras): Project {
  const { template, resources: written, outputs, environments } = evaluateStacks(source);
  const { resources, bodies } = importDocuments(written);
  const context = createContext(template, resources, bodies);
  const apis = [...buildRestApis(context), ...buildHttpApis(context), ...buildUrls(context), ...buildAlbApis(context)];
  const { configuration, unread, ignored, ...rest } = extras;
  // What is made of an OpenAPI document stands in its `Body` already.
  const asWritten = resources === written ? context : createContext(template, written);
  return {
    ...rest,
    apis,
    authorizers: buildAuthorizers(context),
    apiKeys: buildApiKeys(context),
    usagePlans: buildUsagePlans(context),
    functions: buildFunctions(context),
    permissions: buildPermissions(context),
    roles: buildRoles(context),
    webAcls: buildWebAcls(context),
    webAclAssociations: buildAssociations(context, apis),
    userPools: buildUserPools(context),
    userPoolClients: buildUserPoolClients(context),
    identityPools: buildIdentityPools(context),
    customDomains: buildCustomDomains(context),
    distributions: buildDistributions(context),
    deployments: buildDeployments(context),
    loadBalancers: buildLoadBalancers(context),
    listeners: buildListeners(context),
    targetGroups: buildTargetGroups(context),
    securityGroups: buildSecurityGroups(context),
    containerServices: buildContainerServices(context),
    buckets: buildBuckets(context),
    kmsKeys: buildKmsKeys(context),
    secrets: buildSecrets(context),
    databases: buildDatabases(context),
    resources,
    parameters: [...template.parameters.values()].map(({ name, type, noEcho, span }) => ({ name, type, noEcho, span })),
    configuration: [...configuration, ...collectConfiguration(asWritten, outputs, environments)],
    ignored: [...ignored, ...oldStageKeys(context)],
    unread: [...new Set([...unread, ...unreadOf(source), ...apis.flatMap((api) => api.unreadRoutes)])],
  };
}

/** What was not read of the template and of the stacks in it; a stack whose template nobody looked for counts as not read. */
function unreadOf(template: Template): readonly Unread[] {
  const nested = new Set(template.nested?.map((stack) => stack.stackId));
  const explained = new Set(template.unread.map((unread) => unread.span));
  const stacks: Unread[] = [];
  for (const { id, type, span } of template.resources.values()) {
    if (type !== 'AWS::CloudFormation::Stack' || nested.has(id) || explained.has(span)) continue;
    const reason = 'its template is not read';
    stacks.push({ what: `nested stack ${id}`, reason, span, steps: allButBucket, hides: 'resources' });
  }
  return [...template.unread, ...stacks, ...(template.nested ?? []).flatMap((stack) => unreadOf(stack.template))];
}
