import { createHash } from 'node:crypto';
import type { GateState, Severity } from '../contract/index.ts';

/** How a gate stands because of a finding, unless the finding says otherwise. */
export const stateOf: Readonly<Record<Severity, GateState>> = { error: 'open', warning: 'half-open', note: 'closed' };

/** Some rules say a clause and some a sentence; readers see sentences. */
export function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

/**
 * Stays the same when lines move.
 * @param repetition how many findings of the rule about the subject came before: they are told apart by their order
 */
export function fingerprintOf(rule: string, file: string, subject: string, repetition = 0): string {
  const identity = [rule, file, subject].join('\n');
  return createHash('sha256')
    .update(repetition === 0 ? identity : `${identity}\n${repetition}`)
    .digest('hex')
    .slice(0, 32);
}
