/**
 * `provider.variableSyntax` of v1 and v2 is a pattern that finds variables; what stands before its first group is what a variable begins
 * with. Undefined when it begins as usual: such patterns only leave `${AWS::...}` alone, which today's syntax does by itself.
 */
export function openingOf(pattern: string): string | undefined {
  const opening = pattern.split('(', 1)[0]?.replace(/^\^/, '').replaceAll('\\', '') ?? '';
  return opening === '' || opening === '${' ? undefined : opening;
}
