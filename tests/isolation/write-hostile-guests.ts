/** Writes web/lab/isolation/hostile-guests.gen.json from tests/guests/hostile: `npx tsx tests/isolation/write-hostile-guests.ts`. */
import { writeFile } from 'node:fs/promises';
import { generateHostileGuests } from '../guests/hostile/generate.ts';

await writeFile(new URL('../../web/lab/isolation/hostile-guests.gen.json', import.meta.url), await generateHostileGuests());
