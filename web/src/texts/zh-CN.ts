import { merged } from './merged.ts';
import change from './zh-CN.change.ts';
import competitor from './zh-CN.competitor.ts';
import first from './zh-CN.first.ts';
import guidance from './zh-CN.guidance.ts';
import imports from './zh-CN.import.ts';
import late from './zh-CN.late.ts';
import relation from './zh-CN.relation.ts';
import settings from './zh-CN.settings.ts';
import tie from './zh-CN.tie.ts';

export default merged(first, late, settings, guidance, imports, change, relation, tie, competitor);
