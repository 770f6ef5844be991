import { SingleBar } from 'cli-progress';

const CLEAR_LINE = '\r\u001b[K';

/** The progress and remaining time of long work: one line of standard error, at a terminal only. */
export class ProgressBar {
  private readonly bar: SingleBar;

  /**
   * @param unit what is counted, in the plural
   * @param stream where it is drawn
   */
  constructor(
    unit: string,
    total: number,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {
    this.bar = new SingleBar({
      format: `{bar} {percentage} %  {value} of {total} ${unit}, {eta_formatted} left`,
      stream,
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
      etaBuffer: 50,
    });
    this.bar.start(total, 0);
  }

  at(done: number): void {
    this.bar.update(done);
  }

  /** A line of the result, above the bar. */
  say(line: string): void {
    if (this.stream.isTTY && this.bar.isActive) this.stream.write(CLEAR_LINE);
    console.log(line);
  }

  stop(): void {
    this.bar.stop();
  }
}
