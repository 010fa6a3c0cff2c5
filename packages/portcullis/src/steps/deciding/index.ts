import type { Deciding, Finding, Observation, Rule, Suppressed } from '../../contract/index.ts';
import type {
  Approval,
  Decision,
  Project,
  RefusedDecision,
  Route,
  SourceFile,
  Span,
  StepId,
} from '../../project/index.ts';
import { Covers, contains } from './covers.ts';
import { openRouteRules } from './open-routes.ts';
import { nameRule, stepOf } from './rules.ts';
import { entryFor, isNamed, labelOf, nameOf, ownerOf, suppression } from './words.ts';

/** A finding with what the rule said. */
export interface Observed {
  readonly rule: Rule;
  readonly observation: Observation;
  readonly finding: Finding;
}

export interface Outcome {
  readonly suppressed: ReadonlyMap<Observed, Suppressed>;
  /** What is wrong with decisions, by step. */
  readonly remarks: readonly { readonly step: StepId; readonly observation: Observation }[];
  /** Decisions that a route is public, by id of the route. */
  readonly publicRoutes: ReadonlyMap<string, Decision>;
  /** Indices of the approvals that were made use of. */
  readonly approved: readonly number[];
  /** For a rule that compares projects: whether what lies there is decided. */
  readonly allows: (rule: string, span: Span) => Suppressed | undefined;
}

const nothing: Outcome = {
  suppressed: new Map(),
  remarks: [],
  publicRoutes: new Map(),
  approved: [],
  allows: () => undefined,
};

/**
 * Applies the decisions in the files of a project to what the rules found. A decision that is malformed, over or not approved suppresses
 * nothing, and is remarked on; so is one that suppresses nothing.
 * @param ruleIds of all rules, asked or not
 */
export function decide(
  project: Project,
  observed: readonly Observed[],
  ruleIds: readonly string[],
  deciding: Deciding,
): Outcome {
  const decisions = project.decisions?.(filesBeside(project, observed));
  return decisions ? new Decider(project, ruleIds, deciding).run(decisions.made, decisions.refused, observed) : nothing;
}

/** Files in which findings lie and which are no files of the project: the source of its functions. */
function filesBeside({ files }: Project, observed: readonly Observed[]): readonly SourceFile[] {
  const own = new Set(files);
  return [...new Set(observed.map(({ observation }) => observation.span.file))].filter((file) => !own.has(file));
}

interface InForce {
  readonly decision: Decision;
  /** Ids of the rules; none for `public`. */
  readonly rules: readonly string[];
  /** Ids of the routes that are public. */
  readonly routes: ReadonlySet<string>;
  /** Rules that it suppressed something of; `public` for a route. */
  readonly used: Set<string>;
  readonly withheld: Observed[];
}

class Decider {
  readonly #project: Project;
  readonly #ruleIds: readonly string[];
  readonly #deciding: Deciding;
  readonly #remarks: { step: StepId; observation: Observation }[] = [];
  readonly #approved = new Set<number>();
  readonly #routes: ReadonlyMap<string, Route>;
  #declarations: ReadonlyMap<string, Span> | undefined;

  constructor(project: Project, ruleIds: readonly string[], deciding: Deciding) {
    this.#project = project;
    this.#ruleIds = ruleIds;
    this.#deciding = deciding;
    this.#routes = new Map(project.apis.flatMap((api) => api.routes.map((route) => [route.id, route] as const)));
  }

