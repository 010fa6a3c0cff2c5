import type { Fact } from '../fact.ts';
import type { Node } from '../node.ts';
import type { Span } from '../source.ts';
import type { Link } from './base.ts';

export interface LoadBalancer {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
  readonly scheme: Fact<'internet-facing' | 'internal'>;
  /** `classic`: the older AWS::ElasticLoadBalancing::LoadBalancer, which AWS WAF cannot protect. */
  readonly type: Fact<'application' | 'network' | 'gateway' | 'classic'>;
  readonly securityGroups: readonly Fact<Link>[];
  /** `LoadBalancerAttributes` by key; of a Classic Load Balancer only `access_logs.s3.enabled`. Undefined when the list is not decided. */
  readonly attributes?: ReadonlyMap<string, Fact<string>> | undefined;
}

export interface Listener {
  readonly id: string;
  readonly span: Span;
  readonly loadBalancer: Fact<Link>;
  readonly port: Fact<number>;
  /** HTTP, HTTPS, TCP, TLS, ... */
  readonly protocol: Fact<string>;
  readonly defaultActions: readonly ListenerAction[];
  readonly rules: readonly ListenerRule[];
  /** `ELBSecurityPolicy-TLS13-1-2-2021-06`; undefined when none is written. */
  readonly tlsPolicy?: Fact<string> | undefined;
  /** `verify` when client certificates are checked against a trust store. */
  readonly mutualTls: Fact<string> | undefined;
}

export interface ListenerRule {
  readonly id: string;
  readonly span: Span;
  readonly conditions: readonly ListenerCondition[];
  readonly actions: readonly ListenerAction[];
}

export interface ListenerCondition {
  readonly field:
    | 'path-pattern'
    | 'host-header'
    | 'http-header'
    | 'http-request-method'
    | 'query-string'
    | 'source-ip'
    | 'unknown';
  readonly header: string | undefined;
  readonly values: readonly Node[];
  readonly span: Span;
}

export interface ListenerAction {
  readonly type:
    | 'forward'
    | 'redirect'
    | 'fixed-response'
    | 'authenticate-oidc'
    | 'authenticate-cognito'
    | 'jwt-validation'
    | 'unknown';
  readonly targetGroups: readonly Fact<Link>[];
  /** Authentication that lets callers through who are not signed in (`OnUnauthenticatedRequest: allow`). */
  readonly optional?: boolean;
  /** Redirect only: the protocol it leads to. */
  readonly redirectProtocol: string | undefined;
  readonly span: Span;
}

export interface TargetGroup {
  readonly id: string;
  readonly span: Span;
  readonly targetType: Fact<'instance' | 'ip' | 'lambda' | 'alb'>;
  readonly functions: readonly Fact<Link>[];
}

export interface SecurityGroup {
  /** Logical id; of a group elsewhere the id or name that is written. */
  readonly id: string;
  readonly span: Span;
  /** True for a group elsewhere to which these files add rules: it may have others. */
  readonly elsewhere?: boolean;
  readonly ingress: readonly SecurityGroupIngress[];
}

export interface SecurityGroupIngress {
  readonly span: Span;
  /** IPv4 or IPv6 range; undefined when another group or a prefix list is the source. */
  readonly cidr: Fact<string> | undefined;
  readonly sourceGroup: Fact<Link> | undefined;
  readonly prefixList: Fact<string> | undefined;
  readonly fromPort: Fact<number> | undefined;
  readonly toPort: Fact<number> | undefined;
  readonly protocol: Fact<string>;
}

export interface ContainerService {
  readonly id: string;
  readonly span: Span;
  readonly targetGroups: readonly Fact<Link>[];
  readonly taskRole: Fact<Link> | undefined;
  readonly publicAddress: Fact<boolean>;
  /** Groups around its tasks; none when the service names none, which means the default group of the VPC. */
  readonly securityGroups?: readonly Fact<Link>[];
  /** Ports of its containers, as the service or the task definition of the template name them. */
  readonly ports?: readonly Fact<number>[];
}
