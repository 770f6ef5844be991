const LOOPBACK = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/;

export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}
