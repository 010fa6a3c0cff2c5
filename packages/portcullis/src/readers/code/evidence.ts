import type { Expression, Statement } from './tree.ts';

export interface Evidence {
  readonly allows: boolean;
  readonly denies: boolean;
}

const allowing = /^(?:allow|allowed|authorized|authorised|permit|permitted|granted|success)$/i;
const denying = /^(?:deny|denied|unauthorized|unauthorised|forbidden|reject|rejected|401|403)$/i;
const allowingName = /^(?:generate|create|build|get|make)?_?allow/i;
const denyingName = /^(?:generate|create|build|get|make)?_?(?:deny|denied|unauthori[sz]ed|forbidden|reject)/i;

/** What a branch of the code speaks of: opening, refusing, both or neither. Looks at words, not at what is reached. */
export function evidenceIn(statements: readonly Statement[]): Evidence {
  const found = { allows: false, denies: false };
  for (const statement of statements) inStatement(statement, found, 0);
  return found;
}

interface Found {
  allows: boolean;
  denies: boolean;
}

const deepest = 40;

function inStatement(statement: Statement, found: Found, depth: number): void {
  if (depth > deepest) return;
  const all = (list: readonly Statement[]) => {
    for (const one of list) inStatement(one, found, depth + 1);
  };
  switch (statement.kind) {
    case 'throw':
      found.denies = true;
      break;
    case 'return':
      if (statement.value?.kind === 'constant' && statement.value.value === true) found.allows = true;
      if (statement.value?.kind === 'constant' && statement.value.value === false) found.denies = true;
      if (statement.value) inExpression(statement.value, found, depth);
      break;
    case 'expression':
      inExpression(statement.value, found, depth);
      break;
    case 'declare':
      if (statement.value) inExpression(statement.value, found, depth);
      break;
    case 'if':
      inExpression(statement.test, found, depth);
      all(statement.yes);
      all(statement.no);
      break;
    case 'switch':
      for (const { body } of statement.cases) all(body);
      break;
    case 'loop':
    case 'block':
      all(statement.body);
      break;
    default:
  }
}

export function evidenceOf(expression: Expression): Evidence {
  const found = { allows: false, denies: false };
  inExpression(expression, found, 0);
  return found;
}

function inExpression(expression: Expression, found: Found, depth: number): void {
  if (depth > deepest) return;
  const go = (one: Expression) => inExpression(one, found, depth + 1);
  switch (expression.kind) {
    case 'text':
      if (allowing.test(expression.value)) found.allows = true;
      if (denying.test(expression.value)) found.denies = true;
      break;
    case 'name':
      nameEvidence(expression.name, found);
      break;
    case 'member':
      go(expression.object);
      if (typeof expression.key === 'string') nameEvidence(expression.key, found);
      else go(expression.key);
      break;
    case 'constant':
      if (expression.value === 401 || expression.value === 403) found.denies = true;
      break;
    case 'call':
      go(expression.callee);
      for (const { value } of expression.args) go(value);
      break;
    case 'object':
      for (const { key, value } of expression.entries) {
        if (key === 'isAuthorized' && value.kind === 'constant') {
          if (value.value === true) found.allows = true;
          else found.denies = true;
        } else go(value);
      }
      break;
    case 'array':
    case 'sequence':
      expression.items.forEach(go);
      break;
    case 'operation':
      expression.operands.forEach(go);
      break;
    case 'choice':
      go(expression.left);
      go(expression.right);
      break;
    case 'conditional':
      go(expression.test);
      go(expression.yes);
      go(expression.no);
      break;
    case 'assign':
    case 'spread':
      go(expression.value);
      break;
    case 'function':
      for (const statement of expression.function.body) inStatement(statement, found, depth + 1);
      break;
    default:
  }
}

function nameEvidence(name: string, found: Found): void {
  if (allowingName.test(name)) found.allows = true;
  if (denyingName.test(name)) found.denies = true;
}
