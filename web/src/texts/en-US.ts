import change from './en-US.change.ts';
import competitor from './en-US.competitor.ts';
import first from './en-US.first.ts';
import guidance from './en-US.guidance.ts';
import imports from './en-US.import.ts';
import late from './en-US.late.ts';
import relation from './en-US.relation.ts';
import settings from './en-US.settings.ts';
import tie from './en-US.tie.ts';
import { merged } from './merged.ts';

export default merged(first, late, settings, guidance, imports, change, relation, tie, competitor);
