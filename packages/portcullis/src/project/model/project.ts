import type { SourceFile, Span } from '../source.ts';
import type { Api, Authorizer } from './apis.ts';
import type { Configuration, Format, IgnoredSetting, Resource, StackParameter, Unread } from './base.ts';
import type { Decisions } from './decisions.ts';
import type { CustomDomain, Deployment, Distribution } from './entrances.ts';
import type { LambdaFunction, Permission, Role } from './functions.ts';
import type { IdentityPool, UserPool, UserPoolClient } from './identity.ts';
import type { ContainerService, Listener, LoadBalancer, SecurityGroup, TargetGroup } from './network.ts';
import type { PackedFile } from './packaging.ts';
import type { ApiKey, UsagePlan } from './plans.ts';
import type { Database, Secret } from './secrets.ts';
import type { Bucket, DeploymentBucket, KmsKey } from './storage.ts';
import type { WebAcl, WebAclAssociation } from './web-acl.ts';

/** One deployable unit as its files describe it: a service or a stack with its nested stacks. */
export interface Project {
  readonly file: SourceFile;
  readonly format: Format;
  /** Path of `file` from the root of the repository, with `/`: the same from wherever Portcullis runs. */
  readonly home?: string | undefined;
  /** The service's or stack's own name, when it is written down. */
  readonly name: string | undefined;
  readonly stage: string | undefined;
  readonly files: readonly SourceFile[];
  readonly apis: readonly Api[];
  readonly authorizers: readonly Authorizer[];
  readonly apiKeys: readonly ApiKey[];
  readonly usagePlans: readonly UsagePlan[];
  readonly functions: readonly LambdaFunction[];
  readonly permissions: readonly Permission[];
  readonly roles: readonly Role[];
  readonly webAcls: readonly WebAcl[];
  readonly webAclAssociations: readonly WebAclAssociation[];
  readonly userPools: readonly UserPool[];
  readonly userPoolClients: readonly UserPoolClient[];
  readonly identityPools: readonly IdentityPool[];
  readonly customDomains: readonly CustomDomain[];
  readonly distributions: readonly Distribution[];
  readonly deployments: readonly Deployment[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly listeners: readonly Listener[];
  readonly targetGroups: readonly TargetGroup[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly containerServices: readonly ContainerService[];
  readonly buckets: readonly Bucket[];
  readonly kmsKeys: readonly KmsKey[];
  readonly secrets?: readonly Secret[];
  readonly databases?: readonly Database[];
  /** Files with names that speak of secrets which are packed with the code. */
  readonly packedFiles?: readonly PackedFile[];
  /** Every resource by logical id, for references and for what a role reaches. Lowered ones (see readers) included. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** Where the code of a serverless project is uploaded; undefined for plain templates. */
  readonly deploymentBucket: DeploymentBucket | undefined;
  /** All configuration that may hold a literal secret, resolved, with its context. */
  readonly configuration: readonly Configuration[];
  /** Parameters of the template or of `resources`, whether or not they have a default. */
  readonly parameters?: readonly StackParameter[];
  readonly plugins: readonly { readonly name: string; readonly span: Span }[];
  /** Settings that look like protection and have no effect where they stand. */
  readonly ignored: readonly IgnoredSetting[];
  /** Constructs that were seen and not read. Anything that depends on them is unknown. */
  readonly unread: readonly Unread[];
  /** Other places that declare a route, a function or a resource, by id: the source of a template that is checked in its place. */
  readonly declared?: ReadonlyMap<string, Span> | undefined;
  /**
   * What people decided in the files that were read; undefined when there is nothing.
   * @param more files beside them in which findings lie, the source of functions say
   */
  readonly decisions?: ((more: readonly SourceFile[]) => Decisions | undefined) | undefined;
}
