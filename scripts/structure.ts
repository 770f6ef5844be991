import { newCommand, runProgramAndLeave } from '../command-line/run-command.js';
import { measuresOf, SMALL_FILE_LINES, type Measures } from './structure/measures.js';
import { pathOfOneScan, type ScanPath } from './structure/one-scan.js';
import { readSourceTree } from './structure/source-tree.js';

export const command = newCommand(
  'npm run structure --',
  'Prints how the production code in src is cut into files.',
)
  .option('--json', 'one JSON document, for programs')
  .option('--no-scan', 'do not start the service to count the files and functions of one scan')
  .action(async ({ json = false, scan: withScan }) => {
    const measures = measuresOf(readSourceTree('src'));
    const scan = withScan ? await pathOfOneScan() : undefined;
    console.log(json ? JSON.stringify({ ...measures, scan }, null, 2) : textOf(measures, scan));
  });

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

await runProgramAndLeave(import.meta.url, command);
