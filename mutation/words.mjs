/** Properties of a rule that describe it; `severity`, `id` and `step` are not among them. */
const described = new Set(['title', 'attack', 'fix', 'docs', 'mappings']);
/** Properties of an observation, or of the parts that it is made of, that hold sentences and snippets. */
const said = new Set(['message', 'question', 'fix', 'path', 'reason', 'instead', 'what', 'why']);
const comparisons = new Set(['===', '!==', '==', '!=', 'in', '<', '>', '<=', '>=']);
/** Methods that look at a text, or for one: what is given to them decides something. */
const deciding = new Set([
  'includes',
  'has',
  'get',
  'startsWith',
  'endsWith',
  'indexOf',
  'lastIndexOf',
  'split',
  'test',
  'match',
  'matchAll',
  'exec',
  'replace',
  'replaceAll',
  'localeCompare',
  'equals',
]);

const nameOf = (node) => (node?.key?.type === 'Identifier' ? node.key.name : node?.key?.value);

/** The object that describes a rule, not one of its observations. */
function isRuleObject(node) {
  const names = new Set(node.properties.map(nameOf));
  return names.has('attack') && names.has('title');
}

/** Why nothing in this part of the file is a decision, or undefined. Nothing inside such a part counts. */
export function proseOf(path) {
  if (
    path.isObjectProperty() &&
    path.parentPath.isObjectExpression() &&
    isRuleObject(path.parent) &&
    described.has(nameOf(path.node))
  )
    return 'prose of the rule';
  return undefined;
}

/** Whether a text is words for people: with a space or a line break in it, in a sentence, or where a sentence is said. */
export function isWords(path) {
  if (!path.isStringLiteral() && !path.isTemplateLiteral()) return false;
  if (isCompared(path)) return false;
  const text = path.isStringLiteral() ? path.node.value : path.node.quasis.map(({ value }) => value.raw).join('');
  if (/\s/.test(text)) return true;
  // A word in a sentence: `${count} route${count === 1 ? '' : 's'}`, message: known ? 'x' : 'y'.
  for (let at = path; at.parentPath; at = at.parentPath) {
    const { parentPath } = at;
    if (parentPath.isTemplateLiteral()) return true;
    if (parentPath.isObjectProperty() && at.key === 'value') return said.has(nameOf(parentPath.node));
    if (parentPath.isArrayExpression()) continue;
    if (parentPath.isConditionalExpression() && at.key !== 'test') continue;
    if (parentPath.isLogicalExpression() && at.key === 'right') continue;
    if (parentPath.isBinaryExpression({ operator: '+' })) continue;
    if (parentPath.isTSAsExpression() || parentPath.isParenthesizedExpression()) continue;
    return false;
  }
  return false;
}

function isCompared(path) {
  const { parentPath, parent } = path;
  if (parentPath.isBinaryExpression() && comparisons.has(parent.operator)) return true;
  if (parentPath.isSwitchCase()) return true;
  if (parentPath.isCallExpression() && parent.callee.type === 'MemberExpression')
    return (
      deciding.has(parent.callee.property.name) && (path.listKey === 'arguments' || parent.callee.object === path.node)
    );
  if (parentPath.isNewExpression()) return true;
  // A list or a set of names to compare with, at the top of a file.
  if (parentPath.isArrayExpression())
    return parentPath.parentPath.isNewExpression() || parentPath.parentPath.isArrayExpression();
  return false;
}
