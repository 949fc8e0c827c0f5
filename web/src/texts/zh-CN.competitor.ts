import competitor from '../features/competitor/texts/zh-CN.json' with { type: 'json' };

/** What is said of competitors alone. */
export default competitor;
