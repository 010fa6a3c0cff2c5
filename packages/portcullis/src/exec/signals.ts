/**
 * Signals are no part of Node's permission model, and SIGUSR1 makes any Node.js process of the same user listen for a debugger, which may do
 * what that process may: a way out of the fence as long as the network is open. So a fenced program sends signals to itself only.
 */
export function keepSignalsInside(): void {
  if (!('permission' in process) || process.permission === undefined) return;
  const host = process as unknown as Record<string, unknown>;
  const send = host['_kill'] as (pid: number, signal: number) => number;
  const inside = (pid: unknown, signal: unknown) => {
    if (pid !== process.pid || typeof signal !== 'number') throw denied();
    return send.call(process, pid, signal);
  };
  const debug = () => {
    throw denied();
  };
  // `process.kill` itself goes through `_kill`.
  Object.defineProperty(process, '_kill', { value: inside });
  Object.defineProperty(process, '_debugProcess', { value: debug });
  for (const name of ['_kill', '_debugProcess'])
    Object.defineProperty(process, name, { writable: false, configurable: false });
}

function denied(): Error {
  return Object.assign(new Error('Access to this API has been restricted'), {
    code: 'ERR_ACCESS_DENIED',
    permission: 'Signal',
  });
}

/** What the process that watches the program does about it, where the program found another way to send one. */
export function ignoreDebugSignal(): void {
  if (process.platform !== 'win32' && process.listenerCount('SIGUSR1') === 0) process.on('SIGUSR1', () => undefined);
}
