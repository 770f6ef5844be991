// The compiler copies no styles, page scripts or description: they are copied beside the compiled code that serves
// them.
import { cpSync } from 'node:fs';

for (const path of ['src/operations/console/assets', 'docs/openapi.json'])
  cpSync(path, `dist/${path}`, { recursive: true });
