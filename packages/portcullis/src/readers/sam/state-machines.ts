import { get, type Node } from '../../project/index.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { attribute, makeMap, type Plain, ref } from '../serverless/lower/nodes.ts';
import { add, given, isTrue, leave, pick, type Sam } from './context.ts';
import { eventsOf } from './events.ts';
import { addOperation, apiNamed, eventMethod } from './operations.ts';
import { addRole, trust } from './roles.ts';

/** AWS::Serverless::StateMachine: the state machine, its role, and what its events make. */
export function lowerStateMachine(sam: Sam, resource: TemplateResource): void {
  const { id, properties, span } = resource;
  const made = add(sam, resource, id, 'AWS::StepFunctions::StateMachine', span, {}, { keep: true });
  const own = given(get(properties, 'Role'));
  const written = get(properties, 'Tracing');
  const tracing = isTrue(get(written, 'Enabled')) ? ['AWSXrayWriteOnlyAccess'] : [];
  const role = own
    ? undefined
    : addRole(
        sam,
        resource,
        get(properties, 'Policies'),
        { trust: trust('states.amazonaws.com'), managed: tracing, statements: [] },
        undefined,
      );
  const group = sam.made.get(id);
  const named = makeMap(span, {
    StateMachineName: given(get(properties, 'Name')),
    StateMachineType: given(get(properties, 'Type')),
    RoleArn: own ?? (role === undefined ? undefined : attribute(role, 'Arn')),
    LoggingConfiguration: given(get(properties, 'Logging')),
    TracingConfiguration: given(written),
  });
  const kept = properties.entries.filter(({ key }) => same.includes(key));
  if (group?.[0]) group[0] = { ...made, properties: { ...properties, entries: [...kept, ...named.entries] } };
  events(sam, resource);
}

const same = ['Definition', 'DefinitionUri', 'DefinitionSubstitutions'];

function events(sam: Sam, owner: TemplateResource): void {
  for (const { key, span, type, properties } of eventsOf(sam, owner)) {
    const id = `${owner.id}${key}`;
    const role = `${id}Role`;
    const service = services.get(type);
    if (service === undefined) {
      leave(sam, `event ${key} of ${owner.id}`, `events of the type ${type} are not read yet`, span, ['secrets']);
      continue;
    }
    add(sam, owner, role, 'AWS::IAM::Role', span, {
      AssumeRolePolicyDocument: trust(service),
      Policies: [
        {
          PolicyName: `${role}StartExecutionPolicy`,
          PolicyDocument: {
            Statement: [{ Action: 'states:StartExecution', Effect: 'Allow', Resource: ref(owner.id) }],
          },
        },
      ],
    });
    if (type === 'Api') apiEvent(sam, owner, key, properties, span, role);
    else {
      const target = { Arn: ref(owner.id), RoleArn: attribute(role, 'Arn'), Input: given(get(properties, 'Input')) };
      add(sam, owner, id, type === 'ScheduleV2' ? 'AWS::Scheduler::Schedule' : 'AWS::Events::Rule', span, {
        ...pick(properties, 'EventBusName', 'State', 'ScheduleExpression'),
        EventPattern: given(get(properties, 'Pattern')),
        ...(type === 'ScheduleV2' ? { Target: target } : { Targets: [{ Id: id, ...target }] }),
      });
    }
  }
}

/** Who starts the execution. */
const services: ReadonlyMap<string, string> = new Map([
  ['Api', 'apigateway.amazonaws.com'],
  ['Schedule', 'events.amazonaws.com'],
  ['ScheduleV2', 'scheduler.amazonaws.com'],
  ['CloudWatchEvent', 'events.amazonaws.com'],
  ['EventBridgeRule', 'events.amazonaws.com'],
]);

/** The gateway starts the execution by itself, with a role. */
function apiEvent(
  sam: Sam,
  owner: TemplateResource,
  key: string,
  properties: Node,
  span: TemplateResource['span'],
  role: string,
): void {
  const api = apiNamed(sam, owner, key, span, get(properties, 'RestApiId'), 'rest');
  const described = eventMethod(sam, owner, key, span, properties);
  if (!api || !described) return;
  const credentials: Plain = attribute(role, 'Arn');
  const auth = given(get(properties, 'Auth'));
  addOperation(sam, api.id, {
    ...described,
    span,
    condition: owner.condition,
    auth,
    integration: makeMap(span, {
      type: 'aws',
      httpMethod: 'POST',
      uri: { 'Fn::Sub': 'arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution' },
      credentials,
    }),
  });
}
