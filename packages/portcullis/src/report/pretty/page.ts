import type { GateState, PointLocation, Severity } from '../../contract/index.ts';
import { createPaint, type Paint } from '../colour.ts';
import type { RenderOptions } from '../options.ts';
import { columnsOf, hang, printable } from '../text.ts';

/** What every part of the pretty report draws with. */
export interface Page extends RenderOptions {
  readonly paint: Paint;
  /** Columns of running text: at most 100, so that sentences stay readable on a wide screen. */
  readonly width: number;
  readonly symbols: Readonly<Record<GateState | 'not-applicable', string>>;
  readonly line: string;
  readonly dot: string;
}

export function createPage(options: RenderOptions): Page {
  const { colour, unicode, width } = options.screen;
  return {
    ...options,
    paint: createPaint(colour),
    width: Math.max(40, Math.min(100, width)),
    symbols: unicode
      ? { open: '○', 'half-open': '◐', closed: '●', unknown: '?', 'not-applicable': '·' }
      : { open: 'x', 'half-open': '~', closed: '+', unknown: '?', 'not-applicable': '-' },
    line: unicode ? '─' : '-',
    dot: unicode ? '·' : '-',
  };
}

export const stateNames: Readonly<Record<GateState | 'not-applicable', string>> = {
  open: 'open',
  'half-open': 'half open',
  closed: 'closed',
  unknown: 'unknown',
  'not-applicable': 'not applicable',
};

export function inkOf(page: Page, state: GateState | 'not-applicable'): (text: string) => string {
  const { paint } = page;
  if (state === 'open') return (text) => paint.bold(paint.red(text));
  if (state === 'half-open') return paint.yellow;
  if (state === 'closed') return paint.green;
  return state === 'unknown' ? paint.magenta : paint.dim;
}

export function severityInk(page: Page, severity: Severity): (text: string) => string {
  const { paint } = page;
  return severity === 'error' ? paint.red : severity === 'warning' ? paint.yellow : paint.blue;
}

/** `file:line:column`, which editors and terminals make clickable. */
export function placeOf({ file, line, column }: PointLocation): string {
  return `${printable(file)}:${line}:${column}`;
}

/** A place and what is said of it on one line; below it where the place takes half of the width. */
export function besidePlace(page: Page, indent: string, point: PointLocation, text: string): string[] {
  const place = placeOf(point);
  const long = columnsOf(place) > page.width / 2;
  const lines = long
    ? [indent + place, ...hang(`${indent}    `, text, page.width)]
    : hang(`${indent}${place}  `, text, page.width);
  // A function, because `$` in a file name means something in a replacement text.
  return lines.map((line, index) => (index === 0 ? line.replace(place, () => page.paint.cyan(place)) : line));
}
