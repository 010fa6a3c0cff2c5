import type { LambdaFunction, Project, Route } from './model.ts';

export interface Reached {
  /** Logical id, or the name or ARN as written. */
  readonly resource: string;
  /** CloudFormation type: AWS::DynamoDB::Table. */
  readonly type: string;
  readonly access: 'read' | 'write';
}

export interface Reach {
  readonly function: LambdaFunction | undefined;
  /** Display name of the role between function and resources. */
  readonly role: string | undefined;
  /** One entry per resource and access; a resource that is read and written has both. Write first, then by resource. */
  readonly resources: readonly Reached[];
  /** Reason why the list may be incomplete: a role from elsewhere, a managed policy that is not in the files. */
  readonly incomplete: string | undefined;
}

/** What a caller of the route gets to: route -> function -> role -> resources. */
export function reachOf(_project: Project, _route: Route): Reach {
  throw new Error('being written');
}
