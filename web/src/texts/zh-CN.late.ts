import account from '../features/account/texts/zh-CN.json' with { type: 'json' };
import analysis from '../features/analysis/texts/zh-CN.json' with { type: 'json' };
import conversation from '../features/conversation/texts/zh-CN.json' with { type: 'json' };
import desk from '../features/desk/texts/zh-CN.json' with { type: 'json' };
import file from '../features/file/texts/zh-CN.json' with { type: 'json' };
import funnel from '../features/funnel/texts/zh-CN.json' with { type: 'json' };
import notice from '../features/notice/texts/zh-CN.json' with { type: 'json' };
import opportunity from '../features/opportunity/texts/zh-CN.json' with { type: 'json' };
import org from '../features/org/texts/zh-CN.json' with { type: 'json' };
import pipeline from '../features/pipeline/texts/zh-CN.json' with { type: 'json' };
import search from '../features/search/texts/zh-CN.json' with { type: 'json' };
import task from '../features/task/texts/zh-CN.json' with { type: 'json' };
import timeline from '../features/timeline/texts/zh-CN.json' with { type: 'json' };
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
