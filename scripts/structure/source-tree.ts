import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import ts from 'typescript';

export interface SourceFile {
  readonly path: string;
  readonly lines: number;
  /** The names it imports and re-exports from other files of the tree, by the path of that file. */
  readonly imports: ReadonlyMap<string, ReadonlySet<string>>;
  readonly exports: readonly string[];
  /** Whether there is a spec with its name beside it. */
  readonly hasSpec: boolean;
}

/** Stands for every name of a file: `import * as`, and an import for its effect. */
export const EVERYTHING = '*';

const PRODUCTION = /\.tsx?$/;
const TEST = /\.spec\.tsx?$|\/spec-support\//;

/**
 * The production files below a folder. They are parsed and not type-checked, which keeps this within seconds:
 * `const tree = readSourceTree('src')`.
 */
export function readSourceTree(root: string): SourceFile[] {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, name).split(sep).join(posix.sep))
    .filter((path) => PRODUCTION.test(path) && !TEST.test(path))
    .sort();
  const known = new Set(paths);
  return paths.map((path) => parsed(path, readFileSync(path, 'utf8'), known));
}

function parsed(path: string, text: string, known: ReadonlySet<string>): SourceFile {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, false);
  const imports = new Map<string, Set<string>>();
  const exports: string[] = [];
  for (const statement of source.statements) {
    const taken = takenBy(statement);
    const target = taken && resolved(path, taken.from, known);
    if (taken && target !== undefined) {
      imports.set(target, new Set([...(imports.get(target) ?? []), ...taken.names]));
    }
    exports.push(...exportedBy(statement));
  }
  const hasSpec = existsSync(path.replace(/\.tsx?$/, '.spec.ts'));
  return { path, lines: text.split('\n').length - 1, imports, exports, hasSpec };
}

interface Taken {
  readonly from: string;
  readonly names: readonly string[];
}

function takenBy(statement: ts.Statement): Taken | undefined {
  if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
    return { from: statement.moduleSpecifier.text, names: importedNames(statement.importClause) };
  }
  if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) return undefined;
  if (!ts.isStringLiteral(statement.moduleSpecifier)) return undefined;
  const { exportClause } = statement;
  const names =
    exportClause !== undefined && ts.isNamedExports(exportClause)
      ? originalNames(exportClause)
      : [EVERYTHING];
  return { from: statement.moduleSpecifier.text, names };
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings;
  if (bindings === undefined) return [clause?.name === undefined ? EVERYTHING : 'default'];
  return ts.isNamedImports(bindings) ? originalNames(bindings) : [EVERYTHING];
}

function originalNames(list: ts.NamedImports | ts.NamedExports): string[] {
  return list.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}

function exportedBy(statement: ts.Statement): string[] {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause } = statement;
    return exportClause !== undefined && ts.isNamedExports(exportClause)
      ? exportClause.elements.map(({ name }) => name.text)
      : [];
  }
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    );
  }
  return declaredName(statement);
}

function declaredName(statement: ts.Statement): string[] {
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function resolved(from: string, specifier: string, known: ReadonlySet<string>): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const stem = posix.join(dirname(from), specifier).replace(/\.js$/, '');
  return [`${stem}.ts`, `${stem}.tsx`].find((path) => known.has(path));
}
