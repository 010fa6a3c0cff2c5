import { nearest, type StepId, stepIds } from '../../project/index.ts';
import { ruleName } from '../decision-rule.ts';

export type Named = { readonly id: string } | { readonly problem: string; readonly step: StepId | undefined };

/** The rule that a decision names: its id, or the last part of it where no other rule has the same. */
export function nameRule(name: string, ids: readonly string[]): Named {
  if (name === ruleName || name.endsWith(`/${ruleName}`))
    return { problem: 'what is wrong with decisions cannot be decided away', step: stepOf(name) };
  if (ids.includes(name)) return { id: name };
  const same = ids.filter((id) => id.endsWith(`/${name}`));
  if (same.length === 1 && same[0] !== undefined) return { id: same[0] };
  if (same.length > 1) return { problem: `${name} is the name of several rules: ${same.join(', ')}`, step: undefined };
  if (stepIds.some((step) => step === name))
    return { problem: `${name} is a step, not a rule; each rule is named`, step: stepOf(`${name}/`) };
  const [best] = nearest(name, ids);
  const close = best === undefined ? '' : `; did you mean ${best}?`;
  return { problem: `there is no rule ${name}${close}`, step: stepOf(name) ?? stepOf(best ?? '') };
}

export function stepOf(id: string): StepId | undefined {
  return stepIds.find((step) => id.startsWith(`${step}/`));
}
