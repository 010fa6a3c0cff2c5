import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { InputError, type Node, type SourceFile } from '../../project/index.ts';
import { parseProgram } from '../code/parser.ts';
import { parseDocument } from '../document/index.ts';
import { isInside } from '../inside.ts';
import type { ReadContext } from '../options.ts';
import { type Home, type Place, Scope } from './scope.ts';
import { type Expression, type ExpressionOf, nameOf, type Statement } from './syntax.ts';

/** Modules whose text is looked at to find places; a service with more keeps the places of the first. */
const MOST_MODULES = 500;

/** `export { a as b } from './c'`; `*` is everything. */
interface Forward {
  readonly specifier: string;
  readonly name: string;
}

/** One file of a program, parsed to find the places of its values. */
export class ProgramModule {
  readonly path: string;
  readonly file: SourceFile;
  readonly scope: Scope;
  readonly exports = new Map<string, Place | Forward>();
  /** `export * from './x'`. */
  readonly stars: string[] = [];

  constructor(path: string, file: SourceFile) {
    this.path = path;
    this.file = file;
    this.scope = new Scope(this);
    const statements = parseProgram(file.text, path)?.program.body ?? [];
    this.scope.declare(statements);
    const place = (node: Expression): Place => ({ node, scope: this.scope, keys: [] });
    for (const statement of statements) {
      switch (statement.type) {
        case 'ExportDefaultDeclaration':
          this.exports.set('default', place(statement.declaration as Expression));
          break;
        case 'TSExportAssignment':
          this.exports.set('default', place(statement.expression));
          break;
        case 'ExportAllDeclaration':
          this.stars.push(statement.source.value);
          break;
        case 'ExportNamedDeclaration':
          for (const id of namesOf(statement.declaration)) this.exports.set(id.name, place(id));
          for (const specifier of statement.specifiers) {
            if (specifier.type === 'ExportNamespaceSpecifier') {
              if (statement.source)
                this.exports.set(specifier.exported.name, { specifier: statement.source.value, name: '*' });
            } else if (specifier.type === 'ExportSpecifier') {
              const exported = nameOf(specifier.exported) ?? '';
              this.exports.set(
                exported,
                statement.source
                  ? { specifier: statement.source.value, name: specifier.local.name }
                  : place(specifier.local),
              );
            }
          }
          break;
        default:
      }
    }
  }
}

/** The names that `export const a = 1, b = 2` and `export function c() {}` declare. */
function namesOf(declaration: ExportedDeclaration): readonly ExpressionOf<'Identifier'>[] {
  if (declaration?.type === 'FunctionDeclaration') return declaration.id ? [declaration.id] : [];
  if (declaration?.type !== 'VariableDeclaration') return [];
  return declaration.declarations.flatMap(({ id }) =>
    id.type === 'Identifier'
      ? [id]
      : id.type === 'ObjectPattern'
        ? id.properties.flatMap((property) =>
            property.type === 'ObjectProperty' && property.value.type === 'Identifier' ? [property.value] : [],
          )
        : [],
  );
}

type ExportedDeclaration = Extract<Statement, { type: 'ExportNamedDeclaration' }>['declaration'];

/** The files of a program, each parsed once, when a value leads into it. */
export class Modules {
  /** Everything that was looked at. */
  readonly files: SourceFile[] = [];
  readonly #context: ReadContext;
  readonly #modules = new Map<string, ProgramModule | undefined>();
  readonly #documents = new Map<string, Node | undefined>();
  readonly #resolved = new Map<string, string>();

  constructor(context: ReadContext) {
    this.#context = context;
  }

  /** What `require` and `import` led to while it ran. */
  note(resolved: readonly (readonly [string, string, string])[]): void {
    for (const [from, specifier, path] of resolved)
      this.#resolved.set(`${this.#given(from)}\0${specifier}`, this.#given(path));
  }

  /** Node.js follows links; the files of a project are known by the way that leads to it. */
  #given(path: string): string {
    const { boundary, disk } = this.#context;
    const real = disk.real(boundary);
    return real !== boundary && isInside(real, path) ? join(boundary, relative(real, path)) : path;
  }

  at(path: string): ProgramModule | undefined {
    if (!/\.[cm]?[jt]sx?$/.test(path)) return undefined;
    if (this.#modules.has(path)) return this.#modules.get(path);
    const file = this.#modules.size < MOST_MODULES ? this.#open(path) : undefined;
    const module = file && new ProgramModule(path, file);
    this.#modules.set(path, module);
    return module;
  }

  /** A JSON file that a program requires. */
  document(path: string): Node | undefined {
    if (extname(path) !== '.json') return undefined;
    if (this.#documents.has(path)) return this.#documents.get(path);
    let document: Node | undefined;
    try {
      const file = this.#open(path);
      document = file && parseDocument(file);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
    this.#documents.set(path, document);
    return document;
  }

  /** The file that a specifier leads to; undefined for packages and what is not at hand. */
  path(from: Home, specifier: string): string | undefined {
    const known = this.#resolved.get(`${from.path}\0${specifier}`);
    if (known !== undefined) return known;
    if (!/^\.{1,2}(?:\/|$)/.test(specifier)) return undefined;
    const base = resolve(dirname(from.path), specifier);
    const { disk } = this.#context;
    const endings = ['', '.ts', '.js', '.mjs', '.cjs', '.mts', '.json', '/index.ts', '/index.js'];
    const found = endings.map((ending) => base + ending).find((path) => disk.kind(path) === 'file');
    return found ?? [base.replace(/js$/, 'ts')].find((path) => disk.kind(path) === 'file');
  }

  /** A file in which something went wrong. */
  source(path: string): SourceFile | undefined {
    return this.#open(this.#given(path));
  }

  /** Only files of the project: a person edits no package, and nothing outside of the boundary is shown. */
  #open(path: string): SourceFile | undefined {
    const { boundary, disk } = this.#context;
    if (path.includes(`${sep}node_modules${sep}`)) return undefined;
    if (!isInside(boundary, path) || disk.kind(path) !== 'file') return undefined;
    try {
      const file = this.#context.open(path);
      this.files.push(file);
      return file;
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }
}
