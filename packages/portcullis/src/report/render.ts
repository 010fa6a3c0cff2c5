import type { Render } from './options.ts';

export const formatNames = ['pretty', 'json', 'sarif'] as const;
export type FormatName = (typeof formatNames)[number];

/** Loads one format; the others cost nothing. */
export async function loadFormat(name: FormatName): Promise<Render> {
  if (name === 'json') {
    const { renderJson } = await import('./json.ts');
    return renderJson;
  }
  if (name === 'sarif') {
    const { renderSarif } = await import('./sarif.ts');
    return (report, { rules, version }) => [renderSarif(report, rules, version)];
  }
  const { renderPretty } = await import('./pretty/index.ts');
  return (report, options) => [renderPretty(report, options)];
}
