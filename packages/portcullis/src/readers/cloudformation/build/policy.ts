import {
  type Entry,
  entries,
  type Fact,
  get,
  items,
  known,
  type Node,
  type PolicyCondition,
  type PolicyStatement,
  possibilities,
  unknown,
} from '../../../project/index.ts';
import { describe, eachFact, isNull, textFact } from './facts.ts';
import { parsePolicyText } from './policy-text.ts';
import { flatten, present, spanning } from './values.ts';

/**
 * The statements of an evaluated policy document (IAM JSON policy elements reference): `Statement` as a map or a list, a
 * document as JSON text. Of `Fn::If` the statements of every branch count as granted, and no Deny in a branch counts as
 * certain. A document or statement that the files do not decide becomes a statement with an unknown effect. `condition`: the one
 * on which the resource with the document exists.
 */
export function statementsOf(policyDocument: Node | undefined, condition?: string): readonly PolicyStatement[] {
  const document = present(policyDocument);
  if (!document) return [];
  return documentStatements(document, condition);
}

/**
 * A policy property as a whole: a known empty list when it is absent, null or an empty string or map (compiled osls templates
 * have `Policy: ''`), unknown when the files do not decide it or it is no policy.
 */
export function policyFact(node: Node | undefined): Fact<readonly PolicyStatement[]> {
  const policy = present(node);
  if (!policy) return known<readonly PolicyStatement[]>([]);
  if (policy.kind === 'either') {
    return { kind: 'either', condition: policy.condition, options: policy.branches.map(policyFact) };
  }
  if (policy.kind === 'scalar' && typeof policy.value === 'string' && policy.value.trim() === '') {
    return known<readonly PolicyStatement[]>([], policy.span);
  }
  if (policy.kind === 'unknown') return unknown(policy.reason, policy.span);
  if (policy.kind === 'map') return known(statementsOf(policy), policy.span);
  const parsed = parsePolicyText(policy);
  return parsed ? known(statementsOf(parsed), policy.span) : unknown('is not a policy document', policy.span);
}

function documentStatements(document: Node, condition: string | undefined): PolicyStatement[] {
  if (document.kind === 'either') {
    return document.branches.flatMap((branch) => documentStatements(branch, document.condition));
  }
  if (document.kind === 'map') return listed(present(get(document, 'Statement')), condition);
  // People also write the list of statements where the document belongs (iam.role.statements copied as it was).
  if (document.kind === 'list') return listed(document, condition);
  if (!present(document) || (document.kind === 'scalar' && document.value === '')) return [];
  const parsed = parsePolicyText(document);
  if (parsed?.kind === 'map') return listed(present(get(parsed, 'Statement')), condition);
  return [undecidedStatement(document)];
}

function listed(node: Node | undefined, condition: string | undefined, depth = 0): PolicyStatement[] {
  if (!node) return [];
  if (node.kind === 'either') return node.branches.flatMap((branch) => listed(branch, node.condition, depth));
  if (node.kind === 'list' && depth < 3) return node.items.flatMap((item) => listed(item, condition, depth + 1));
  if (node.kind === 'scalar' && (node.value === null || node.value === '')) return [];
  return node.kind === 'map' ? statements(node, condition) : [undecidedStatement(node)];
}

function undecidedStatement(node: Node): PolicyStatement {
  const reason =
    node.kind === 'unknown' ? node.reason : `is ${describeKind(node)}, where a policy statement was expected`;
  return {
    span: node.span,
    effect: unknown(reason, node.span),
    actions: [unknown(reason, node.span)],
    notActions: [],
    resources: [{ kind: 'unknown', source: 'other', reason, span: node.span }],
    notResources: [],
    principals: [unknown(reason, node.span)],
    notPrincipals: undefined,
    conditions: [],
  };
}

function describeKind(node: Node): string {
  return node.kind === 'reference' ? `a reference to ${describe(node)}` : `a ${node.kind}`;
}

/** One statement, or one per branch when its Condition element depends on a deployment condition. */
function statements(node: Node, condition: string | undefined): PolicyStatement[] {
  const written = present(get(node, 'Condition'));
  const branches = written ? conditionSets(written) : [];
  const base: PolicyStatement = {
    span: node.span,
    effect: effectOf(node, branches.length > 1 ? (condition ?? conditionOf(written)) : condition),
    actions: eachText(get(node, 'Action')),
    notActions: eachText(get(node, 'NotAction')),
    resources: flatten(get(node, 'Resource')),
    notResources: flatten(get(node, 'NotResource')),
    principals: principalsOf(get(node, 'Principal')),
    ...principalNodes(present(get(node, 'Principal'))),
    notPrincipals: principalsOf(get(node, 'NotPrincipal')),
    conditions: [],
  };
  return branches.length === 0 ? [base] : branches.map((conditions) => ({ ...base, conditions }));
}

