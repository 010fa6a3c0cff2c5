import { isPlainSetting } from '../serverless/variables/plain-setting.ts';

/** Shorter values stand in other texts by accident. */
const SHORTEST = 4;

/**
 * Knows the environment variables that a program had or made (`--exec-env`, dotenv). Those that are not plainly settings are not used,
 * whatever the program put them into (docs/decisions/0005-input-boundaries.md).
 */
export class Concealer {
  readonly #secrets: readonly (readonly [string, string])[];

  constructor(environment: Readonly<Record<string, string>>) {
    this.#secrets = Object.entries(environment)
      .filter(([name, value]) => value.length >= SHORTEST && !isPlainSetting(name, value))
      .sort(([, a], [, b]) => b.length - a.length);
  }

  /** The variable that the text contains. */
  variableIn(text: string): string | undefined {
    return this.#secrets.find(([, value]) => text.includes(value))?.[0];
  }

  /** The text with the names of variables where their values were: for names of things, which must be something. */
  text(value: string): string {
    let result = value;
    for (const [name, secret] of this.#secrets) result = result.replaceAll(secret, () => `\${env:${name}}`);
    return result;
  }
}
