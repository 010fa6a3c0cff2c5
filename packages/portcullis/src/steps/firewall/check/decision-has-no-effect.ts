import { decisionRule } from '../../decision-rule.ts';

export const decisionHasNoEffect = decisionRule('firewall');
