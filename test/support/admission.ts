import { createAdmission } from '../../src/server/admission/index.ts';
import { createCallerKey } from '../../src/server/rate-limit/index.ts';

/** What a server of its own needs to let requests in, callers told apart by their name. */
export const openAdmission = () => ({
  admission: createAdmission({ operationsMax: 64 }),
  callerKey: createCallerKey(true),
});
