import { InputError, type Node, type SourceFile } from '../../project/index.ts';
import { parseJson } from './json.ts';
import { parseYaml } from './yaml.ts';

export { openText } from './text.ts';

/**
 * Parses YAML or JSON (by content, not by name) to a tree with spans. Short CloudFormation tags come out in their long form.
 * Throws InputError SYNTAX, TOO_DEEP, TOO_MANY_NODES or ALIAS_BOMB; what is wrong without making the rest worthless, as a
 * repeated key, is added to `problems` the first time. An empty document is a null scalar.
 */
export function parseDocument(file: SourceFile, problems: InputError[] = []): Node {
  const known = recent.get(file);
  if (known) return known;
  const node = parse(file, problems);
  if (recent.size === mostRecent) recent.delete(recent.keys().next().value as SourceFile);
  recent.set(file, node);
  return node;
}

/**
 * The files parsed last: the files of a project are asked for again when somebody decided something in them. Few, so that a finished
 * project is not kept.
 */
const recent = new Map<SourceFile, Node>();
const mostRecent = 4;

function parse(file: SourceFile, problems: InputError[]): Node {
  const first = /^\s*[[{]/.test(file.text.slice(0, 4096));
  if (!first) return parseYaml(file, problems);
  try {
    return parseJson(file, problems);
  } catch (error) {
    // A flow-style YAML file also begins with a brace; a file that calls itself JSON is held to it.
    if (!(error instanceof InputError) || error.code !== 'SYNTAX' || file.path.toLowerCase().endsWith('.json'))
      throw error;
    return parseYaml(file, problems);
  }
}