/** A statement takes few conditions; more combinations of `Fn::If` than this are listed side by side. */
const maximumSets = 16;

/** The conditions of a Condition element; one set for each way in which `Fn::If` may decide about whole operators or keys. */
function conditionSets(written: Node): readonly (readonly PolicyCondition[])[] {
  return possibilities(written).flatMap((element) => {
    if (element.kind !== 'map') return [conditionsOf(element)];
    let sets: readonly (readonly PolicyCondition[])[] = [[]];
    for (const operator of element.entries) {
      for (const part of partsOf(operator)) {
        const options = part.map((entry) => conditionsOf({ ...element, entries: entry }));
        if (sets.length * options.length > maximumSets) return [conditionsOf(element)];
        sets = sets.flatMap((set) => options.map((option) => [...set, ...option]));
      }
    }
    return sets;
  });
}

/** An operator as what it may be: whole maps of keys in the branches of `Fn::If`, and keys that a branch leaves out. */
function partsOf(operator: Entry): readonly (readonly (readonly Entry[])[])[] {
  const { value } = operator;
  if (value.kind === 'either') {
    return [possibilities(value).map((keys) => (isNull(keys) ? [] : [{ ...operator, value: keys }]))];
  }
  if (value.kind !== 'map') return [[[operator]]];
  return value.entries.map((key) => {
    const alone = [{ ...operator, value: { ...value, entries: [key] } }];
    return possibilities(key.value).some(isNull) ? [alone, []] : [alone];
  });
}

function conditionOf(node: Node | undefined): string | undefined {
  if (node?.kind === 'either') return node.condition;
  for (const { value } of entries(node)) {
    const inner = conditionOf(value);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function effectOf(node: Node, outer: string | undefined): PolicyStatement['effect'] {
  const condition = outer ?? conditionInside(node);
  const effect = get(node, 'Effect');
  if (!effect) return unknown('has no Effect', node.span);
  const decide = (value: Node): PolicyStatement['effect'] => {
    if (value.kind === 'either') {
      return { kind: 'either', condition: value.condition, options: value.branches.map(decide) };
    }
    const text = textFact(value);
    if (text.kind !== 'known') return unknown(text.kind === 'unknown' ? text.reason : 'is not decided', value.span);
    if (text.value === 'Allow') return known('Allow', value.span);
    if (text.value !== 'Deny') return unknown('is neither Allow nor Deny', value.span);
    if (condition === undefined) return known('Deny', value.span);
    return {
      kind: 'either',
      condition,
      options: [known('Deny', value.span), unknown(`is there only under the condition ${condition}`, value.span)],
    };
  };
  return decide(effect);
}

/** The condition that decides which actions or resources a statement names; both branches are listed then. */
function conditionInside(statement: Node): string | undefined {
  for (const key of ['Action', 'NotAction', 'Resource', 'NotResource']) {
    const value = get(statement, key);
    const either = value && items(value).find((item) => item.kind === 'either');
    if (either?.kind === 'either') return either.condition;
  }
  return undefined;
}

function eachText(node: Node | undefined): readonly Fact<string>[] {
  return flatten(node).map(textFact);
}

/** `*`, or the values of the AWS, Service, Federated and CanonicalUser keys. */
function principalsOf(node: Node | undefined): readonly Fact<string>[] | undefined {
  const principal = present(node);
  if (!principal) return undefined;
  return possibilities(principal).flatMap((value) =>
    value.kind === 'map'
      ? value.entries.flatMap((entry) => eachFact(entry.value, textFact))
      : flatten(value).map(textFact),
  );
}

function principalNodes(principal: Node | undefined): Pick<PolicyStatement, 'principalNodes'> {
  if (!principal) return {};
  const nodes = possibilities(principal).flatMap((value) =>
    value.kind === 'map' ? value.entries.flatMap((entry) => flatten(entry.value)) : flatten(value),
  );
  return { principalNodes: nodes };
}

function conditionsOf(node: Node): readonly PolicyCondition[] {
  if (node.kind === 'scalar') return [];
  if (node.kind !== 'map') return [{ operator: 'unknown', key: 'unknown', values: [node], span: node.span }];
  return node.entries.flatMap((operator) =>
    possibilities(operator.value).flatMap((keys) =>
      keys.kind === 'map'
        ? entries(keys).map((key) => ({
            operator: operator.key,
            key: key.key,
            values: flatten(key.value),
            span: spanning(key.keySpan, key.value.span),
          }))
        : [{ operator: operator.key, key: 'unknown', values: flatten(keys), span: operator.keySpan }],
    ),
  );
}
