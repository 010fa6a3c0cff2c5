export { createPaint, type Paint, type Screen } from './colour.ts';
export { createRedactor, type Redactor, redactReport } from './redact.ts';
export { type FormatName, formatNames, loadFormat, type RenderOptions } from './render.ts';
export { count, hang, pad, printable, printableLines, wrap } from './text.ts';
export { BROKE, exitCodeOf } from './verdict.ts';
