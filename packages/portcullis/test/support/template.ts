import { expect } from 'vitest';
import { type Api, type InputError, locate, type Node, type Project, type Span } from '../../src/project/index.ts';
import { describe as textForm } from '../../src/readers/cloudformation/build/facts.ts';
import { readCloudFormation } from '../../src/readers/cloudformation/index.ts';
import { memoryContext } from './memory-disk.ts';

/** Reads the first of the files as a template; the others may be nested in it. */
export function readTemplates(files: Readonly<Record<string, string>>): {
  project: Project;
  errors: readonly InputError[];
} {
  const [name = ''] = Object.keys(files);
  const context = memoryContext(files);
  const path = `/project/${name}`;
  const { project, errors } = readCloudFormation(context.open(path), path, context);
  if (!project) throw new Error('no project');
  return { project, errors };
}

/** The project of one template that must be free of errors. */
export function readTemplate(text: string): Project {
  const { project, errors } = readTemplates({ 'template.yml': text });
  expect(errors).toEqual([]);
  return project;
}

/** One line per route: method, path, what authorizes it, what it calls. */
export function routeLines(apis: readonly Api[]): readonly string[] {
  return apis.flatMap((api) =>
    api.routes.map((route) => {
      const { integration } = route;
      const target =
        integration.kind === 'function'
          ? plain(integration.function)
          : integration.kind === 'service'
            ? integration.service
            : integration.kind;
      return `${api.kind} ${api.id} ${route.method} ${route.path} ${plain(route.authorization)} -> ${target}`;
    }),
  );
}

/** A fact, node or value in a short readable form, without spans. */
export function plain(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  const part = value as Readonly<Record<string, unknown>>;
  switch (part['kind']) {
    case 'known':
      return plain(part['value']);
    case 'unknown':
      return `? ${String(part['reason'])}`;
    case 'either': {
      const options = (part['options'] ?? part['branches']) as readonly unknown[];
      return `${String(part['condition'])}(${options.map(plain).join(' | ')})`;
    }
    case 'local':
      return String(part['id']);
    case 'external':
      return `external ${String(part['name'] ?? part['arn'])}`;
    case 'scalar':
    case 'text':
    case 'reference':
      return textForm(value as Node);
    case 'list':
      return `[${(part['items'] as readonly unknown[]).map(plain).join(', ')}]`;
    case 'map': {
      const entries = part['entries'] as readonly { key: string; value: unknown }[];
      return `{${entries.map((entry) => `${entry.key}: ${plain(entry.value)}`).join(', ')}}`;
    }
    case 'authorizer':
      return `${String(part['type'])}:${plain(part['authorizer'])}`;
    default:
  }
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  const { kind, ...rest } = part;
  const fields = Object.entries(rest).filter(([key, field]) => key !== 'span' && field !== undefined);
  const inner = fields.map(([key, field]) => `${key}=${plain(field)}`).join(' ');
  return [kind, inner].filter((text) => text !== undefined && text !== '').join(' ');
}

/** `file:line:column` of a span. */
export function place(span: Span | undefined): string {
  if (!span) return 'nowhere';
  const { file, line, column } = locate(span);
  return `${file}:${line}:${column}`;
}
