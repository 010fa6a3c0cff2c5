import type { Format, Project, StepId } from '../project/index.ts';
import type { Across } from './across.ts';
import type { Observation, Severity } from './finding.ts';

export type Snippet = string | { readonly notApplicable: string };

/** SAM templates take CloudFormation resources too, so `sam` is only written where SAM has a shorter way. */
export type Fixes = Readonly<Record<Exclude<Format, 'sam'>, Snippet>> & { readonly sam?: Snippet };

/** The snippet of a rule for a project of this format. */
export function snippetFor(fix: Fixes, format: Format): Snippet {
  return format === 'sam' ? (fix.sam ?? fix.cloudformation) : fix[format];
}

export interface Rule {
  /** `<step>/<file name>`. */
  readonly id: string;
  readonly step: StepId;
  readonly severity: Severity;
  /** What is wrong, as a short sentence without a full stop: "Route has no authorizer". */
  readonly title: string;
  /** What an attacker does with it, two to four sentences. */
  readonly attack: string;
  /** How to close it, in the format of the project. A format in which the rule cannot fire is `notApplicable`. */
  readonly fix: Fixes;
  /** AWS documentation (or the framework's) that the rule rests on. At least one. */
  readonly docs: readonly { readonly title: string; readonly url: string }[];
  readonly mappings: {
    /** AWS Foundational Security Best Practices control ids: `APIGateway.9`. Empty when no control says it. */
    readonly fsbp: readonly string[];
    /** OWASP API Security Top 10 2023: `API2:2023`. */
    readonly owasp: readonly string[];
    /** `CWE-306`. */
    readonly cwe: readonly string[];
  };
  check(project: Project): Iterable<Observation>;
  /** For a rule that compares the projects of a run; what it says of one project alone is in `check`. */
  readonly across?: Across;
}
