import type { ProgramEnd } from '../project/index.ts';

/** The program can write into the channel of its result itself: what comes out of it has this form, or counts for nothing. */
export function isProgramEnd(given: unknown): given is ProgramEnd {
  if (!isRecord(given)) return false;
  const { end, value, whole, resolved, environment, missing, variables, properties } = given;
  if (end === 'question') return isTexts(variables) && isTexts(properties);
  if (end === 'result')
    return (
      isOptionalText(value) &&
      isOptionalText(whole) &&
      Array.isArray(resolved) &&
      resolved.every((one) => isTexts(one) && one.length === 3) &&
      isRecord(environment) &&
      isTexts(Object.values(environment)) &&
      isTexts(missing)
    );
  const { why, message, places, output } = given;
  return (
    end === 'failure' &&
    typeof why === 'string' &&
    typeof message === 'string' &&
    Array.isArray(places) &&
    places.every(isPlace) &&
    isTexts(output) &&
    isTexts(missing)
  );
}

function isPlace(one: unknown): boolean {
  return isRecord(one) && typeof one['path'] === 'string' && isCount(one['line']) && isCount(one['column']);
}

const isCount = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

const isOptionalText = (value: unknown) => value === undefined || typeof value === 'string';

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
