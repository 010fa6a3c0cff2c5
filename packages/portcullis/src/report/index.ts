export { briefError, briefFinding } from './brief.ts';
export { createPaint, type Screen } from './colour.ts';
export { createRedactor, type Hidden, type Redactor, redact } from './redact.ts';
export { type FormatName, formatNames, loadFormat } from './render.ts';
export { renderChanges } from './since.ts';
export { count, hang, pad, printable, printableLines, wrap } from './text.ts';
export { BROKE, exitCodeOf } from './verdict.ts';
