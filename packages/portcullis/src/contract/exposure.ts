import type { Location, StepId } from '../project/index.ts';
import type { Finding, GateState, Severity } from './finding.ts';
import type { ReportError, RouteReport } from './report.ts';

/** What one project lets through, as plain data that two states of a repository can be compared by. */
export interface Exposure {
  /** Path of the project's file, as shown. */
  readonly file: string;
  /** Name of the service or stack; null when it is not written down. */
  readonly name: string | null;
  readonly routes: readonly ExposedRoute[];
  readonly plans: readonly ExposedPlan[];
  readonly webAcls: readonly ExposedWebAcl[];
  readonly findings: readonly Finding[];
}

export interface ExposedRoute extends Pick<RouteReport, 'method' | 'path' | 'gates' | 'reaches'> {
  readonly id: string;
  readonly api: string;
  readonly kind: 'rest' | 'http' | 'websocket' | 'url' | 'alb';
  readonly location: Location;
  /** Null when the files do not decide them. */
  readonly scopes: readonly string[] | null;
  /** The path that a caller takes: route, function, role, resource. */
  readonly through: readonly string[];
  /** Whom the authorizer believes, in words: `the issuer https://...`, `the audience orders`, `the function check`. */
  readonly trusts: readonly string[];
  /** Why `reaches` may be incomplete (a role from elsewhere, a managed policy that is not in the files); null when it is not. */
  readonly beyond: string | null;
}

/** Rates in requests per second; `undecided` where the files do not decide, null where nothing is set. */
export interface ExposedPlan {
  readonly id: string;
  readonly name: string;
  readonly location: Location;
  readonly rate: Limit;
  readonly burst: Limit;
  readonly quota: Limit;
  readonly period: 'DAY' | 'WEEK' | 'MONTH' | null;
}

export type Limit = number | 'undecided' | null;

export interface ExposedWebAcl {
  readonly id: string;
  readonly name: string;
  readonly location: Location;
  readonly defaultAction: 'allow' | 'block' | 'undecided';
  readonly rules: readonly ExposedWebAclRule[];
}

export interface ExposedWebAclRule {
  readonly name: string;
  readonly blocks: boolean | 'undecided';
  /** `AWS/AWSManagedRulesCommonRuleSet` for managed groups; null for other rules. */
  readonly group: string | null;
  /** Of a rate rule, requests of one client in five minutes; null for other rules. */
  readonly limit: Limit;
  /** Whether the rule looks only at requests that a scope-down statement leaves. */
  readonly scoped: boolean;
  /** Rules of the group that only count or allow, because the web ACL says so. */
  readonly disarmed: readonly string[];
}

/** `opens`: more callers get in, or further. `weakens`: a limit or a check is gone. `closes`: the contrary of both. */
export type ChangeKind = 'opens' | 'weakens' | 'closes';

/** One difference of effective exposure between two states of a repository. */
export interface ExposureChange {
  readonly kind: ChangeKind;
  /** Stable name of what happened: `route-opened`, `quota-removed`. */
  readonly change: string;
  readonly step: StepId;
  readonly severity: Severity;
  /** Goes on after "This change": "opens DELETE /orders to everyone; it writes OrdersTable". Ends without a full stop. */
  readonly message: string;
  readonly project: string;
  readonly subject: string;
  /** Where it stands now; where it stood, when it is gone. */
  readonly location: Location;
  readonly path?: readonly string[];
  readonly before: string | null;
  readonly after: string | null;
  /** The rule that explains it, when one does. */
  readonly rule?: string;
  /** Set when somebody decided so in the file. */
  readonly decided?: string;
}

/** A change before it is known of which project. */
export type ProjectChange = Omit<ExposureChange, 'project'>;

export interface ExposureReport {
  readonly version: 1;
  readonly since: { readonly revision: string; readonly commit: string };
  /** Worst first. */
  readonly changes: readonly ExposureChange[];
  /** Of the state that is checked; what could not be read before is no reason to fail. */
  readonly errors: readonly ReportError[];
}

/** States from the widest to the narrowest; unknown counts as wide, for nobody can say that it is not. */
export const widestFirst: readonly GateState[] = ['open', 'unknown', 'half-open', 'closed'];
