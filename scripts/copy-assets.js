// The compiler copies no styles and no scripts of pages: they go beside the compiled code that serves them.
import { cpSync } from 'node:fs';

const folder = 'src/operations/console/assets';
cpSync(folder, `dist/${folder}`, { recursive: true });
