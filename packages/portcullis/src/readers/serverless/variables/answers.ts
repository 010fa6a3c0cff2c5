import { items, type Node, textOf } from '../../../project/index.ts';
import type { Answers } from '../../program/index.ts';
import { type Scope, scalar } from './scope.ts';

/** Levels of a value that a function is given. */
const MOST_LEVELS = 100;

/** What functions of programs learn about the service: `resolveVariable`, `resolveConfigurationProperty`, the options of the command line. */
export function answersFrom(scope: Scope): Answers {
  return {
    variable: (address) => {
      const variable = scalar(`\${${address}}`, scope.root.span);
      return answer(scope.shallow(variable), scope);
    },
    property: (keys) => {
      const found = scope.follow(scope.root, keys === '' ? [] : keys.split('.'));
      return found ? answer(found, scope) : { value: undefined };
    },
    given: () => {
      const stage = textOf(scope.stage());
      const region = textOf(scope.region());
      const { params } = scope.context.options;
      const param = Object.entries(params).map(([key, value]) => `${key}=${value}`);
      const service = written(scope.root, 0);
      return {
        options: { stage, region, ...(param.length > 0 ? { param } : {}) },
        service: typeof service === 'object' && service !== null ? withDefaults(service, stage, region) : {},
      };
    },
  };
}

/** v1 and v2 filled these in before they called a function. */
function withDefaults(service: object, stage: string | undefined, region: string | undefined): object {
  const { provider } = service as { provider?: unknown };
  return typeof provider === 'object' ? { ...service, provider: { ...provider, stage, region } } : service;
}

class Undecided extends Error {}

function answer(node: Node, scope: Scope): ReturnType<Answers['variable']> {
  try {
    return { value: decided(node, scope, 0) };
  } catch (error) {
    if (error instanceof Undecided) return { undecided: error.message };
    throw error;
  }
}

/** Throws Undecided as soon as one part is not decided: a function may use any of it. */
function decided(given: Node, scope: Scope, level: number): unknown {
  const node = scope.shallow(given);
  if (level > MOST_LEVELS) throw new Undecided('is nested too deeply');
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map((item) => decided(item, scope, level + 1));
  if (node.kind === 'map')
    return Object.fromEntries(node.entries.map(({ key, value }) => [key, decided(value, scope, level + 1)]));
  const part = node.kind === 'text' ? node.parts.find((piece) => typeof piece === 'object') : node;
  throw new Undecided(
    typeof part === 'object' && part.kind === 'unknown' ? part.reason : 'is not decided by the files',
  );
}

/** As written, with variables as texts. */
function written(node: Node, level: number): unknown {
  if (level > MOST_LEVELS) return undefined;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return items(node).map((item) => written(item, level + 1));
  if (node.kind === 'map')
    return Object.fromEntries(node.entries.map(({ key, value }) => [key, written(value, level + 1)]));
  return undefined;
}
