import type { SourceFile } from '../../project/index.ts';
import { bare, type Expression, type FunctionNode, nameOf, type Pattern, pathOf, type Statement } from './syntax.ts';

/** An expression where its names mean something, and keys to follow into its value. */
export interface Place {
  readonly node: Expression | FunctionNode;
  readonly scope: Scope;
  readonly keys: readonly string[];
}

export type Bound =
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'import'; readonly specifier: string; readonly name: string }
  /** The value is known only while it runs, as a parameter of a function that nobody calls here. */
  | { readonly kind: 'open' };

/** `config.custom = {...}` after the object was made. */
interface Assignment {
  readonly root: string;
  readonly keys: readonly string[];
  readonly node: Expression;
}

/** Each is looked at for every use of the name. */
const MOST_ASSIGNMENTS = 1000;

/** The file that an expression stands in. */
export interface Home {
  /** Absolute. */
  readonly path: string;
  readonly file: SourceFile;
}

/** The names of a module, or of the body of a function, and what they stand for. */
export class Scope {
  readonly module: Home;
  readonly parent: Scope | undefined;
  readonly assignments: Assignment[] = [];
  readonly #names = new Map<string, Bound>();

  constructor(module: Home, parent?: Scope) {
    this.module = module;
    this.parent = parent;
  }

  find(name: string): { readonly bound: Bound; readonly scope: Scope } | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const bound = scope.#names.get(name);
      if (bound) return { bound, scope };
    }
    return undefined;
  }

  bind(name: string, bound: Bound): void {
    this.#names.set(name, bound);
  }

  /** Names of a declaration's left side, which may take the value apart. */
  bindPattern(pattern: Pattern, place: Place | undefined): void {
    switch (pattern.type) {
      case 'Identifier':
        this.bind(pattern.name, place ? { kind: 'place', place } : { kind: 'open' });
        break;
      case 'AssignmentPattern':
        // The default counts where nothing is given.
        this.bindPattern(pattern.left as Pattern, place ?? { node: pattern.right, scope: this, keys: [] });
        break;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          const key = property.type === 'ObjectProperty' ? nameOf(property.key, property.computed) : undefined;
          if (property.type === 'ObjectProperty')
            this.bindPattern(
              property.value as Pattern,
              place && key !== undefined ? { ...place, keys: [...place.keys, key] } : undefined,
            );
          else this.bindPattern(property.argument as Pattern, place);
        }
        break;
      case 'ArrayPattern':
        for (const [index, element] of pattern.elements.entries())
          if (element)
            this.bindPattern(element as Pattern, place && { ...place, keys: [...place.keys, String(index)] });
        break;
      case 'RestElement':
        this.bindPattern(pattern.argument as Pattern, undefined);
        break;
      default:
    }
  }

  declare(statements: readonly Statement[]): void {
    for (const statement of statements) this.#declareOne(statement);
  }

  #declareOne(statement: Statement): void {
    switch (statement.type) {
      case 'VariableDeclaration':
        for (const { id, init } of statement.declarations)
          this.bindPattern(id as Pattern, init ? { node: init, scope: this, keys: [] } : undefined);
        break;
      case 'FunctionDeclaration':
        if (statement.id)
          this.bind(statement.id.name, { kind: 'place', place: { node: statement, scope: this, keys: [] } });
        break;
      case 'TSEnumDeclaration':
        for (const member of statement.members ?? []) {
          const name = nameOf(member.id);
          if (name !== undefined && member.initializer)
            this.assignments.push({ root: statement.id.name, keys: [name], node: member.initializer });
        }
        this.bind(statement.id.name, { kind: 'open' });
        break;
      case 'ImportDeclaration':
        for (const specifier of statement.specifiers) {
          const name =
            specifier.type === 'ImportSpecifier'
              ? (nameOf(specifier.imported) ?? '')
              : specifier.type === 'ImportDefaultSpecifier'
                ? 'default'
                : '*';
          this.bind(specifier.local.name, { kind: 'import', specifier: statement.source.value, name });
        }
        break;
      case 'ExportNamedDeclaration':
        if (statement.declaration) this.#declareOne(statement.declaration);
        break;
      case 'ExportDefaultDeclaration':
        if (statement.declaration.type === 'FunctionDeclaration') this.#declareOne(statement.declaration);
        break;
      case 'ExpressionStatement':
        this.#assign(statement.expression);
        break;
      default:
    }
  }

  #assign(expression: Expression): void {
    if (expression.type !== 'AssignmentExpression' || expression.operator !== '=') return;
    const target = pathOf(expression.left as Expression);
    if (target && this.assignments.length < MOST_ASSIGNMENTS)
      this.assignments.push({ ...target, node: expression.right });
    // `module.exports = exports = {...}`
    this.#assign(bare(expression.right));
  }
}
