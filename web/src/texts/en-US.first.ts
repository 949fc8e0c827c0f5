import app from '../app/texts/en-US.json' with { type: 'json' };
import identity from '../features/identity/texts/en-US.json' with { type: 'json' };
import ui from '../ui/texts/en-US.json' with { type: 'json' };
import { merged } from './merged.ts';

/** What a sign-in page says. */
export default merged(app, identity, ui);
