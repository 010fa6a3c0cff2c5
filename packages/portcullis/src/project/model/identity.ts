import type { Span } from '../source.ts';

export interface UserPool {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
}
