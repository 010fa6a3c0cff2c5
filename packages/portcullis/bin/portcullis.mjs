#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const bundle = new URL('../dist/main.mjs', import.meta.url);

if (major < 20 || (major === 20 && minor < 12)) {
  console.error(`Portcullis needs Node.js 20.12 or later; this is ${process.versions.node}.`);
  process.exitCode = 2;
} else if (!existsSync(bundle)) {
  console.error('Portcullis is not built. Run: npm run build');
  process.exitCode = 2;
} else {
  // From Node.js 22.8 on, later starts skip compiling.
  module.enableCompileCache?.();
  await import(bundle);
}
