// `npm run schema`: the subgraph's SDL on standard output, as `_service { sdl }` gives it.
import { printSdl } from '../graphql/schema.ts';

process.stdout.write(`${printSdl().trimEnd()}\n`);
