import { type Node, textOf } from '../../../project/index.ts';
import { noValue, refused } from './errors.ts';
import { isPlainSetting } from './plain-setting.ts';
import { remoteValue } from './remote.ts';
import { type Call, type Outcome, type Scope, scalar, undecided } from './scope.ts';
import { withSources } from './text.ts';

/** Sources that the files, the command line and the environment decide. Any other type comes from elsewhere: remote.ts. */
const sources: Readonly<Record<string, (call: Call, scope: Scope) => Outcome>> = {
  self: fromService,
  opt: fromOptions,
  env: fromEnvironment,
  file: fromFile,
  sls: fromFramework,
  param: fromParameters,
  strToBool: toBoolean,
  aws: fromAws,
};

export function valueFrom(call: Call, scope: Scope): Outcome {
  const source = Object.hasOwn(sources, call.type) ? sources[call.type] : undefined;
  return source ? source(call, scope) : remoteValue(call);
}

function fromService(call: Call, scope: Scope): Outcome {
  const keys = keysOf(call.address);
  const found = scope.follow(scope.root, keys);
  const value = found ?? formerDefault(keys, call, scope);
  if (value)
    return { value: keys.length === 1 && keys[0] === 'service' ? serviceName(value, scope) : value, source: 'self' };
  return {
    missing: {
      source: 'self',
      reason: `comes from ${call.raw}, which is not in the service`,
      error: noValue(call, 'it is not in the service'),
    },
  };
}

/** v1 and v2 filled these in before variables were resolved; v3 and osls refuse the variable. */
function formerDefault(keys: readonly string[], call: Call, scope: Scope): Node | undefined {
  const path = keys.join('.');
  if (path === 'provider.stage') return placed(scope.stage(), call, scope);
  if (path === 'provider.region') return placed(scope.region(), call, scope);
  if (path === 'service.name') return scope.follow(scope.root, ['service']);
  return undefined;
}

/** v1 and v2 allowed `service: {name: x}`, and `${self:service}` was the name. */
function serviceName(service: Node, scope: Scope): Node {
  return (service.kind === 'map' ? scope.follow(service, ['name']) : undefined) ?? service;
}

function fromOptions(call: Call, scope: Scope): Outcome {
  const { options } = scope.context;
  if (call.address === 'stage' && options.stage !== undefined) {
    return { value: scalar(options.stage, call.span), source: 'opt' };
  }
  // People who write no fallback always pass the option; what it defaults to elsewhere is the best that the file says.
  if (call.last && call.address === 'stage') return { value: placed(scope.stage(), call, scope), source: 'opt' };
  if (call.last && call.address === 'region') return { value: placed(scope.region(), call, scope), source: 'opt' };
  return {
    missing: {
      source: 'opt',
      reason: `is given on the command line (--${call.shownAddress || 'option'}) when it is deployed`,
    },
  };
}

function fromEnvironment(call: Call, scope: Scope): Outcome {
  const found = scope.environment(call.address);
  if (found) {
    const value = isPlainSetting(call.address, found.value)
      ? scalar(found.value, call.span)
      : undecided(
          found.source,
          `comes from the environment variable ${call.shownAddress}, which may be a secret`,
          call.span,
        );
    return { value, source: found.source };
  }
  return {
    missing: {
      source: 'env',
      reason: `comes from the environment variable ${call.shownAddress}, which is not set where check runs`,
    },
  };
}

function fromFile(call: Call, scope: Scope): Outcome {
  const [given] = call.params;
  const path = typeof given === 'object' && given !== null ? textOf(given) : (given ?? undefined);
  if (path === undefined || path === '') {
    return {
      missing: { source: 'file', reason: 'names no file', error: refused(call, 'the source `file` needs a path') },
    };
  }
  const content = scope.file(String(path), call);
  if ('missing' in content) return content;
  const address = call.address === '' ? String(path) : `${path}:${call.address}`;
  if (call.address === '' || content.atAddress) return { ...content, value: scope.shallow(content.value), address };
  const found = scope.follow(content.value, keysOf(call.address));
  if (found) return { value: found, source: found.kind === 'unknown' ? found.source : 'file', address };
  return {
    missing: {
      source: 'file',
      reason: `comes from ${call.raw}, which that file does not have`,
      error: noValue(call, 'it is not in that file'),
    },
  };
}

function fromFramework(call: Call, scope: Scope): Outcome {
  if (call.address === 'stage') return { value: placed(scope.stage(), call, scope), source: 'sls' };
  if (call.address === 'instanceId') {
    return { value: undecided('sls', 'is made anew by each run of the framework', call.span), source: 'sls' };
  }
  return {
    missing: {
      source: 'sls',
      reason: 'is no value that the framework knows',
      error: refused(call, '`sls` has only `stage` and `instanceId`'),
    },
  };
}

/** `--param`, then the section of the stage, then `default`; in `stages.<stage>.params` (v4) as well as in `params.<stage>`. */
function fromParameters(call: Call, scope: Scope): Outcome {
  const given = scope.context.options.params;
  if (Object.hasOwn(given, call.address)) {
    const text = given[call.address] ?? '';
    const value = isPlainSetting(call.address, text)
      ? scalar(text, call.span)
      : undecided('param', `is the parameter ${call.shownAddress}, which may be a secret`, call.span);
    return { value, source: 'param' };
  }
  const stage = scope.stage();
  if (stage.kind === 'unknown') return { value: stage, source: 'param' };
  for (const section of [textOf(stage) ?? 'dev', 'default']) {
    for (const keys of [
      ['stages', section, 'params', call.address],
      ['params', section, call.address],
    ]) {
      const found = scope.follow(scope.root, keys);
      if (found && !(found.kind === 'scalar' && found.value === null)) return { value: found, source: 'param' };
    }
  }
  return {
    missing: {
      source: 'param',
      reason: `is the parameter ${call.shownAddress}, which is given with --param or in the dashboard`,
    },
  };
}

function toBoolean(call: Call): Outcome {
  const [given] = call.params;
  const node = typeof given === 'object' && given !== null ? given : scalar(given ?? null, call.span);
  const word = textOf(node)?.trim().toLowerCase();
  const value = word === 'true' || word === '1' ? true : word === 'false' || word === '0' ? false : undefined;
  if (value !== undefined)
    return { value: withSources(scalar(value, call.span), node.from ?? []), source: 'other', address: call.raw };
  return {
    missing: {
      source: 'other',
      reason: 'is no boolean',
      error: refused(call, '`strToBool` got something else than true, false, 1 or 0'),
    },
  };
}

/** What is written nowhere, as the default stage, has its place at the variable. */
function placed(node: Node, call: Call, scope: Scope): Node {
  return node.span === scope.root.span ? { ...node, span: call.span } : node;
}

function fromAws(call: Call, scope: Scope): Outcome {
  return call.address === 'region' ? { value: placed(scope.region(), call, scope), source: 'aws' } : remoteValue(call);
}

function keysOf(address: string): string[] {
  return address === '' ? [] : address.split('.');
}
