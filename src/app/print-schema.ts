// `npm run schema`: prints the subgraph's SDL to standard output, as `_service { sdl }` returns it.
import { printSdl } from '../graphql/schema.ts';

process.stdout.write(`${printSdl().trimEnd()}\n`);
