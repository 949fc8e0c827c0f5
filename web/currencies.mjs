// Writes the digits of currencies that have not two, as the API's document states them, for the screens.
import { readFileSync, writeFileSync } from 'node:fs';

const { info } = JSON.parse(readFileSync('../docs/openapi.json', 'utf8'));
const rows = Object.entries(info['x-currency-digits']).map(([code, digits]) => `  ${code}: ${digits},\n`);
if (rows.length === 0) throw new Error('docs/openapi.json states no digits of currencies');
writeFileSync(
  'src/api/currencies.gen.ts',
  `// Written by \`npm run generate\` from docs/openapi.json.\nexport const digitsOf: Record<string, number> = {\n${rows.join('')}};\n`,
);
