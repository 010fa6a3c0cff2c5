#!/usr/bin/env node
// What .pre-commit-hooks.yaml runs in the user's repository: the portcullis that is installed there, else the version of this checkout.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const installed = resolve('node_modules/portcullis/bin/portcullis.cjs');
const { version } = JSON.parse(
  readFileSync(new URL('../../packages/portcullis/package.json', import.meta.url), 'utf8'),
);
const [command, ...first] = existsSync(installed)
  ? [process.execPath, installed]
  : ['npx', '--yes', `portcullis@${version}`];
const { status, error } = spawnSync(command, [...first, 'check', ...process.argv.slice(2)], { stdio: 'inherit' });
if (error) process.stderr.write(`portcullis did not start: ${error.message}\nInstall Node 20.12 or later with npm.\n`);
process.exit(status ?? 3);
