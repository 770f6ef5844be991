import { dirname } from 'node:path';
import { EVERYTHING, type SourceFile } from './source-tree.js';

/** A shorter file costs its reader more to find than to read. */
export const SMALL_FILE_LINES = 25;

/** The most lines of a merged file. */
const MERGED_FILE_LINES = 150;

/**
 * Kinds of files that stay by themselves, recognised by their endings: statements, which the specs of plans read as a
 * whole file, classes that Nest and TypeORM know, and the components of pages.
 */
const KINDS = /\.(?:sql|controller|guard|filter|entity|entities|dto|query|settings|module)\.ts$|\.tsx$/;
/** Modules and the files in src itself only compose other files. */
const COMPOSES = /\.module\.ts$|^src\/[^/]+$/;

export interface Measures {
  readonly files: number;
  readonly lines: number;
  readonly medianLines: number;
  readonly p90Lines: number;
  readonly longest: { readonly path: string; readonly lines: number };
  readonly small: { readonly files: number; readonly share: number };
  readonly singleImporters: number;
  readonly exports: number;
  readonly exportsUsedOnce: number;
  readonly filesInCycles: readonly string[];
  /** Files that one file beside them imports, without a spec or a kind of their own, where both together stay short. */
  readonly mergeable: readonly { readonly path: string; readonly into: string }[];
}

export function measuresOf(tree: readonly SourceFile[]): Measures {
  const byLength = tree.toSorted((a, b) => a.lines - b.lines);
  const at = (share: number): number => byLength[Math.floor((byLength.length - 1) * share)]?.lines ?? 0;
  const small = tree.filter(({ lines }) => lines < SMALL_FILE_LINES).length;
  const { path = '', lines = 0 } = byLength.at(-1) ?? {};
  const uses = exportUses(tree);
  const singles = singleImporters(tree);
  return {
    files: tree.length,
    lines: tree.reduce((sum, file) => sum + file.lines, 0),
    medianLines: at(0.5),
    p90Lines: at(0.9),
    longest: { path, lines },
    small: { files: small, share: tree.length === 0 ? 0 : small / tree.length },
    singleImporters: singles.length,
    exports: uses.length,
    exportsUsedOnce: uses.filter((count) => count === 1).length,
    filesInCycles: filesInCycles(tree),
    mergeable: singles
      .filter(({ file, into }) => file.lines + into.lines < MERGED_FILE_LINES)
      .filter(({ file, into }) => !file.hasSpec && !KINDS.test(file.path) && !COMPOSES.test(into.path))
      .map(({ file, into }) => ({ path: file.path, into: into.path })),
  };
}

/** Files with exactly one importer, in the same folder. */
function singleImporters(tree: readonly SourceFile[]): { file: SourceFile; into: SourceFile }[] {
  return tree.flatMap((file) => {
    const [into, ...others] = tree.filter(({ imports }) => imports.has(file.path));
    const isSingle = into !== undefined && others.length === 0 && dirname(into.path) === dirname(file.path);
    return isSingle ? [{ file, into }] : [];
  });
}

/** For each exported name, how many production files import it. */
function exportUses(tree: readonly SourceFile[]): number[] {
  return tree.flatMap(({ path, exports }) => {
    const taken = tree.flatMap(({ imports }) => imports.get(path) ?? []);
    return exports.map((name) => taken.filter((names) => names.has(name) || names.has(EVERYTHING)).length);
  });
}

/** Files from which a chain of imports, those of types included, leads back to themselves. */
function filesInCycles(tree: readonly SourceFile[]): string[] {
  const files = new Map(tree.map((file) => [file.path, file]));
  const reachesItself = (start: SourceFile): boolean => {
    const seen = new Set<string>();
    const open = [...start.imports.keys()];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (path === start.path) return true;
      if (!seen.has(path)) open.push(...(files.get(path)?.imports.keys() ?? []));
      seen.add(path);
    }
    return false;
  };
  return tree.filter(reachesItself).map(({ path }) => path);
}
