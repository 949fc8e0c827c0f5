import account from '../features/account/texts/en-US.json' with { type: 'json' };
import analysis from '../features/analysis/texts/en-US.json' with { type: 'json' };
import conversation from '../features/conversation/texts/en-US.json' with { type: 'json' };
import desk from '../features/desk/texts/en-US.json' with { type: 'json' };
import file from '../features/file/texts/en-US.json' with { type: 'json' };
import funnel from '../features/funnel/texts/en-US.json' with { type: 'json' };
import notice from '../features/notice/texts/en-US.json' with { type: 'json' };
import opportunity from '../features/opportunity/texts/en-US.json' with { type: 'json' };
import org from '../features/org/texts/en-US.json' with { type: 'json' };
import pipeline from '../features/pipeline/texts/en-US.json' with { type: 'json' };
import search from '../features/search/texts/en-US.json' with { type: 'json' };
import task from '../features/task/texts/en-US.json' with { type: 'json' };
import timeline from '../features/timeline/texts/en-US.json' with { type: 'json' };
import { merged } from './merged.ts';

/** What is said to somebody signed in. */
export default merged(
  account,
  analysis,
  conversation,
  desk,
  file,
  funnel,
  notice,
  opportunity,
  org,
  pipeline,
  search,
  task,
  timeline,
);
