import type { Deployment, Project } from '../../project/index.ts';

/** True for a deployment that stays the snapshot that it was, because its logical id never changes. */
export function isStale({ plugins }: Project, { renamed, methods }: Deployment): boolean {
  return !renamed && methods > 0 && !plugins.some(({ name }) => makesNewIds(name));
}

/** serverless-random-gateway-deployment-id and its like put something new into the id of a written deployment each time. */
function makesNewIds(plugin: string): boolean {
  return plugin.includes('gateway-deployment');
}
