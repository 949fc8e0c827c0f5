import audit from '../features/audit/texts/zh-CN.json' with { type: 'json' };
import org from '../features/org/settings/texts/zh-CN.json' with { type: 'json' };
import outgoing from '../features/outgoing/texts/zh-CN.json' with { type: 'json' };
import worktime from '../features/worktime/texts/zh-CN.json' with { type: 'json' };
import { merged } from './merged.ts';

/** What is said in the settings alone. */
export default merged(audit, org, outgoing, worktime);
