/** Exit codes other than 0: the command failed, or it could not be understood. */
export const exitCodes = { failed: 1, usage: 2 } as const;
