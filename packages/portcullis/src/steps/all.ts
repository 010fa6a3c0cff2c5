import type { Rule, Step } from '../contract/index.ts';
import { authorization } from './authorization/index.ts';
import { deploymentBucket } from './deployment-bucket/index.ts';
import { firewall } from './firewall/index.ts';
import { secrets } from './secrets/index.ts';
import { usagePlans } from './usage-plans/index.ts';

/** The five steps in the order in which people close them. */
export const steps: readonly Step[] = [authorization, usagePlans, firewall, secrets, deploymentBucket];

export const allRules: readonly Rule[] = steps.flatMap((step) => step.rules);
