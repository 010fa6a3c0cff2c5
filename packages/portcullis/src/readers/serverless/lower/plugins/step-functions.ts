import { isMap, type Lowering, notRead } from '../lowering.ts';
import { dig, listOf } from '../nodes.ts';
import { type RestRoute, readHttpEvent } from '../rest/routes.ts';
import { mergedMap, reasonOf } from '../service.ts';
import { findPlugin } from './list.ts';

const plugin = 'serverless-step-functions';

/** Routes of serverless-step-functions: `stepFunctions.stateMachines.X.events[].http`, in the form of a function's http event. */
export function collectStateMachineRoutes(lowering: Lowering): readonly RestRoute[] {
  if (!findPlugin(lowering.plugins, plugin) && !lowering.plugins.incomplete) return [];
  const stepFunctions = dig(lowering.root, 'stepFunctions');
  if (!stepFunctions) return [];
  const routes: RestRoute[] = [];
  const undecided = (node: Parameters<typeof reasonOf>[0]) =>
    notRead(lowering, 'state machines', reasonOf(node), node.span, ['authorization', 'usage-plans', 'firewall']);
  if (stepFunctions.kind === 'unknown') {
    undecided(stepFunctions);
    return [];
  }
  const machines = mergedMap(dig(stepFunctions, 'stateMachines'), lowering.root, undecided, undecided);
  for (const machine of machines.entries) {
    if (machine.value.kind === 'unknown') undecided(machine.value);
    const events = dig(machine.value, 'events');
    listOf(events).forEach((item, index) => {
      if (!isMap(item)) return;
      const http = item.entries.findLast((entry) => entry.key === 'http');
      if (!http) return;
      const path = `stepFunctions.stateMachines.${machine.key}.events[${index}]`;
      const event = { kind: 'http', value: http.value, span: http.keySpan, entry: item, path };
      const route = readHttpEvent(lowering, event, undefined, 'states');
      if (route) routes.push(route);
    });
  }
  return routes;
}
