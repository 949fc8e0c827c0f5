import audit from '../features/audit/texts/en-US.json' with { type: 'json' };
import org from '../features/org/settings/texts/en-US.json' with { type: 'json' };
import outgoing from '../features/outgoing/texts/en-US.json' with { type: 'json' };
import worktime from '../features/worktime/texts/en-US.json' with { type: 'json' };
import { merged } from './merged.ts';

/** What is said in the settings alone. */
export default merged(audit, org, outgoing, worktime);
