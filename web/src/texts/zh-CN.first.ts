import app from '../app/texts/zh-CN.json' with { type: 'json' };
import identity from '../features/identity/texts/zh-CN.json' with { type: 'json' };
import ui from '../ui/texts/zh-CN.json' with { type: 'json' };
import { merged } from './merged.ts';

/** What a sign-in page says. */
export default merged(app, identity, ui);
