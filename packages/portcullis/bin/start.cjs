'use strict';

const { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require('node:fs');
const nodeModule = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

/**
 * Runs the bundle with V8's code cache, which leaves out compiling (docs/decisions/0006-code-cache.md). Node.js 22.8 and later do
 * it by themselves; before that it is done here. Whatever goes wrong with the cache, the bundle runs without it.
 */
exports.start = function start(bundle) {
  const folder = cacheFolder();
  if (folder === undefined) require(bundle);
  else if (typeof nodeModule.enableCompileCache === 'function') {
    nodeModule.enableCompileCache(folder);
    require(bundle);
  } else runCached(bundle, join(folder, `${process.version}-${process.arch}.bin`));
};

/** A folder of the user's own, never a shared one: who can write there decides what runs. */
function cacheFolder() {
  const { NODE_DISABLE_COMPILE_CACHE, XDG_CACHE_HOME, LOCALAPPDATA, HOME } = process.env;
  if (NODE_DISABLE_COMPILE_CACHE) return undefined;
  const base = process.platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
  if (!base) return undefined;
  const folder = join(base, 'portcullis');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.platform === 'win32') return folder;
    const { uid, mode } = statSync(folder);
    if (uid !== process.getuid()) return undefined;
    if ((mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return folder;
  } catch {
    return undefined;
  }
}

function runCached(bundle, cacheFile) {
  const source = readFileSync(bundle, 'utf8');
  const stamp = `${source.length}:${statSync(bundle).mtimeMs}:`;
  const cachedData = readCache(cacheFile, stamp);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: bundle,
    cachedData,
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, nodeModule.createRequire(bundle), module, bundle, dirname(bundle));
  if (cachedData !== undefined && script.cachedDataRejected === false) return;
  // At the end of the run the functions that a run needs are compiled, and the cache holds them.
  process.on('exit', () => {
    try {
      const temporary = `${cacheFile}.${process.pid}`;
      writeFileSync(temporary, Buffer.concat([Buffer.from(stamp.padEnd(64)), script.createCachedData()]), {
        mode: 0o600,
      });
      renameSync(temporary, cacheFile);
    } catch {
      // A full disk or a read-only folder: the next run compiles again.
    }
  });
}

/** V8 checks version, flags and a checksum by itself, but of the source only the length: the stamp says which build it was. */
function readCache(cacheFile, stamp) {
  try {
    const bytes = readFileSync(cacheFile);
    return bytes.subarray(0, 64).toString() === stamp.padEnd(64) ? bytes.subarray(64) : undefined;
  } catch {
    return undefined;
  }
}
