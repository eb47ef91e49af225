/** Variables that name the headers in which a router identifies the caller, and their defaults. */
export const forwardedHeaders = {
  AUTH_FORWARDED_SUBJECT_HEADER: 'x-caller-subject',
  AUTH_FORWARDED_SCOPES_HEADER: 'x-caller-scopes',
  AUTH_FORWARDED_ACCOUNTS_HEADER: 'x-caller-accounts',
} as const;
