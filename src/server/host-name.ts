import type { Refusal } from './reply.ts';

const names = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Whether a `Host` header is a loopback name of this machine. */
export function isThisMachine(host: string | undefined): boolean {
  return host !== undefined && names.test(host);
}

/** 421: this server does not answer for the requested host (RFC 9110 section 15.5.20). */
export const misdirected: Refusal = {
  status: 421,
  code: 'BAD_REQUEST',
  message:
    'Address this gateway as localhost or 127.0.0.1. To reach it under another name, set AUTH (docs/security.md).',
};