  run(made: readonly Decision[], refused: readonly RefusedDecision[], observed: readonly Observed[]): Outcome {
    for (const one of refused) this.#refuse(one, one.problem, one.instead);
    const meant = this.#meantRoutes(made);
    const inForce = made.flatMap((decision) => this.#enforce(decision, meant.get(decision) ?? new Set()) ?? []);
    const forces = new Map(inForce.map((force) => [force.decision, force]));
    const covers = new Covers(inForce.flatMap(({ decision }) => (decision.kind === 'allow' ? decision : [])));
    const byRoute = new Map<string, InForce[]>();
    for (const force of inForce) for (const id of force.routes) byRoute.set(id, [...(byRoute.get(id) ?? []), force]);
    const suppressed = new Map<Observed, Suppressed>();
    for (const one of observed) {
      const { route } = one.observation;
      const asPublic = route !== undefined && openRouteRules.has(one.rule.id) ? (byRoute.get(route) ?? []) : [];
      for (const force of [...asPublic, ...this.#allowing(one, covers, forces)]) {
        if (!this.#isApproved(force, one)) force.withheld.push(one);
        else {
          force.used.add(force.decision.kind === 'public' ? 'public' : one.rule.id);
          if (!suppressed.has(one)) suppressed.set(one, suppression(force.decision));
        }
      }
    }
    for (const force of inForce) this.#review(force);
    return {
      suppressed,
      remarks: this.#remarks,
      publicRoutes: this.#publicRoutes(inForce),
      approved: [...this.#approved],
      allows: (rule, span) => {
        const force = inForce.find((one) => one.rules.includes(rule) && contains(one.decision.covers, span));
        return force && !this.#deciding.approvals ? suppression(force.decision) : undefined;
      },
    };
  }

  /** Undefined when the decision does not hold; then that is remarked on. */
  #enforce(decision: Decision, routes: ReadonlySet<string>): InForce | undefined {
    const rules: string[] = [];
    for (const name of decision.rules) {
      const named = nameRule(name, this.#ruleIds);
      if ('problem' in named) {
        this.#refuse(decision, named.problem, '`portcullis rules` lists all rules', named.step);
        return undefined;
      }
      rules.push(named.id);
    }
    if (decision.kind === 'public' && routes.size === 0) {
      const where = decision.route ?? decision.place;
      const what =
        decision.route === undefined ? `no route is declared in ${where}` : `the file declares no route ${where}`;
      this.#refuse(decision, what, 'Write it where the route is declared');
      return undefined;
    }
    const owners = new Set([...routes].map((id) => ownerOf(this.#routes.get(id))));
    // The preflight that comes with a route is answered by no function.
    owners.delete('');
    if (decision.kind === 'public' && owners.size > 1) {
      const what = `what it stands on makes routes of ${owners.size} functions, by an anchor, a loop or a name that they share`;
      this.#refuse(decision, what, 'Write the route out for each function, and decide about each');
      return undefined;
    }
    if (decision.until !== undefined && decision.until < this.#deciding.today) {
      this.#remark(decision, rules, {
        severity: 'warning',
        message: `${nameOf(decision)} held until ${decision.until} and has no effect any more: close the gate, or decide again until another day.`,
      });
      return undefined;
    }
    return { decision, rules, routes, used: new Set(), withheld: [] };
  }

  /** Ids of the routes that each decision means. */
  #meantRoutes(made: readonly Decision[]): ReadonlyMap<Decision, ReadonlySet<string>> {
    const covers = new Covers(made.filter(({ kind }) => kind === 'public'));
    const meant = new Map<Decision, Set<string>>();
    for (const route of this.#routes.values()) {
      for (const decision of this.#placesOf(route.id).flatMap((place) => covers.at(place))) {
        if (decision.route !== undefined && decision.route !== labelOf(route)) continue;
        const ids = meant.get(decision) ?? new Set<string>();
        meant.set(decision, ids.add(route.id));
      }
    }
    return meant;
  }

  /** Decisions that allow what the rule said, innermost first. */
  #allowing(one: Observed, covers: Covers, forces: ReadonlyMap<Decision, InForce>): readonly InForce[] {
    const { route, span, subject, together = [] } = one.observation;
    const declared = [route, subject].flatMap((id) => (id === undefined ? [] : this.#placesOf(id)));
    const around = new Set([span, ...declared].flatMap((place) => covers.at(place)));
    return [...around].flatMap((decision) => {
      const force = forces.get(decision);
      const meant = force?.rules.includes(one.rule.id) && together.every((place) => contains(decision.covers, place));
      return force && meant ? force : [];
    });
  }

  /** Where a route, a resource, a function or an API is declared. */
  #placesOf(id: string): readonly Span[] {
    const { resources, functions, apis, declared } = this.#project;
    this.#declarations ??= new Map([
      ...[...resources.values(), ...functions, ...apis].map((one) => [one.id, one.span] as const),
      ...[...this.#routes.values()].map((route) => [route.id, route.span] as const),
    ]);
    return [this.#declarations.get(id), declared?.get(id)].filter((place) => place !== undefined);
  }

  #isApproved({ decision, rules }: InForce, { rule, observation, finding }: Observed): boolean {
    const { approvals } = this.#deciding;
    if (!approvals) return true;
    const route = observation.route === undefined ? undefined : this.#routes.get(observation.route);
    const index = approvals.findIndex((approval) => {
      if (!this.#mayCount(approval)) return false;
      const isRule =
        decision.kind === 'public'
          ? approval.rule === 'public'
          : approval.rule !== 'public' && rules.includes(rule.id) && this.#means(approval.rule, rule.id);
      return (
        isRule &&
        (approval.route === undefined || (route !== undefined && isNamed(route, approval.route))) &&
        (approval.subject === undefined || approval.subject === observation.subject) &&
        (approval.fingerprint === undefined || approval.fingerprint === finding.fingerprint)
      );
    });
    if (index === -1) return false;
    this.#approved.add(index);
    return true;
  }

  #means(name: string, id: string): boolean {
    const named = nameRule(name, this.#ruleIds);
    return 'id' in named && named.id === id;
  }

  /** An approval that is over, or is about another project, approves nothing here. */
  #mayCount({ until, file }: Approval): boolean {
    const isOver = until !== undefined && until < this.#deciding.today;
    return !isOver && (file === undefined || file === (this.#project.home ?? this.#project.file.path));
  }

  #publicRoutes(inForce: readonly InForce[]): ReadonlyMap<string, Decision> {
    const decided = new Map<string, Decision>();
    const { approvals } = this.#deciding;
    for (const { decision, routes } of inForce) {
      for (const id of routes) {
        const route = this.#routes.get(id);
        const agreed =
          !approvals ||
          approvals.some(
            (approval) =>
              approval.rule === 'public' &&
              this.#mayCount(approval) &&
              route !== undefined &&
              approval.route !== undefined &&
              isNamed(route, approval.route),
          );
        if (agreed && !decided.has(id)) decided.set(id, decision);
      }
    }
    return decided;
  }

  #review(force: InForce): void {
    const { decision, rules, used, withheld } = force;
    const [first] = withheld;
    if (first) {
      const route = first.observation.route === undefined ? undefined : this.#routes.get(first.observation.route);
      const about = route ? labelOf(route) : first.observation.subject;
      const others = withheld.length === 1 ? '' : ` and ${withheld.length - 1} more`;
      this.#remark(decision, rules, {
        severity: 'error',
        message: `${nameOf(decision)} has no effect: with --strict-suppressions it needs an approval, and the approver file has none for ${about}${others}.`,
        fix: entryFor(decision, first, route, this.#project.home ?? this.#project.file.path),
      });
      return;
    }
    const idle =
      decision.kind === 'public' ? (used.size === 0 ? [] : undefined) : rules.filter((rule) => !used.has(rule));
    if (idle === undefined || (decision.kind === 'allow' && idle.length === 0)) return;
    const where = decision.route ?? (decision.place === '' ? 'the file' : decision.place);
    const what =
      decision.kind === 'public' ? `no route in ${where} is open` : `${where} has no finding of ${idle.join(', ')}`;
    this.#remark(decision, idle, {
      severity: 'note',
      message: `${nameOf(decision)} has no effect: ${what}. Take it out, so that it does not cover the next opening.`,
    });
  }

  #refuse(one: Decision | RefusedDecision, problem: string, instead: string, step?: StepId): void {
    const guess = one.rules.map((name) => nameRule(name, this.#ruleIds)).find((named) => 'id' in named);
    const about = step ?? (guess && 'id' in guess ? stepOf(guess.id) : undefined) ?? 'authorization';
    this.#remarks.push({
      step: about,
      observation: {
        message: `This decision has no effect: ${problem}. ${instead}.`,
        span: one.span,
        subject: [one.kind, ...one.rules, problem].join(' '),
        state: 'closed',
        severity: 'warning',
      },
    });
  }

  #remark(
    decision: Decision,
    rules: readonly string[],
    said: Pick<Observation, 'message'> & { readonly severity: Finding['severity']; readonly fix?: string },
  ): void {
    const steps = new Set(rules.map((rule) => stepOf(rule) ?? 'authorization'));
    for (const step of decision.kind === 'public' ? (['authorization'] as const) : steps)
      this.#remarks.push({
        step,
        observation: {
          ...said,
          span: decision.span,
          subject: [decision.kind, ...decision.rules, decision.place, decision.route ?? ''].join(' '),
          // What the decision is about speaks for itself.
          state: 'closed',
        },
      });
  }
}
