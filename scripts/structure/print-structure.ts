import { measuresOf, SMALL_FILE_LINES, type Measures } from './measures.js';
import { pathOfOneScan, type ScanPath } from './one-scan.js';
import { readSourceTree } from './source-tree.js';

export async function printStructure(isJson: boolean, withScan: boolean): Promise<void> {
  const measures = measuresOf(readSourceTree('src'));
  const scan = withScan ? await pathOfOneScan() : undefined;
  console.log(isJson ? JSON.stringify({ ...measures, scan }, null, 2) : textOf(measures, scan));
}

function textOf(measures: Measures, scan: ScanPath | undefined): string {
  const { small, longest, filesInCycles, mergeable } = measures;
  const rows: [string, string | number][] = [
    ['files in src', measures.files],
    ['lines', measures.lines],
    ['lines of a file, median', measures.medianLines],
    ['lines of a file, 90th percentile', measures.p90Lines],
    ['lines of the longest file', `${longest.lines}  ${longest.path}`],
    [`files under ${SMALL_FILE_LINES} lines`, `${small.files}  ${(small.share * 100).toFixed(1)} %`],
    ['files with a single importer, in their own folder', measures.singleImporters],
    ['exports', measures.exports],
    ['exports that one file uses', measures.exportsUsedOnce],
    ['files in cycles', filesInCycles.length],
    ...(scan === undefined
      ? []
      : ([
          ['files of one scan', scan.files],
          ['functions of one scan', scan.functions],
        ] satisfies [string, number][])),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = [
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...filesInCycles.map((path) => `  in a cycle: ${path}`),
    ...mergeable.map(({ path, into }) => `  could be part of ${into}: ${path}`),
  ];
  return lines.join('\n');
}
