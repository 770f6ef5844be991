/** A key that cannot be used. The message names the file and what to do, never any part of its content. */
export class KeyFileFault extends Error {
  readonly code = 'KEY_FILE_FAULT';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyFileFault';
  }
}
