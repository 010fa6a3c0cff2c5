import type { Decision, RefusedDecision } from '../../project/index.ts';

/** What a decision says, wherever it stands. */
export type Words = Pick<Decision, 'kind' | 'rules' | 'reason' | 'until'>;
export type Refusal = Pick<RefusedDecision, 'kind' | 'rules' | 'problem' | 'instead'>;
export type Said = { readonly words: Words } | { readonly refusal: Refusal };

const forms =
  'Write `portcullis: public [until 2027-01-31] because REASON` or `portcullis: allow RULE [until 2027-01-31] because REASON`';

/** More rules in one decision than anybody means one by one. */
const MOST_RULES = 20;

/**
 * A decision as it stands in a comment, without the comment's marks. Undefined when the comment is about something else. Takes linear time.
 */
export function readComment(comment: string): Said | undefined {
  const text = comment.trim();
  const body = /^portcullis[ \t]*:(.*)$/is.exec(text)?.[1];
  if (body !== undefined) return readSentence(body.trim());
  // `portcullis allow ...`: meant, and never read.
  if (!/^portcullis[ \t-]+(?:public|allow|ignore|disable)\b/i.test(text)) return undefined;
  return { refusal: { kind: 'unknown', rules: [], problem: 'it has no colon after "portcullis"', instead: forms } };
}

function readSentence(body: string): Said {
  const words = body.split(/[ \t]+/);
  const verb = words[0]?.toLowerCase() ?? '';
  if (verb !== 'public' && verb !== 'allow') {
    const problem = verb === '' ? 'it says nothing' : 'it says neither `public` nor `allow`';
    return { refusal: { kind: 'unknown', rules: [], problem, instead: forms } };
  }
  const because = words.findIndex((word) => word.toLowerCase() === 'because');
  const head = because === -1 ? words : words.slice(0, because);
  const until = head.findIndex((word) => word.toLowerCase() === 'until');
  const named = until === -1 ? head.slice(1) : head.slice(1, until);
  const rules = named
    .join(' ')
    .split(',')
    .map((rule) => rule.trim())
    .filter((rule) => rule !== '');
  const refuse = (problem: string, instead = forms): Said => ({ refusal: { kind: verb, rules, problem, instead } });
  if (because === -1) return refuse('it gives no reason', 'Add `because` and the reason');
  if (verb === 'public' && rules.length > 0)
    return refuse(
      `between \`public\` and \`${until === -1 ? 'because' : 'until'}\` stands something that has no meaning`,
    );
  const date = until === -1 ? undefined : head.slice(until + 1).join(' ');
  return judge({ kind: verb, rules, until: date, reason: words.slice(because + 1).join(' ') });
}

/** The same demands on decisions in comments and in maps. */
export function judge(said: Words): Said {
  const { kind, rules, until } = said;
  const reason = said.reason.trim();
  const refuse = (problem: string, instead = forms): Said => ({ refusal: { kind, rules, problem, instead } });
  if (kind === 'allow' && rules.length === 0)
    return refuse('it names no rule', 'Name the rule: `portcullis rules` lists all');
  if (rules.length > MOST_RULES)
    return refuse(`it names more than ${MOST_RULES} rules`, 'Decide about each finding where it is');
  const strange = rules.find((rule) => !/^[a-z0-9][a-z0-9/-]{0,99}$/.test(rule));
  if (strange !== undefined)
    return refuse(
      strange.includes('*')
        ? 'it names rules by `*`, and there are no wildcards'
        : 'it names something that is no rule',
      'Name each rule by its id, with commas between them: `portcullis rules` lists all',
    );
  if (until !== undefined && !isDay(until))
    return refuse('what follows `until` is no day', 'Write the last day on which it holds as 2027-01-31');
  if (!isReason(reason))
    return refuse('its reason is no reason', 'Say in a few words why, for whoever reads it next year');
  return { words: { kind, rules, reason, until } };
}

/** A day of the calendar in the form 2027-01-31. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** At least three letters, of any script. */
function isReason(text: string): boolean {
  return (text.slice(0, 1000).match(/\p{L}/gu)?.length ?? 0) >= 3;
}
