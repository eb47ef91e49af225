/** How a command ends, other than 0: what it was asked for did not work, or cannot be understood. */
export const exitCodes = { failed: 1, usage: 2 } as const;
