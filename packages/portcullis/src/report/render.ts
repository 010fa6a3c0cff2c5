import type { Render } from './options.ts';

export const formatNames = ['pretty', 'json', 'sarif', 'junit', 'github', 'gitlab', 'markdown', 'html'] as const;
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
  if (name === 'junit') return (await import('./junit.ts')).renderJunit;
  if (name === 'github') return (await import('./github.ts')).renderGithub;
  if (name === 'gitlab') return (await import('./gitlab.ts')).renderGitlab;
  if (name === 'markdown') return (await import('./markdown.ts')).renderMarkdown;
  if (name === 'html') return (await import('./html/index.ts')).renderHtml;
  const { renderPretty } = await import('./pretty/index.ts');
  return (report, options) => [renderPretty(report, options)];
}
