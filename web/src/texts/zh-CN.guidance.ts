import guidance from '../features/guidance/texts/zh-CN.json' with { type: 'json' };

/** What is said of guidance alone. */
export default guidance;
