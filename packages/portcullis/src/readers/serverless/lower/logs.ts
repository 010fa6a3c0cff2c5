import type { Node, Span } from '../../../project/index.ts';
import { apiSetting, isMap, type Lowering, providerSetting } from './lowering.ts';
import { dig, isUnset, make, type Plain, set } from './nodes.ts';

// `provider.logs` (hack/update-stage.js, websockets/lib/stage.js, http-api.js). For REST APIs the framework sets it on the stage by calls
// after the deployment; here it stands where CloudFormation has it.

/** Where the log goes does not matter here; that it goes somewhere does. */
const destination = 'the log group of the framework';

interface RestLogs {
  readonly accessLog: Plain;
  /** One entry of `MethodSettings`, for all methods. */
  readonly methods: readonly Plain[];
}

/** `provider.logs.restApi`. Nothing happens to an API of another stack. */
export function restLogs(lowering: Lowering): RestLogs {
  const { logs, span } = settingOf(lowering, 'restApi');
  if (!logs || !span || apiSetting(lowering, 'apiGateway', 'restApiId')) return { accessLog: undefined, methods: [] };
  if (logs.kind === 'unknown') return { accessLog: logs, methods: [] };
  return {
    accessLog: isOn(logs, 'accessLogging') ? { DestinationArn: destination } : undefined,
    methods: [make(dataTraceSpan(logs, span), { ResourcePath: '/*', HttpMethod: '*', ...execution(logs, span) })],
  };
}

/** `provider.logs.websocket`, as properties of the stage. */
export function websocketLogs(lowering: Lowering): { readonly [key: string]: Plain } {
  const { logs, span } = settingOf(lowering, 'websocket');
  if (!logs || !span) return {};
  if (logs.kind === 'unknown') return { AccessLogSettings: logs };
  return {
    DefaultRouteSettings: make(dataTraceSpan(logs, span), execution(logs, span)),
    AccessLogSettings: isOn(logs, 'accessLogging') ? { DestinationArn: destination } : undefined,
  };
}

/** `provider.logs.httpApi`: HTTP APIs have access logs and no others. */
export function httpLogs(lowering: Lowering): Plain {
  const { logs } = settingOf(lowering, 'httpApi');
  if (!logs) return undefined;
  return logs.kind === 'unknown' ? logs : { DestinationArn: destination };
}

function settingOf(
  lowering: Lowering,
  kind: 'restApi' | 'websocket' | 'httpApi',
): { logs: Node | undefined; span: Span | undefined } {
  const all = providerSetting(lowering, 'logs');
  if (all?.kind === 'unknown') return { logs: all, span: all.span };
  const entry = isMap(all) ? all.entries.findLast(({ key }) => key === kind) : undefined;
  return { logs: set(entry?.value), span: entry?.keySpan };
}

/** Everything is on unless it is switched off; null counts as not written. */
function isOn(logs: Node, key: string): boolean {
  const value = dig(logs, key);
  return value === undefined || (value.kind === 'scalar' && value.value === null) || !isUnset(value);
}

function execution(logs: Node, span: Span): { readonly [key: string]: Plain } {
  const full = dig(logs, 'fullExecutionData');
  const undecided = full?.kind === 'unknown' || full?.kind === 'text' || full?.kind === 'either';
  return {
    DataTraceEnabled: undecided ? full : make(dataTraceSpan(logs, span), isOn(logs, 'fullExecutionData')),
    LoggingLevel: isOn(logs, 'executionLogging') ? (set(dig(logs, 'level')) ?? 'INFO') : 'OFF',
  };
}

function dataTraceSpan(logs: Node, span: Span): Span {
  const entry = isMap(logs) ? logs.entries.findLast(({ key }) => key === 'fullExecutionData') : undefined;
  return entry?.keySpan ?? span;
}
