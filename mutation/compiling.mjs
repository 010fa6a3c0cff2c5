import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** Names that nothing uses any more, and code that nothing reaches, are no reason for the compiler to refuse what would run. */
const harmless = new Set([6133, 6138, 6192, 6196, 6198, 7027, 7028]);

/**
 * The mutants that the compiler refuses: no test has to find what cannot be built.
 * @param mutants with `file` below `folder`
 */
export function compiling(root, folder, mutants) {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const names = fileNames.filter((name) => !name.endsWith('.test.ts'));
  const changed = new Map();
  const version = new Map();
  const host = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => names,
    getScriptVersion: (name) => String(version.get(name) ?? 0),
    getScriptSnapshot: (name) => {
      const text = changed.get(name) ?? ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (given) => ts.getDefaultLibFilePath(given),
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    realpath: ts.sys.realpath,
  };
  const service = ts.createLanguageService(host);
  const errors = (path) => {
    try {
      return service
        .getSemanticDiagnostics(path)
        .filter(({ code, category }) => category === ts.DiagnosticCategory.Error && !harmless.has(code));
    } catch {
      return [];
    }
  };
  const waiting = Map.groupBy ? Map.groupBy(mutants, ({ file }) => file) : groupBy(mutants);
  const set = (path, text) => {
    if (text === undefined) changed.delete(path);
    else changed.set(path, text);
    version.set(path, (version.get(path) ?? 0) + 1);
  };
  const refused = [];
  const before = new Map([...waiting.keys()].map((file) => [file, errors(`${folder}/${file}`).length]));
  // One mutant of each file at a time: a program is built for all of them together.
  while (waiting.size > 0) {
    const round = [];
    for (const [file, list] of waiting) {
      round.push(list.pop());
      if (list.length === 0) waiting.delete(file);
    }
    for (const mutant of round) set(`${folder}/${mutant.file}`, mutated(`${folder}/${mutant.file}`, mutant));
    for (const mutant of round)
      if (errors(`${folder}/${mutant.file}`).length > before.get(mutant.file)) refused.push(mutant);
    for (const mutant of round) set(`${folder}/${mutant.file}`, undefined);
  }
  return refused;
}

function groupBy(mutants) {
  const groups = new Map();
  for (const mutant of mutants) groups.set(mutant.file, [...(groups.get(mutant.file) ?? []), mutant]);
  return groups;
}

function mutated(path, { start, end, replacement }) {
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n');
  const offset = ({ line, column }) =>
    lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
  return text.slice(0, offset(start)) + replacement + text.slice(offset(end));
}
