/** Listening on the address failed; the message names the variable to change. */
export class ListenError extends Error {
  constructor(message: string, cause: Error) {
    super(message, { cause });
    this.name = 'ListenError';
  }
}

/** The environment variable that sets a port. */
export type PortVariable = 'PORT' | 'METRICS_PORT';

/** Explains why listening on `host` and `port` failed. */
export function toListenError(
  error: NodeJS.ErrnoException,
  host: string,
  port: number,
  variable: PortVariable,
): ListenError {
  return new ListenError(problemText(error.code, host, port, variable), error);
}

function problemText(code: string | undefined, host: string, port: number, variable: PortVariable): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. Stop what listens there, or set ${variable} to another number (0 takes any free port).`;
    case 'EACCES':
      return `This user may not listen on port ${port}. Set ${variable} to a number above 1023.`;
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine. Set HOST to one that is, for example 127.0.0.1.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host name ${host} was not found. Set HOST to an address of this machine, for example 127.0.0.1.`;
    default:
      return `Cannot listen on ${host}, port ${port} (${code ?? 'unknown error'}). Check HOST and ${variable}.`;
  }
}
