import type { Report, Rule, Severity, Step } from '../contract/index.ts';
import type { SourceFile } from '../project/index.ts';
import type { Screen } from './colour.ts';
import type { Redactor } from './redact.ts';

/** What reports need to know of a rule. */
export type RuleInfo = Omit<Rule, 'check'>;
export type StepInfo = Pick<Step, 'id' | 'title' | 'question'>;

export interface RenderOptions {
  readonly screen: Screen;
  readonly redactor: Redactor;
  /** The text of a file that a location names; undefined when it is not at hand, then the report shows no frame. */
  readonly source: (file: string) => SourceFile | undefined;
  /** The rules that were applied. */
  readonly rules: readonly RuleInfo[];
  /** The steps that were asked, in their order. */
  readonly steps: readonly StepInfo[];
  /** Version of Portcullis. */
  readonly version: string;
  readonly failOn: Severity | 'never';
}

export type Render = (report: Report, options: RenderOptions) => string;

export const formatNames = ['pretty', 'json', 'sarif'] as const;
export type FormatName = (typeof formatNames)[number];

/** Loads one format; the others cost nothing. The report must have gone through `redactReport`. */
export async function loadFormat(name: FormatName): Promise<Render> {
  if (name === 'json') {
    const { renderJson } = await import('./json.ts');
    return renderJson;
  }
  if (name === 'sarif') {
    const { renderSarif } = await import('./sarif.ts');
    return (report, { rules, version }) => renderSarif(report, rules, version);
  }
  const { renderPretty } = await import('./pretty/index.ts');
  return renderPretty;
}
