import { type Finding, type Mentioned, type Step, snippetFor } from '../contract/index.ts';
import { locate, type Project } from '../project/index.ts';
import type { Outcome } from './deciding/index.ts';
import { fingerprintOf, sentence, stateOf } from './finding.ts';

/** What the rules of the steps keep of a project for the comparison with others. Plain data. */
export function mentionsOf(project: Project, steps: readonly Step[], allows: Outcome['allows']): readonly Mentioned[] {
  const mentions: Mentioned[] = [];
  for (const { rules } of steps) {
    for (const { id, across } of rules) {
      const mention = across?.mention(project);
      if (!mention) continue;
      const { span, subject, facts } = mention;
      const suppressed = allows(id, span);
      mentions.push({
        rule: id,
        file: project.file.path,
        home: project.home ?? project.file.path,
        format: project.format,
        location: locate(span),
        subject,
        facts,
        ...(suppressed ? { suppressed } : {}),
      });
    }
  }
  return mentions;
}

/** Findings that only show beside other projects. In the order of the rules and of the run. */
export function assessAcross(mentioned: readonly Mentioned[], steps: readonly Step[]): readonly Finding[] {
  const rules = steps.flatMap((step) => step.rules);
  return rules.flatMap((rule) => {
    const own = rule.across ? mentioned.filter((mention) => mention.rule === rule.id) : [];
    return [...(rule.across && own.length > 1 ? rule.across.compare(own) : [])].map((difference): Finding => {
      const { about, message, related } = difference;
      const severity = difference.severity ?? rule.severity;
      const snippet = snippetFor(rule.fix, about.format);
      return {
        rule: rule.id,
        step: rule.step,
        severity,
        state: difference.state ?? stateOf[severity],
        message: sentence(message),
        location: about.location,
        ...(typeof snippet === 'string' ? { fix: snippet } : {}),
        ...(related?.length
          ? { related: related.map((other) => ({ message: other.message, location: other.about.location })) }
          : {}),
        rank: 0,
        fingerprint: fingerprintOf(rule.id, about.home, about.subject),
        ...(about.suppressed ? { suppressed: about.suppressed } : {}),
      };
    });
  });
}
