/** Whether some process has this id now. It need not be the one that once had it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is such a process, it belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
