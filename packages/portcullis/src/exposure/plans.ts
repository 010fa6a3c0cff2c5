import type { ExposedPlan, Exposure, Limit, ProjectChange } from '../contract/index.ts';

/** What changed in the limits of usage plans. A new plan takes nothing away, and what a removed one takes away shows on its routes. */
export function changesOfPlans(then: Exposure, now: Exposure): readonly ProjectChange[] {
  const earlier = new Map(then.plans.flatMap((plan) => [[plan.id, plan] as const]));
  const byName = new Map(then.plans.map((plan) => [plan.name, plan]));
  const kept = new Set<ExposedPlan>();
  const changes: ProjectChange[] = [];
  for (const plan of now.plans) {
    const before = earlier.get(plan.id) ?? byName.get(plan.name);
    if (!before) continue;
    kept.add(before);
    changes.push(...compare(plan, before));
  }
  for (const gone of then.plans) {
    if (kept.has(gone) || (gone.rate === null && gone.quota === null)) continue;
    // With another plan in its place its clients are limited by that one.
    if (now.plans.some((plan) => !byName.has(plan.name) && !earlier.has(plan.id))) continue;
    changes.push({
      ...base(gone),
      kind: 'weakens',
      change: 'plan-removed',
      severity: 'warning',
      message: `removes the usage plan ${gone.name} with its limits`,
      before: [limitText(gone.rate, 'requests per second'), quotaText(gone)].filter((text) => text !== null).join(', '),
      after: null,
    });
  }
  return changes;
}

function base({ id, location }: ExposedPlan) {
  return { step: 'usage-plans', subject: id, location } as const;
}

function* compare(plan: ExposedPlan, before: ExposedPlan): Generator<ProjectChange> {
  yield* compareLimit(plan, 'quota', perDay(before), perDay(plan), quotaText(before), quotaText(plan));
  for (const key of ['rate', 'burst'] as const) {
    const unit = key === 'rate' ? 'requests per second' : 'requests at once';
    yield* compareLimit(plan, key, before[key], plan[key], limitText(before[key], unit), limitText(plan[key], unit));
  }
}

const names = { quota: 'quota', rate: 'throttle rate', burst: 'throttle burst' } as const;

function* compareLimit(
  plan: ExposedPlan,
  key: keyof typeof names,
  was: Limit,
  is: Limit,
  before: string | null,
  after: string | null,
): Generator<ProjectChange> {
  if (was === is || was === null) {
    if (was === null && typeof is === 'number')
      yield {
        ...base(plan),
        kind: 'closes',
        change: `${key}-set`,
        severity: 'note',
        message: `sets the ${names[key]} of plan ${plan.name} to ${after}`,
        before,
        after,
      };
    return;
  }
  const text = { ...base(plan), before, after };
  if (is === null)
    yield {
      ...text,
      kind: 'weakens',
      change: `${key}-removed`,
      severity: 'warning',
      message: `removes the ${names[key]} of plan ${plan.name} (${before})`,
    };
  else if (is === 'undecided')
    yield {
      ...text,
      kind: 'weakens',
      change: `${key}-undecided`,
      severity: 'warning',
      message: `leaves the ${names[key]} of plan ${plan.name} undecided; it was ${before}`,
    };
  else if (was === 'undecided') return;
  else if (is > was)
    yield {
      ...text,
      kind: 'weakens',
      change: `${key}-raised`,
      severity: 'warning',
      message: `raises the ${names[key]} of plan ${plan.name} from ${before} to ${after}`,
    };
  else
    yield {
      ...text,
      kind: 'closes',
      change: `${key}-lowered`,
      severity: 'note',
      message: `lowers the ${names[key]} of plan ${plan.name} from ${before} to ${after}`,
    };
}

const days = { DAY: 1, WEEK: 7, MONTH: 30 } as const;

/** Quotas of different periods are compared by their daily share; of one period by their limit, which this keeps. */
function perDay({ quota, period }: ExposedPlan): Limit {
  return typeof quota === 'number' && period !== null ? quota / days[period] : quota;
}

function quotaText({ quota, period }: ExposedPlan): string | null {
  const text = limitText(quota, 'requests');
  return text === null || period === null ? text : `${text} per ${period.toLowerCase()}`;
}

function limitText(limit: Limit, unit: string): string | null {
  return limit === null ? null : limit === 'undecided' ? 'undecided' : `${limit} ${unit}`;
}
